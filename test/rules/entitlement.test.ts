import { describe, expect, it } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import { VIDEO_FUNCTIONS } from '../../functions/catalogue/video-request.ts';
import { refuseBeyondPlan, refuseBeyondScope } from '../../functions/generation/request-checks.ts';

const ASKED = { function: 'text_to_video', model: 'v6', quality: '540p' } as const;
const NARROW = { ...PLANS.trial, models: ['v6'] };

describe('a plan', () => {
  it('covers what it lists, and everything where it lists nothing', () => {
    expect(refuseBeyondPlan(NARROW, ASKED)).toBeUndefined();
    for (const made of VIDEO_FUNCTIONS)
      expect(refuseBeyondPlan(PLANS.scale, { ...ASKED, function: made, quality: '1080p' })).toBeUndefined();
  });

  it.each([
    ['function', { ...ASKED, function: 'mimic' }, 'mimic'],
    ['model', { ...ASKED, model: 'v5' }, 'v5'],
    ['quality', { ...ASKED, quality: '1080p' }, '1080p'],
  ] as const)('refuses another %s by its name and says where plans are', (field, asked, word) => {
    const refused = refuseBeyondPlan(NARROW, asked);
    expect(refused).toMatchObject({ kind: 'no_permission', field });
    expect(refused?.message).toContain(word);
    expect(refused?.message).toContain('GET /v1/plans');
  });

  it('has no word on models where the function has none', () => {
    expect(refuseBeyondPlan(NARROW, { ...ASKED, function: 'sound_effect', model: '' })).toBeUndefined();
  });
});

describe("a key's scope", () => {
  it('covers everything where it is empty, and what it lists where it is not', () => {
    expect(refuseBeyondScope({}, ASKED)).toBeUndefined();
    expect(refuseBeyondScope({ functions: ['text_to_video'], models: ['v6'] }, ASKED)).toBeUndefined();
    expect(refuseBeyondScope({ functions: ['extend'] }, ASKED)).toMatchObject({ field: 'function' });
    expect(refuseBeyondScope({ models: ['v5'] }, ASKED)).toMatchObject({ field: 'model' });
  });
});
