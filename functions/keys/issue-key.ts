/** Makes a key and stores it, for a person, an operator, and a new account. */
import { type Actor, auditEvent } from '../audit/event.ts';
import type { Random } from '../runtime/ids.ts';
import type { StoredKey } from './key.ts';
import { commitKeyChange, type KeyTables, keyWrite } from './key-changes-store.ts';
import { ringAfter } from './key-ring.ts';
import type { KeyWish } from './key-wish.ts';
import { newKey } from './new-key.ts';

/** With what a change of keys is made. `now` is epoch ms. */
export interface KeyTools {
  readonly actor: Actor;
  readonly now: number;
  readonly random: Random;
  readonly pause: (ms: number) => Promise<void>;
}

/** The answer is the only place where the key stands whole. */
export interface IssuedKey {
  readonly apiKey: string;
  readonly key: StoredKey;
}

/** Throws a Refusal where the account may have no new key, or has as many as there may be. */
export async function issueKey(
  tables: KeyTables,
  accountId: string,
  wish: KeyWish,
  { actor, now, random, pause }: KeyTools,
): Promise<IssuedKey> {
  const { apiKey, hash, key } = newKey(accountId, wish, { now, random });
  return commitKeyChange(tables, accountId, { pause, random }, async ring => ({
    result: { apiKey, key },
    adds: true,
    ring: ringAfter(ring, { added: { [key.keyId]: key.expiresAtMs ?? 0 }, newHashes: { [key.keyId]: hash } }, now),
    writes: [keyWrite(tables.core, hash, key)],
    event: auditEvent(
      actor,
      {
        ...{ accountId, action: 'key.created', subject: key.keyId },
        detail: { name: key.name, hint: key.hint, permissions: key.permissions.join(' ') },
      },
      { now, random },
    ),
  }));
}
