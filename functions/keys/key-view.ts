/** A key as the API shows it: never its hash, and its secret only in the answer that makes it. Pure. */
import type { z } from 'zod';
import { type StoredKey, stateOf } from './key.ts';
import type { keyObject } from './object-contract.ts';

/** What of a key stands elsewhere: the limit, where the first key of its line has it, and its last call in the audit trail. */
export interface Known {
  readonly limit: Pick<StoredKey, 'spendLimit' | 'spendable'>;
  /** ISO 8601. */
  readonly lastUsedAt?: string | undefined;
}

export function describeKey(
  key: StoredKey,
  { limit: { spendLimit, spendable }, lastUsedAt }: Known,
  now: number,
): z.output<typeof keyObject> {
  const limited = spendLimit !== undefined && spendable !== undefined;
  return {
    ...{ id: key.keyId, object: 'key', name: key.name, state: stateOf(key, now), hint: key.hint },
    ...{ permissions: [...key.permissions], functions: listOf(key.functions), models: listOf(key.models) },
    addresses: listOf(key.addresses),
    spend_limit: spendLimit ?? null,
    spent: limited ? spendLimit - spendable : null,
    // A limit that was lowered below what was spent leaves nothing, not less.
    spendable: limited ? Math.max(0, spendable) : null,
    created_at: key.createdAt,
    expires_at: key.expiresAtMs === undefined ? null : new Date(key.expiresAtMs).toISOString(),
    ...{ revoked_at: key.revokedAt ?? null, last_used_at: lastUsedAt ?? null },
    ...{ replaces: key.replaces ?? null, replaced_by: key.replacedBy ?? null },
  };
}

/** What is said beside a new key. */
export const SHOWN_ONCE =
  'This is the only time that the key is shown: store it now. If this answer is lost, revoke the key and make another.';

function listOf(names: readonly string[] | undefined): string[] | null {
  return names ? [...names] : null;
}
