/** A new key: its secret, its hash, and what is stored of it. Pure. */
import { prefixedId, type Random } from '../runtime/ids.ts';
import { hashKey, hintOf, mintKey } from './api-key.ts';
import type { StoredKey } from './key.ts';
import type { KeyWish } from './key-wish.ts';

export interface NewKey {
  /** The only place where the key stands whole. */
  readonly apiKey: string;
  readonly hash: string;
  readonly key: StoredKey;
}

export function newKey(
  accountId: string,
  { spendLimit, ...wish }: KeyWish,
  { now, random }: { now: number; random: Random },
): NewKey {
  const apiKey = mintKey(random);
  const key: StoredKey = {
    ...{ ...wish, accountId, keyId: prefixedId('key', now, random), state: 'active', hint: hintOf(apiKey) },
    ...(spendLimit !== undefined && { spendLimit, spendable: spendLimit }),
    ...{ createdAt: new Date(now).toISOString(), revision: 1 },
  };
  return { apiKey, hash: hashKey(apiKey), key };
}

/** Longest and usual time in which the old and the new key of a rotation both open the door. */
export const OVERLAP_SECONDS = 24 * 3600;

/** A key that may do what `old` may, expires when it would have, and draws on the same spend limit. */
export function successorOf(old: StoredKey, oldHash: string, tools: { now: number; random: Random }): NewKey {
  const { accountId, name, permissions, functions, models, addresses, expiresAtMs, spendLimit, spendsFrom } = old;
  const scope = { ...(functions && { functions }), ...(models && { models }), ...(addresses && { addresses }) };
  const wish = { name, permissions, ...scope, ...(expiresAtMs !== undefined && { expiresAtMs }) };
  const made = newKey(accountId, wish, tools);
  const shared = spendsFrom ?? (spendLimit === undefined ? undefined : oldHash);
  return { ...made, key: { ...made.key, replaces: old.keyId, ...(shared !== undefined && { spendsFrom: shared }) } };
}
