import { prefixedId, type Random } from '../platform/ids.ts';
import type { Permission } from '../platform/route.ts';
import { hashKey, hintOf, mintKey } from './api-key.ts';
import { putKey } from './keys-store.ts';

/** Makes and stores a key; the answer is the only place where it stands whole. */
export async function issueKey(
  table: string,
  wanted: { accountId: string; name: string; permissions: readonly Permission[] },
  { now, random }: { now: number; random: Random },
): Promise<{ keyId: string; apiKey: string }> {
  const apiKey = mintKey(random);
  const keyId = prefixedId('key', now, random);
  const createdAt = new Date(now).toISOString();
  await putKey(table, hashKey(apiKey), { ...wanted, keyId, state: 'active', hint: hintOf(apiKey), createdAt });
  return { keyId, apiKey };
}
