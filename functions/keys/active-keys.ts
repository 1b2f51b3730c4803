/**
 * The index of an account's active keys, in one item: how many there may be is decided on it, in the transaction that adds
 * one. A key that has expired leaves the index with the next change, so nothing must run when one expires. It is also where
 * an active key is found by its id from the moment that it exists: the table's index of keys may be behind. Pure.
 */
import { Refusal } from '../catalogue/refusal.ts';

/** Set by us: a key for each program of a large customer, and few enough to be looked through. */
export const MOST_KEYS = 50;

export interface ActiveKeys {
  /** Raised by every change: two changes of one index follow each other. */
  readonly revision: number;
  /** By key id: when it expires, epoch ms; 0 where it does not. */
  readonly living: Readonly<Record<string, number>>;
  /** By key id: the hash that names the key's item. Indexes have not always had them: a key of then is in the table's index. */
  readonly hashes?: Readonly<Record<string, string>>;
}

export const NO_ACTIVE_KEYS: ActiveKeys = { revision: 0, living: {} };

interface Change {
  readonly added?: Readonly<Record<string, number>>;
  readonly newHashes?: Readonly<Record<string, string>>;
  readonly ended?: readonly string[];
}

/**
 * The index after a change: `added` and changed keys with their expiry, new ones with their hash, without those that
 * `ended` and all that have expired. Throws a Refusal where more than MOST_KEYS would be active.
 */
export function activeKeysAfter(
  { revision, living, hashes = {} }: ActiveKeys,
  { added = {}, newHashes = {}, ended = [] }: Change,
  now: number,
): ActiveKeys {
  const all = Object.entries({ ...living, ...added });
  const left = all.filter(([id, expires]) => !ended.includes(id) && (expires === 0 || expires > now));
  const isGrown = Object.keys(added).some(id => !(id in living));
  if (isGrown && left.length > MOST_KEYS) {
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
