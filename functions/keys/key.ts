/** A key as it is stored: never the secret, only its hash, which is also how it is found. */
import type { Permission } from '../platform/route.ts';

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
  /** Credits that it may still spend, kept by the transactions of admission and settlement; absent where it has no limit. */
  readonly spendable?: number;
  /** Raised by each change of what it may do: an admission that began before the change is refused. */
  readonly revision?: number;
}

/** The item of a key in the core table. */
export const keyKey = (keyHash: string) => ({ pk: `KEY#${keyHash}`, sk: 'KEY' });
