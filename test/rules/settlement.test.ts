import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpen, JOB_STATES, OPEN_STATES, priorsOf } from '../../functions/catalogue/job-states.ts';
import { balanceOf, hold, settle } from '../../functions/credits/ledger.ts';
import { type Deliverable, type Job, madeOf, type Outcome } from '../../functions/generation/job.ts';
import { assertReachable, decideSettlement } from '../../functions/generation/settlement.ts';
import { jobOf } from './sample-job.ts';

const DELIVERABLE: Deliverable = {
  videoKey: 'accounts/acct_1/videos/1/1/video.mp4',
  thumbnailKey: 'accounts/acct_1/videos/1/1/thumbnail.jpg',
  bytes: 1,
  sha256: 'ab',
  width: 960,
  height: 540,
  durationSeconds: 5,
  hasAudio: false,
  engine: 'preview',
};
const SUCCEEDED: Outcome = { kind: 'succeeded', deliverable: DELIVERABLE };
const CANCELLED: Outcome = { kind: 'cancelled' };
const FAILED: Outcome = { kind: 'failed', reason: 'States.Timeout' };
const job = (state: Job['state'], credits = 45) => jobOf({ jobId: 1, state, credits, attempt: 1, progress: 50 });
const credits = fc.integer({ min: 0, max: 10_000 });

describe.each(OPEN_STATES)('a job that is %s', state => {
  it('and succeeded is captured whole, with its deliverable', () => {
    const settlement = decideSettlement(job(state), SUCCEEDED);
    expect(settlement).toMatchObject({ state: 'succeeded', event: 'video.succeeded', deliverable: DELIVERABLE });
    expect(settlement?.entry).toMatchObject({ kind: 'capture', jobId: 1 });
    expect(settlement).not.toHaveProperty('failure');
  });

  it('and failed is released whole, with an explanation and without a deliverable', () => {
    const settlement = decideSettlement(job(state), FAILED);
    expect(settlement).toMatchObject({
      state: 'failed',
      event: 'video.failed',
      failure: expect.stringMatching(/given back$/),
    });
    expect(settlement?.entry).toMatchObject({ kind: 'release', jobId: 1 });
    expect(settlement).not.toHaveProperty('deliverable');
  });

  it('and was cancelled is released whole, without an explanation or a deliverable', () => {
    const settlement = decideSettlement(job(state), CANCELLED);
    expect(settlement).toEqual({
      state: 'cancelled',
      event: 'video.cancelled',
      entry: settle(1, 45, 'release', madeOf(job(state))),
    });
  });

  it('can be failed and cancelled from there: no job is left that cannot end', () => {
    expect(priorsOf('failed')).toContain(state);
    expect(priorsOf('cancelled')).toContain(state);
  });
});

describe('settling', () => {
  it.each(JOB_STATES.filter(state => !isOpen(state)))('leaves a job alone that is %s', state => {
    expect(decideSettlement(job(state), SUCCEEDED)).toBeUndefined();
    expect(decideSettlement(job(state), FAILED)).toBeUndefined();
    expect(decideSettlement(job(state), CANCELLED)).toBeUndefined();
  });

  it('leaves nothing held, and gives back all of a failed or cancelled job and nothing of one that succeeded', () => {
    fc.assert(
      fc.property(credits, fc.constantFrom(SUCCEEDED, FAILED, CANCELLED), (cost, outcome) => {
        const entry = decideSettlement(job('generating', cost), outcome)?.entry;
        const balance = balanceOf(entry ? [hold(1, cost), entry] : []);
        expect(balance).toEqual({ held: 0, available: outcome.kind === 'succeeded' ? 0 - cost : 0 });
      }),
    );
  });

  it('has one ledger entry for every outcome, so that only the first counts', () => {
    const ids = [SUCCEEDED, FAILED, CANCELLED].map(outcome => decideSettlement(job('generating'), outcome)?.entry.id);
    expect(ids[0]).toBeDefined();
    expect(new Set(ids).size).toBe(1);
  });
});

describe('a job that a worker has made', () => {
  const made = jobOf({ jobId: 1, state: 'generating', credits: 45, attempt: 1, progress: 99, made: DELIVERABLE });

  it.each([
    'orchestration_ended',
    'States.Timeout',
    'States.HeartbeatTimeout',
    'attempts_exhausted',
    'deadline_passed',
    'Lambda.Unknown',
  ])('has succeeded, and is captured, where what came after it failed: %s', reason => {
    const settlement = decideSettlement(made, { kind: 'failed', reason });
    expect(settlement).toEqual(decideSettlement(job('generating'), SUCCEEDED));
    expect(settlement).toMatchObject({ state: 'succeeded', deliverable: DELIVERABLE });
  });

  it('is cancelled where its caller cancels it, with its credits given back', () => {
    expect(decideSettlement(made, CANCELLED)).toMatchObject({ state: 'cancelled', entry: { kind: 'release' } });
  });

  it('is delivered as its execution says where that knows of it', () => {
    const deliverable = { ...DELIVERABLE, videoKey: 'accounts/acct_1/videos/1/2/video.mp4' };
    expect(decideSettlement(made, { kind: 'succeeded', deliverable })).toMatchObject({ deliverable });
  });
});

describe('an end that does not follow from the state of the job', () => {
  it('is an error at once, and never tried again: success before a worker began it', () => {
    const settlement = decideSettlement(job('queued'), SUCCEEDED) ?? expect.fail();
    expect(() => assertReachable(job('queued'), settlement)).toThrow(/is queued and cannot have succeeded/);
    expect(() => assertReachable(job('generating'), settlement)).not.toThrow();
  });
});

describe('the explanation of a failure', () => {
  const KNOWN = [
    'States.HeartbeatTimeout',
    'States.Timeout',
    'bad_image',
    'timeout',
    'attempts_exhausted',
    'orchestration_ended',
  ];
  const told = (reason: string) => decideSettlement(job('generating'), { kind: 'failed', reason })?.failure;
  const WORDS = [...KNOWN, 'some other reason'].map(told);

  it.each(KNOWN)('says more than that it failed where the reason is known: %s', reason => {
    expect(told(reason)).not.toBe(told('some other reason'));
  });

  it('is one of these: no reason, however odd, shows the insides', () => {
    const inherited = fc.constantFrom(
      'constructor',
      'toString',
      '__proto__',
      'hasOwnProperty',
      'Lambda.Unknown',
      'ECONNREFUSED 10.0.0.1:443',
    );
    fc.assert(
      fc.property(fc.oneof(inherited, fc.constantFrom(...KNOWN), fc.string()), reason => {
        expect(WORDS).toContain(told(reason));
        if (reason.length > 12) expect(told(reason)).not.toContain(reason);
      }),
    );
  });
});
