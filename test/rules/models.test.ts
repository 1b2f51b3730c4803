import { describe, expect, it } from 'vitest';
import {
  CAMERA_MOVEMENTS,
  type CapabilityQuery,
  checkCapability,
  MODELS,
  type Model,
} from '../../functions/catalogue/models.ts';
import { ASPECT_RATIOS, QUALITIES } from '../../functions/catalogue/video-request.ts';
import { allowedQueries, withExtras } from './allowed-queries.ts';

const FIVE = ['16:9', '4:3', '1:1', '3:4', '9:16'];
const EIGHT = [...FIVE, '2:3', '3:2', '21:9'];
const seconds = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
/** The matrix as the sources of its rows give it, written down a second time. */
const PUBLISHED = {
  'v3.5': { upTo720p: [5, 8], at1080p: [5], aspects: FIVE, switches: ['effect', 'fast', 'style'] },
  v4: { upTo720p: [5, 8], at1080p: [5], aspects: FIVE, switches: ['effect', 'fast', 'camera'] },
  'v4.5': { upTo720p: [5, 8], at1080p: [5], aspects: FIVE, switches: ['effect', 'fast', 'camera'] },
  v5: { upTo720p: [5, 8], at1080p: [5, 8], aspects: FIVE, switches: ['effect'] },
  'v5.5': { upTo720p: [5, 8, 10], at1080p: [5, 8], aspects: FIVE, switches: ['audio'] },
  'v5.6': { upTo720p: [5, 8, 10], at1080p: [5, 8], aspects: FIVE, switches: ['audio'] },
  v6: { upTo720p: seconds(15), at1080p: seconds(15), aspects: EIGHT, switches: ['audio'] },
  c1: { upTo720p: seconds(15), at1080p: seconds(5), aspects: EIGHT, switches: ['audio'] },
};

describe('the capability matrix', () => {
  it('is the published one', () => {
    const rows = MODELS.map(({ name, durations, aspectRatios, audio, soundEffect, fastMotion, camera, styles }) => {
      const switches = { effect: soundEffect, audio, fast: fastMotion, camera, style: styles.length > 0 };
      expect([durations['360p'], durations['540p']]).toEqual([durations['720p'], durations['720p']]);
      const offered = Object.entries(switches).flatMap(([key, on]) => (on ? [key] : []));
      return [
        name,
        { upTo720p: durations['720p'], at1080p: durations['1080p'], aspects: [...aspectRatios], switches: offered },
      ];
    });
    expect(Object.fromEntries(rows)).toEqual(PUBLISHED);
  });

  it('allows every combination that its rows allow', () => {
    for (const query of allowedQueries().flatMap(withExtras)) {
      expect(checkCapability(query)).toEqual({
        model: expect.objectContaining({ name: query.model }),
        quality: query.quality,
      });
    }
  });
});

/** Refused with this field and a rule that names all of `right`. */
function expectBreach(query: CapabilityQuery, field: string, right: readonly (string | number)[]): void {
  const found = checkCapability(query);
  expect(found, JSON.stringify(query)).toEqual({ field, rule: expect.any(String) });
  for (const word of right) expect('rule' in found && found.rule).toMatch(new RegExp(`(^|[^\\w.])${word}([^\\w.]|$)`));
}

const modelsWith = (has: (model: Model) => boolean) => MODELS.filter(has).map(({ name }) => name);

describe.each(MODELS)('one step outside what $name offers, at each quality, duration and aspect ratio,', model => {
  const asks = allowedQueries().filter(query => query.model === model.name);
  const refused = (change: Partial<CapabilityQuery>, field: string, right: readonly (string | number)[]) => {
    for (const query of asks) expectBreach({ ...query, ...change }, field, right);
  };

  it('another model is refused with all that there are', () => {
    for (const name of ['v7', 'V5', '', 'constructor']) refused({ model: name }, 'model', modelsWith(Boolean));
  });

  it('another quality is refused with all that there are', () => {
    for (const quality of ['480p', '4k', '', '540P']) refused({ quality }, 'quality', QUALITIES);
  });

  it('a duration that is not listed is refused with those that are, for this model and quality', () => {
    for (const query of asks) {
      const listed = model.durations[query.quality];
      const right = listed.length > 5 ? [`1 to ${listed.length}`] : listed;
      const others = [query.duration + 1, query.duration - 1, 0, -5, 16, 5.5, 1000].filter(
        other => !listed.includes(other),
      );
      expect(others.length).toBeGreaterThanOrEqual(5);
      for (const duration of others)
        expectBreach({ ...query, duration }, 'duration', [...right, model.name, query.quality]);
    }
  });

  it('an aspect ratio that is not listed is refused with those that are, for this model', () => {
    const listed: readonly string[] = model.aspectRatios;
    const others = [...ASPECT_RATIOS, '16:10', '', '9.16'].filter(other => !listed.includes(other));
    for (const aspectRatio of others) refused({ aspectRatio }, 'aspect_ratio', [...listed, model.name]);
  });

  it('a switch that is not offered is refused with the models that offer it', () => {
    if (!model.audio)
      refused(
        { audio: true },
        'generate_audio_switch',
        modelsWith(row => row.audio),
      );
    else
      refused(
        { soundEffect: true },
        'sound_effect_switch',
        modelsWith(row => row.soundEffect),
      );
    expect(model.audio && model.soundEffect).toBe(false);
  });

  it('fast motion is refused but where the model has it, for 5 seconds below 1080p', () => {
    for (const query of asks) {
      const fast = { ...query, motion: 'fast' };
      if (!model.fastMotion)
        expectBreach(
          fast,
          'motion_mode',
          modelsWith(row => row.fastMotion),
        );
      else if (query.duration !== 5 || query.quality === '1080p') expectBreach(fast, 'motion_mode', [5, '1080p']);
      else expect(checkCapability(fast)).not.toHaveProperty('rule');
    }
  });

  it('another motion is refused with both that there are', () => {
    for (const motion of ['Fast', 'slow', '']) refused({ motion }, 'motion_mode', ['normal', 'fast']);
  });

  it('a camera movement or style that nobody has is refused with those that there are, and one of others with whose it is', () => {
    refused({ camera: 'spin' }, 'camera_movement', CAMERA_MOVEMENTS);
    refused({ style: 'realistic' }, 'style', ['anime', '3d_animation', 'clay', 'comic', 'cyberpunk']);
    if (!model.camera)
      refused(
        { camera: 'zoom_in' },
        'camera_movement',
        modelsWith(row => row.camera),
      );
    if (model.styles.length === 0) refused({ style: 'anime' }, 'style', ['anime', 'v3.5']);
  });
});
