/** Ends keys, at once and for good: from the commit on, no submission with the key is admitted. */
import { auditEvent } from '../audit/event.ts';
import { noSuchKey } from './alter-key.ts';
import type { KeyTools } from './issue-key.ts';
import type { StoredKey } from './key.ts';
import { commitKeyChange, type KeyTables, keyUpdate } from './key-changes-store.ts';
import { ringAfter } from './key-ring.ts';
import { hashIn, keyOfAccount } from './keys-store.ts';

interface Ending {
  readonly action: 'key.revoked' | 'key.reported_leaked';
  /** In the words of who ends it. */
  readonly reason?: string | undefined;
}

/**
 * The key as it stands after it; throws a Refusal where the account has no such key. A key that was revoked keeps the
 * first time, and revoking it again changes nothing; a report that it leaked is recorded each time.
 */
export async function endKey(
  tables: KeyTables,
  { accountId, keyId }: { accountId: string; keyId: string },
  { action, reason }: Ending,
  { actor, now, random, pause }: KeyTools,
): Promise<StoredKey> {
  return commitKeyChange(tables, accountId, { pause, random }, async ring => {
    const key = await keyOfAccount(tables.core, accountId, keyId, ring);
    if (!key) throw noSuchKey(keyId);
    const { pk: _pk, ...stored } = key;
    const leaked = action === 'key.reported_leaked';
    const lives = key.state !== 'revoked';
    if (!lives && !leaked) return { result: stored };
    const at = new Date(now).toISOString();
    const changed = {
      ...(lives && { state: 'revoked' as const, revokedAt: at }),
      ...(leaked && { leakReportedAt: key.leakReportedAt ?? at }),
    };
    return {
      result: { ...stored, ...changed },
      ...(lives && { ring: ringAfter(ring, { ended: [keyId] }, now) }),
      writes: [keyUpdate(tables.core, hashIn(key), key, changed)],
      event: auditEvent(
        actor,
        { accountId, action, subject: keyId, ...(reason !== undefined && { reason }) },
        { now, random },
      ),
    };
  });
}
