/** A key as it is stored: never the secret, only its hash, which is also how it is found. */
import type { Permission } from '../platform/route.ts';

export interface StoredKey {
  readonly keyId: string;
  readonly accountId: string;
  readonly name: string;
  readonly state: 'active' | 'revoked';
  readonly permissions: readonly Permission[];
  /** What of the key may be shown. */
  readonly hint: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly revokedAt?: string;
}

/** The item of a key in the core table. */
export const keyKey = (keyHash: string) => ({ pk: `KEY#${keyHash}`, sk: 'KEY' });
