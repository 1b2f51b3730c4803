/** A key as it is stored: never the secret, only its hash, which is also how it is found. */
import type { Permission } from '../catalogue/permissions.ts';

/** What a key is narrowed to, beyond its permissions. Absent members narrow nothing. */
export interface KeyScope {
  /** Functions and models that it may start. */
  readonly functions?: readonly string[];
  readonly models?: readonly string[];
  /** Addresses and ranges from which it opens, such as `203.0.113.0/24`. */
  readonly addresses?: readonly string[];
}

export interface StoredKey extends KeyScope {
  readonly keyId: string;
  readonly accountId: string;
  readonly name: string;
  readonly state: 'active' | 'frozen' | 'revoked';
  readonly permissions: readonly Permission[];
  /** What of the key may be shown. */
  readonly hint: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly revokedAt?: string;
  /** Epoch ms; the key opens nothing from then on. */
  readonly expiresAtMs?: number;
  /** Credits that it may spend in all; a limit stays once it is set, and can be raised or lowered. */
  readonly spendLimit?: number;
  /** What is left of the limit, kept by the transactions of admission and settlement; below zero where a limit was lowered. */
  readonly spendable?: number;
  /**
   * Of a key that came by rotation: the hash of the first key of its line, which has the limit of all of them. Old and
   * new share it, and what a job of any of them gives back goes there.
   */
  readonly spendsFrom?: string;
  /** The keys before and after it in a rotation, by their ids. */
  readonly replaces?: string;
  readonly replacedBy?: string;
  readonly leakReportedAt?: string;
  /** Raised by each change of what it may do: an admission that began before the change is refused. */
  readonly revision?: number;
}

export type KeyState = StoredKey['state'] | 'expired';

/** How it stands at `now` (epoch ms): a key expires without anybody writing it. */
export function stateOf({ state, expiresAtMs }: Pick<StoredKey, 'state' | 'expiresAtMs'>, now: number): KeyState {
  if (state === 'revoked' || expiresAtMs === undefined || expiresAtMs > now) return state;
  return 'expired';
}

/** Whether it draws on a spend limit, its own or that of its line. */
export function isSpendLimited({ spendLimit, spendable, spendsFrom }: StoredKey): boolean {
  return spendLimit !== undefined || spendable !== undefined || spendsFrom !== undefined;
}
