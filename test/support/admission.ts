/** Admission in the process of a test, as a function calls it: for what happens between two steps of a function. */
import { vi } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import { GOOD_STANDING } from '../../functions/catalogue/standing.ts';
import type { VideoRequest } from '../../functions/catalogue/video-request.ts';
import type { Credential } from '../../functions/http/caller.ts';
import { numericId } from '../../functions/runtime/ids.ts';
import { random } from '../../functions/runtime/runtime.ts';
import { REQUEST as SAMPLE } from '../rules/sample-job.ts';
import type { Platform } from './platform.ts';

const REQUEST: VideoRequest = { ...SAMPLE, model: 'v6', durationSeconds: 1, quality: '360p' };

/** Sets the environment of a function of the platform, until `vi.unstubAllEnvs()`. The product is imported after it. */
export function stubFunctionEnvironment({ cloud: { client } }: Platform): void {
  vi.stubEnv('AWS_ENDPOINT_URL', client.endpoint);
  vi.stubEnv('AWS_REGION', client.region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', client.credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', client.credentials.secretAccessKey);
}

/** Admits a clip of 5 credits at `now` (epoch ms) and starts no execution; throws the Refusal. */
export async function admitDirectly(
  platform: Platform,
  by: { accountId: string; keyId: string; credential: Credential },
  now: number,
) {
  const { admit } = await import('../../functions/generation/admission-store.ts');
  const tables = {
    core: platform.table('Core'),
    jobs: platform.table('Jobs'),
    ledger: platform.table('Ledger'),
    idempotency: platform.table('Idempotency'),
  };
  const newId = (): number => numericId(now, random);
  const submission = {
    ...by,
    plan: PLANS.scale,
    standing: GOOD_STANDING,
    request: REQUEST,
    credits: 5,
    jobId: newId(),
    now,
  };
  return admit(tables, submission, { random, newId });
}
