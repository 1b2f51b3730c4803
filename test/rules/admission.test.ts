import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standingAt } from '../../functions/accounts/standing.ts';
import { PLANS } from '../../functions/catalogue/plans.ts';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import { GOOD_STANDING, type Standing } from '../../functions/catalogue/standing.ts';
import {
  type AdmissionRecord,
  evaluateRefused,
  nameOf,
  type Reference,
  type Refused,
  referencesOf,
  type Submission,
} from '../../functions/generation/admission.ts';
import { REQUEST } from './sample-job.ts';

const SUBMISSION: Submission = {
  accountId: 'acct_1',
  keyId: 'key_1',
  credential: { kind: 'key', keyHash: 'hash', revision: 1 },
  plan: PLANS.essential,
  standing: GOOD_STANDING,
  request: { ...REQUEST, function: 'image_to_video', images: [{ id: 42 }] },
  credits: 45,
  jobId: 1001,
  idempotencyKey: { token: 'token', requestHash: 'what it said' },
  now: Date.parse('2026-11-23T12:00:00Z'),
};
const RECORD: AdmissionRecord = { jobId: 900, credits: 30, requestHash: 'what it said' };
const RICH = { status: 'active', plan: 'essential', available: 1000, running: 0 } as const;
const BROKE = { ...RICH, available: 44 };

/** Each condition refused alone, in their order. */
const ALONE = {
  record: { record: { ...RECORD, requestHash: 'another' } },
  credential: { credential: { state: 'revoked' } },
  spend: { spend: { spendable: 44 } },
  account: { account: BROKE },
  day: { day: true },
  image: { reference: { kind: 'image', id: 42 } },
} as const satisfies Record<string, Refused>;
const KINDS = {
  record: 'idempotency_mismatch',
  credential: 'key_refused',
  spend: 'insufficient_credits',
  account: 'insufficient_credits',
  day: 'daily_limit_reached',
  image: 'image_not_found',
} as const;
const ORDER = Object.keys(ALONE) as (keyof typeof ALONE)[];

const evaluated = (refused: Refused, submission = SUBMISSION) => evaluateRefused(submission, refused);

describe('a refused condition', () => {
  it.each(ORDER)('%s alone has its own refusal', name => {
    expect(evaluated(ALONE[name])).toBeInstanceOf(Refusal);
    expect(evaluated(ALONE[name])).toMatchObject({ kind: KINDS[name] });
  });

  it('goes before all that come after it: record, key, the limit of its rotation lineage, account, day, image, and the taken id last', () => {
    fc.assert(
      fc.property(fc.subarray(ORDER, { minLength: 1 }), fc.boolean(), (names, jobId) => {
        const refused: Refused = Object.assign({ jobId }, ...names.map(name => ALONE[name]));
        const [first] = ORDER.filter(name => names.includes(name));
        expect(evaluated(refused)).toMatchObject({ kind: first && KINDS[first] });
      }),
    );
  });

  it('that others look for the same masks answers their job, for nothing, whatever else was refused but the record', () => {
    const selection = { jobId: 77 };
    expect(evaluated({ selection })).toEqual({ jobId: 77, credits: 0 });
    const { record: _, ...others } = Object.assign({}, ...ORDER.map(name => ALONE[name])) as Refused;
    expect(evaluated({ ...others, selection })).toEqual({ jobId: 77, credits: 0 });
    expect(evaluated({ ...ALONE.record, selection })).toBeInstanceOf(Refusal);
  });

  it('that is only a taken id draws another', () => {
    expect(evaluated({ jobId: true })).toBe('draw_another_id');
  });
});

