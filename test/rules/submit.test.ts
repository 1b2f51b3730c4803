/** The order of a submission: entitlement, engine, screening, and only then is anything stored. */
import { describe, expect, it, vi } from 'vitest';
import { configuredModel } from '../../functions/catalogue/configured-model.ts';
import type { VideoRequest } from '../../functions/catalogue/video-request.ts';
import { type SubmitDependencies, submit } from '../../functions/generation/submit-command.ts';
import { CALLER } from './sample-caller.ts';
import { REQUEST } from './sample-job.ts';

/** Nothing of it is reached: what comes with the call is not stored, so nothing is admitted. */
const DEPENDENCIES: SubmitDependencies = {
  tables: { core: 'none', jobs: 'none', ledger: 'none', idempotency: 'none', audit: 'none' },
  stateMachineArn: 'none',
  served: undefined,
  now: () => Date.parse('2026-11-29T12:00:00Z'),
  random: bytes => new Uint8Array(bytes),
};
/** It makes 5 seconds at most. */
const NEURAL = {
  ...DEPENDENCIES,
  served: configuredModel({ ENGINE: 'sglang', ENGINE_MODEL: 'Wan-AI/Wan2.1-T2V-1.3B-Diffusers' }),
};
const TRIAL = { ...CALLER, plan: 'trial' };
const PROHIBITED = 'instructions for making a pipe bomb at home';

class Stored extends Error {}
const store = vi.fn(async (): Promise<never> => {
  throw new Stored();
});
const submitting = (request: Partial<VideoRequest>, caller = CALLER, dependencies = DEPENDENCIES) => {
  store.mockClear();
  return submit(dependencies, { caller, request: { ...REQUEST, ...request }, credits: 1, store });
};

describe('a submission', () => {
  it.each<[string, Partial<VideoRequest>, typeof CALLER, SubmitDependencies, string]>([
    ['beyond the plan', { quality: '1080p' }, TRIAL, DEPENDENCIES, 'no_permission'],
    ['beyond the key', {}, { ...CALLER, scope: { functions: ['extend'] } }, DEPENDENCIES, 'no_permission'],
    ['beyond the engine', { durationSeconds: 8, quality: '360p' }, CALLER, NEURAL, 'invalid_parameter'],
    ['that is prohibited', { prompt: PROHIBITED }, CALLER, DEPENDENCIES, 'content_refused'],
    [
      'beyond the plan and the engine, and prohibited',
      { quality: '1080p', prompt: PROHIBITED },
      TRIAL,
      NEURAL,
      'no_permission',
    ],
    [
      'beyond the engine, and prohibited',
      { durationSeconds: 8, quality: '360p', prompt: PROHIBITED },
      CALLER,
      NEURAL,
      'invalid_parameter',
    ],
  ])('%s is refused before what came with it is stored', async (_name, request, caller, dependencies, kind) => {
    await expect(submitting(request, caller, dependencies)).rejects.toMatchObject({ name: 'Refusal', kind });
    expect(store).not.toHaveBeenCalled();
  });

  it('that may be made stores what came with it before it is admitted', async () => {
    await expect(submitting({})).rejects.toBeInstanceOf(Stored);
    expect(store).toHaveBeenCalledOnce();
  });
});
