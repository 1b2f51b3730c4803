/**
 * A call that the authorizer let in before misuse was reported, and that admission reaches after. A platform of its
 * own: functions run in this process, whose environment names its tables.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import type { VideoRequest } from '../../functions/catalogue/video-request.ts';
import type { Credential } from '../../functions/http/caller.ts';
import { hashKey } from '../../functions/keys/api-key.ts';
import { numericId } from '../../functions/runtime/ids.ts';
import { random } from '../../functions/runtime/runtime.ts';
import { personOf } from '../support/people.ts';
import { Platform } from '../support/platform.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await Platform.start();
  const { endpoint, region, credentials } = platform.cloud.client;
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await platform?.stop();
});

const REQUEST: VideoRequest = {
  function: 'text_to_video',
  model: 'v6',
  prompt: 'a hill',
  negativePrompt: '',
  durationSeconds: 1,
  quality: '360p',
  aspectRatio: '16:9',
  seed: 1,
  audio: false,
  style: '',
  cameraMovement: '',
  motion: 'normal',
};

it('2.2 is refused for a key, changes nothing, and is still open to the person', async () => {
  const { admit } = await import('../../functions/generation/admission-store.ts');
  const person = await personOf(platform, 'developer');
  const { accountId, keyId, api } = await platform.customer({ owner: person });
  await person.api.send('POST', '/account/report-misuse', { reason: 'not ours' });
  const before = await platform.items('Ledger', accountId);
  const tables = {
    core: platform.table('Core'),
    jobs: platform.table('Jobs'),
    ledger: platform.table('Ledger'),
    idempotency: platform.table('Idempotency'),
  };
  const attempt = (by: string, credential: Credential) => {
    const now = Date.now();
    const newId = (): number => numericId(now, random);
    const submission = { accountId, keyId: by, credential, plan: PLANS.scale, request: REQUEST, credits: 5 };
    return admit(tables, { ...submission, jobId: newId(), now }, { random, newId });
  };
  const key: Credential = { kind: 'key', keyHash: hashKey(api.key), revision: 1 };
  await expect(attempt(keyId, key)).rejects.toMatchObject({
    kind: 'key_refused',
    message: expect.stringContaining('misuse was reported'),
  });
  expect(await platform.items('Ledger', accountId)).toEqual(before);
  expect(await attempt(person.personId, { kind: 'person' })).toMatchObject({ credits: 5, replayed: false });
});