describe('the account', () => {
  it.each([
    ['that does not exist', null, 'account_not_active', 'does not exist'],
    ['that is frozen', { ...RICH, status: 'frozen' }, 'account_not_active', 'frozen'],
    ['that is closed', { ...RICH, status: 'closed' }, 'account_not_active', 'closed'],
    ['whose keys are frozen', { ...RICH, keysFrozenAt: '2026-11-24T12:00:00Z' }, 'key_refused', 'misuse was reported'],
    ['that is frozen and broke', { ...BROKE, status: 'frozen' }, 'account_not_active', 'frozen'],
    ['whose credits do not cover the hold', BROKE, 'insufficient_credits', 'costs 45 credits and the account has 44'],
    ['that is broke and at its cap', { ...BROKE, running: 5 }, 'insufficient_credits', '45'],
    ['that is at its cap', { ...RICH, running: 5 }, 'concurrency_reached', 'plan essential allows at once (5)'],
    ['whose credits cover the hold exactly', { ...RICH, available: 45, running: 5 }, 'concurrency_reached', '5 videos'],
  ] as const)('%s is refused by name', (_name, account, kind, words) => {
    expect(evaluated({ account })).toMatchObject({ kind, message: expect.stringContaining(words) });
  });
});

describe('the key', () => {
  it.each([
    ['that was revoked', { state: 'revoked' }, 'key_refused', 'revoked'],
    ['that is gone', null, 'key_refused', 'revoked'],
    ['that is frozen', { state: 'frozen' }, 'key_refused', 'frozen'],
    ['that has expired', { state: 'active', expiresAtMs: SUBMISSION.now }, 'key_refused', 'expired'],
    ['whose spend limit is used up', { state: 'active', spendable: 44 }, 'insufficient_credits', 'leaves 44'],
    ['that was changed meanwhile', { state: 'active', revision: 2, spendable: 45 }, 'busy', 'send the call again'],
  ] as const)('%s is refused by name', (_name, credential, kind, words) => {
    expect(evaluated({ credential })).toMatchObject({ kind, message: expect.stringContaining(words) });
  });

  it('may be a person, who may have been removed', () => {
    const submission = { ...SUBMISSION, credential: { kind: 'person' } } as const;
    expect(evaluated({ credential: { state: 'active' } }, submission)).toMatchObject({ kind: 'key_refused' });
  });
});

describe('a plan that changed while the call was on its way', () => {
  it('is taken up: its rules count, whatever the old ones said', () => {
    const standing = GOOD_STANDING;
    expect(evaluated({ account: { ...BROKE, plan: 'scale' } })).toEqual({ plan: 'scale', standing });
    expect(evaluated({ account: { ...RICH, running: 5, plan: 'trial' } })).toEqual({ plan: 'trial', standing });
  });

  it('is of no account that is not active', () => {
    const account = { ...RICH, plan: 'scale', status: 'frozen' } as const;
    expect(evaluated({ account })).toMatchObject({ kind: 'account_not_active' });
  });
});

describe('a standing that was decided anew while the call was on its way', () => {
  const standing = { byPoints: { warned: SUBMISSION.now + 1, restricted: SUBMISSION.now + 1 }, measures: [] };

  it('6.1: is taken up: what it leaves counts, whatever the old one left', () => {
    const account = { ...RICH, standing, standingRevision: 3 };
    expect(evaluated({ account })).toMatchObject({
      plan: 'essential',
      standing: { step: 'restricted', untilMs: SUBMISSION.now + 1, revision: 3 },
    });
    const asked = { ...SUBMISSION, standing: { ...GOOD_STANDING, revision: 3 } };
    expect(evaluated({ account: { ...account, running: 5 } }, asked)).toMatchObject({ kind: 'concurrency_reached' });
  });

  it('is named with its end where it lowers a number of the plan', () => {
    const [restriction] = standingAt({ standing, standingRevision: 3 }, SUBMISSION.now).restrictions;
    const restricted = { ...GOOD_STANDING, step: 'restricted', revision: 3, restrictions: [restriction] } as Standing;
    const account = { ...RICH, standing, standingRevision: 3, running: 1 };
    const asked = { ...SUBMISSION, standing: restricted };
    expect(evaluated({ account }, asked)).toMatchObject({
      kind: 'concurrency_reached',
      message: expect.stringMatching(/at once \(1\).*a restriction lowers it until 2026-11-23T12:00:00.001Z/),
    });
    expect(evaluated({ day: true }, asked)).toMatchObject({
      kind: 'daily_limit_reached',
      message: expect.stringMatching(/250 videos a day.*a restriction lowers it until 2026-11-23T12:00:00.001Z/),
    });
  });
});

