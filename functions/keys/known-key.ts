/** Reads what of a key stands elsewhere. */
import { lastEventAt } from '../audit/audit-store.ts';
import type { StoredKey } from './key.ts';
import type { KeyTables } from './key-changes-store.ts';
import type { Known } from './key-view.ts';
import { keyByHash } from './keys-store.ts';

/** Two reads at most, and one where `first`, the key that has the limit, is at hand. */
export async function knownOf({ core, audit }: KeyTables, key: StoredKey, first?: StoredKey): Promise<Known> {
  const { accountId, keyId: actorId } = key;
  const [limit, lastUsedAt] = await Promise.all([
    first ?? limitOf(core, key),
    lastEventAt(audit, { accountId, actorId }),
  ]);
  return { limit, lastUsedAt };
}

/** The key that has the limit on which this one draws: itself, or the first of its line. */
export async function limitOf(table: string, key: StoredKey): Promise<StoredKey> {
  return (key.spendsFrom === undefined ? undefined : await keyByHash(table, key.spendsFrom)) ?? key;
}
