import { expect, it } from 'vitest';
import { decideSettlement } from '../../functions/generation/settlement.ts';
import { EngineError } from '../../functions/worker/engines/engine-error.ts';
import { MediaError, type MediaErrorCode } from '../../functions/worker/media/media-error.ts';
import { isFinal } from '../../functions/worker/work.ts';
import { jobOf } from './sample-job.ts';

it.each([
  ['bad_image', true],
  ['bad_media', true],
  ['bad_mask', true],
  // It would take the whole of its time again, on a host that others wait for.
  ['timeout', true],
  ['crashed', false],
  ['out_of_memory', false],
  ['aborted', false],
] as const satisfies [MediaErrorCode, boolean][])('an attempt that ended in %s is the last: %s', (code, last) => {
  expect(isFinal(new MediaError(code, ''))).toBe(last);
});

it('an attempt is the last as its engine says, and one that failed by itself is not', () => {
  for (const retryable of [true, false])
    expect(isFinal(new EngineError('engine_failed', '', { retryable }))).toBe(!retryable);
  expect(isFinal(new Error('no connection'))).toBe(false);
});

it('a job that ran out of time has timed out, and all of its credits are given back', () => {
  const job = jobOf({ jobId: 1, state: 'generating', credits: 45 });
  expect(decideSettlement(job, { kind: 'failed', reason: 'timeout' })).toMatchObject({
    state: 'failed',
    failureCode: 'timed_out',
    failure: 'making it took longer than a worker may spend on one video; its credits were given back',
    entry: { kind: 'release' },
  });
});