describe('the message', () => {
  it('says the plan and its number where the day is used up', () => {
    expect(evaluated({ day: true })).toMatchObject({
      message: expect.stringMatching(/1000 videos a day of plan essential.*00:00 UTC/),
    });
  });

  it('names the image that is not there', () => {
    expect(evaluated({ reference: { kind: 'image', id: 42 } })).toMatchObject({
      message: expect.stringMatching(/^img_id 42 /),
    });
  });
});

describe('a repeated call', () => {
  it('has the first result, whatever became of the account, the key and the day since', () => {
    fc.assert(
      fc.property(fc.subarray(ORDER.filter(name => name !== 'record')), names => {
        const refused: Refused = Object.assign({ record: RECORD, jobId: true }, ...names.map(name => ALONE[name]));
        expect(evaluated(refused)).toEqual({ jobId: 900, credits: 30 });
      }),
    );
  });

  it('that says something else is refused, and does not get the other job', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (then, now) => {
        const submission = { ...SUBMISSION, idempotencyKey: { token: 'token', requestHash: now } };
        const answer = evaluated({ record: { ...RECORD, requestHash: then } }, submission);
        expect(answer instanceof Refusal).toBe(then !== now);
      }),
    );
  });
});

describe('what a job works on', () => {
  const id = fc.integer({ min: 1, max: 9 });
  const parts = fc.record({
    images: fc.option(fc.array(fc.record({ id })), { nil: undefined }),
    source: fc.option(fc.record({ kind: fc.constantFrom('video' as const, 'media' as const), id }), { nil: undefined }),
    voice: fc.option(
      fc.oneof(
        fc.record({ kind: fc.constant('media' as const), id }),
        fc.constant({ kind: 'speaker' as const, speakerId: '1', text: 'hello' }),
      ),
      { nil: undefined },
    ),
  });

  it('is looked at all, each once', () => {
    fc.assert(
      fc.property(parts, ({ images, source, voice }) => {
        const request = {
          ...SUBMISSION.request,
          images: images ?? [],
          ...(source && { source }),
          ...(voice && { voice }),
        };
        const names = referencesOf(request).map(nameOf);
        const wanted = [
          ...(images ?? []).map(image => `reference:image:${image.id}`),
          ...(source?.kind === 'video' ? [`reference:made:${source.id}`] : []),
          // One upload as both source and speech is one item, and a transaction names an item once.
          ...(source?.kind === 'media' && !(voice?.kind === 'media' && voice.id === source.id)
            ? [`reference:video:${source.id}`]
            : []),
          ...(voice?.kind === 'media' ? [`reference:audio:${voice.id}`] : []),
        ];
        expect(new Set(names)).toEqual(new Set(wanted));
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });

  it.each<[Reference['kind'], string, RegExp]>([
    ['image', 'image_not_found', /^img_id 42 is not an image of this account/],
    ['made', 'invalid_parameter', /^source_video_id 42 not found/],
    ['video', 'invalid_parameter', /^video_media_id 42 not found: it must be uploaded video /],
    ['audio', 'invalid_parameter', /^audio_media_id 42 not found: it must be uploaded audio /],
  ])('and is not there is refused under the member that named it: %s', (kind, refusal, words) => {
    const message = expect.stringMatching(words);
    expect(evaluated({ reference: { kind, id: 42 }, jobId: true })).toMatchObject({ kind: refusal, message });
  });
});
