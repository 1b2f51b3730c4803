/** Changes and rotates keys that live. A replaced key is left to expire: what it may do is its successor's to change. */
import { auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { IssuedKey, KeyTools } from './issue-key.ts';
import { stateOf } from './key.ts';
import {
  type Changed,
  commitKeyChange,
  type KeyTables,
  keyUpdate,
  keyWrite,
  limitUpdate,
} from './key-changes-store.ts';
import { type KeyRing, ringAfter } from './key-ring.ts';
import type { KeyChange } from './key-wish.ts';
import { type FoundKey, hashIn, keyOfAccount } from './keys-store.ts';
import { limitOf } from './known-key.ts';
import { successorOf } from './new-key.ts';

export function noSuchKey(keyId: string): Refusal {
  return new Refusal('not_found', `there is no key ${keyId} in this account`, 'id');
}

/** The key that is to be changed; throws a Refusal where there is none or it is past changing. */
async function livingKey(
  table: string,
  { accountId, keyId }: { accountId: string; keyId: string },
  ring: KeyRing,
  now: number,
): Promise<FoundKey> {
  const key = await keyOfAccount(table, accountId, keyId, ring);
  if (!key) throw noSuchKey(keyId);
  const state = stateOf(key, now);
  if (state === 'revoked' || state === 'expired')
    throw new Refusal('wrong_state', `key ${keyId} is ${state}, for good: make another with POST /v1/keys`, 'id');
  if (key.replacedBy)
    throw new Refusal('wrong_state', `key ${keyId} was replaced: change ${key.replacedBy}, or revoke this one`, 'id');
  return key;
}

export async function changeKey(
  tables: KeyTables,
  { accountId, keyId }: { accountId: string; keyId: string },
  { spendLimit, ...change }: KeyChange,
  { actor, now, random, pause }: KeyTools,
): Promise<void> {
  await commitKeyChange(tables, accountId, { pause, random }, async ring => {
    const key = await livingKey(tables.core, { accountId, keyId }, ring, now);
    const changed: Changed = {
      ...Object.fromEntries(Object.entries(change).map(([member, value]) => [member, value ?? undefined])),
      // A submission that was let in before this is refused: it might be beyond what is allowed now.
      revision: (key.revision ?? 0) + 1,
    };
    const limit = spendLimit ? { from: (await limitOf(tables.core, key)).spendLimit, to: spendLimit } : undefined;
    const onLine = limit && key.spendsFrom !== undefined ? [limitUpdate(tables.core, key.spendsFrom, limit)] : [];
    const expires = 'expiresAtMs' in change ? (change.expiresAtMs ?? 0) : undefined;
    return {
      result: undefined,
      ...(expires !== undefined && { ring: ringAfter(ring, { added: { [keyId]: expires } }, now) }),
      writes: [keyUpdate(tables.core, hashIn(key), key, changed, onLine.length > 0 ? undefined : limit), ...onLine],
      event: auditEvent(
        actor,
        { accountId, action: 'key.changed', subject: keyId, detail: detailOf({ ...change, spendLimit }) },
        { now, random },
      ),
    };
  });
}

/** Makes a key that may do the same; the old one expires after the overlap, or is revoked at once where there is none. */
export async function rotateKey(
  tables: KeyTables,
  { accountId, keyId }: { accountId: string; keyId: string },
  overlapMs: number,
  { actor, now, random, pause }: KeyTools,
): Promise<IssuedKey> {
  return commitKeyChange(tables, accountId, { pause, random }, async ring => {
    const old = await livingKey(tables.core, { accountId, keyId }, ring, now);
    if (old.state === 'frozen')
      throw new Refusal('wrong_state', `key ${keyId} is frozen: it is rotated once it is not`, 'id');
    const { apiKey, hash, key } = successorOf(old, hashIn(old), { now, random });
    const ends = Math.min(now + overlapMs, old.expiresAtMs ?? Number.POSITIVE_INFINITY);
    const at = new Date(now).toISOString();
    const ended: Changed = overlapMs === 0 ? { state: 'revoked', revokedAt: at } : { expiresAtMs: ends };
    const living = { [key.keyId]: key.expiresAtMs ?? 0, ...(overlapMs > 0 && { [keyId]: ends }) };
    return {
      result: { apiKey, key },
      adds: true,
      ring: ringAfter(
        ring,
        { added: living, newHashes: { [key.keyId]: hash }, ended: overlapMs === 0 ? [keyId] : [] },
        now,
      ),
      writes: [
        keyWrite(tables.core, hash, key),
        keyUpdate(tables.core, hashIn(old), old, { ...ended, replacedBy: key.keyId }),
      ],
      event: auditEvent(
        actor,
        {
          ...{ accountId, action: 'key.rotated', subject: keyId },
          detail: { newKey: key.keyId, hint: key.hint, overlapSeconds: overlapMs / 1000 },
        },
        { now, random },
      ),
    };
  });
}

/** What changed, as an audit event tells it. */
function detailOf(change: Readonly<Record<string, unknown>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(change).flatMap(([member, value]) => {
      if (value === undefined) return [];
      return [[member, Array.isArray(value) ? value.join(' ') : typeof value === 'number' ? value : String(value)]];
    }),
  );
}
