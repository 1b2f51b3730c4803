/**
 * The living keys of an account, in one item: how many there may be is decided on it, in the transaction that adds one.
 * A key that has expired is off the ring with the next change, so nothing must run when one expires. It is also where a
 * living key is found by its id from the moment that it is there: the index of keys may be behind. Pure.
 */

import { Refusal } from '../catalogue/refusal.ts';
import { accountKey } from '../data/item-keys.ts';

/** Set by us: a key for each program of a large customer, and few enough to be looked through. */
export const MOST_KEYS = 50;

export interface KeyRing {
  /** Raised by every change: two changes of one ring follow each other. */
  readonly revision: number;
  /** By key id: when it expires, epoch ms; 0 where it does not. */
  readonly living: Readonly<Record<string, number>>;
  /** By key id: the hash that names the key's item. Rings have not always had them: a key of then is in the index. */
  readonly hashes?: Readonly<Record<string, string>>;
}

export const EMPTY_RING: KeyRing = { revision: 0, living: {} };

/** The item of an account's ring in the core table. */
export const keyRingKey = (accountId: string) => ({ pk: accountKey(accountId).pk, sk: 'KEYS' });

interface RingChange {
  readonly added?: Readonly<Record<string, number>>;
  readonly newHashes?: Readonly<Record<string, string>>;
  readonly ended?: readonly string[];
}

/**
 * The ring after a change: `added` and changed keys with their expiry, new ones with their hash, `ended` ones off it, and
 * with them all that have expired. Throws a Refusal where more than MOST_KEYS would live.
 */
export function ringAfter(
  { revision, living, hashes = {} }: KeyRing,
  { added = {}, newHashes = {}, ended = [] }: RingChange,
  now: number,
): KeyRing {
  const all = Object.entries({ ...living, ...added });
  const left = all.filter(([id, expires]) => !ended.includes(id) && (expires === 0 || expires > now));
  const grown = Object.keys(added).some(id => !(id in living));
  if (grown && left.length > MOST_KEYS) {
    throw new Refusal(
      'wrong_state',
      `this account has ${MOST_KEYS} living keys, as many as there may be: revoke one that you do not need first`,
    );
  }
  const found = Object.entries({ ...hashes, ...newHashes });
  const ids = new Set(left.map(([id]) => id));
  return {
    revision: revision + 1,
    living: Object.fromEntries(left),
    hashes: Object.fromEntries(found.filter(([id]) => ids.has(id))),
  };
}
