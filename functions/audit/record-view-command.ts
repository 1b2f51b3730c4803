/** Records that one of staff looked at something of an account, before it is shown: what cannot be recorded is not shown. */
import type { Caller } from '../http/caller.ts';
import type { Random } from '../runtime/ids.ts';
import { putAuditEvent } from './audit-store.ts';
import { actorOf, auditEvent } from './event.ts';

export interface View {
  readonly accountId: string;
  /** In a word, such as `videos`. */
  readonly what?: string;
  /** What was looked at, where it is less than the account. */
  readonly subject?: string;
}

export async function recordView(
  { auditTable, now, random }: { auditTable: string; now: () => number; random: Random },
  caller: Caller,
  { accountId, what, subject = accountId }: View,
): Promise<void> {
  const details = {
    accountId,
    action: 'account.viewed',
    subject,
    ...(what !== undefined && { detail: { what } }),
  } as const;
  await putAuditEvent(auditTable, auditEvent(actorOf(caller), details, { now: now(), random }));
}
