/**
 * A call that the authorizer let in before misuse was reported, and that admission reaches after. A platform of its
 * own: functions run in this process, whose environment names its tables.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Credential } from '../../functions/http/caller.ts';
import { hashKey } from '../../functions/keys/api-key.ts';
import { admitDirectly, stubFunctionEnvironment } from '../support/admission.ts';
import { personOf } from '../support/people.ts';
import { Platform } from '../support/platform.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await Platform.start();
  stubFunctionEnvironment(platform);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await platform?.stop();
});

it('2.2 is refused for a key, changes nothing, and is still open to the person', async () => {
  const person = await personOf(platform, 'developer');
  const { accountId, keyId, api } = await platform.customer({ owner: person });
  await person.api.send('POST', '/account/report-misuse', { reason: 'not ours' });
  const before = await platform.items('Ledger', accountId);
  const attempt = (by: string, credential: Credential) =>
    admitDirectly(platform, { accountId, keyId: by, credential }, Date.now());
  const key: Credential = { kind: 'key', keyHash: hashKey(api.key), revision: 1 };
  await expect(attempt(keyId, key)).rejects.toMatchObject({
    kind: 'key_refused',
    message: expect.stringContaining('misuse was reported'),
  });
  expect(await platform.items('Ledger', accountId)).toEqual(before);
  expect(await attempt(person.personId, { kind: 'person' })).toMatchObject({ credits: 5, replayed: false });
});
