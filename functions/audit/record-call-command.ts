/**
 * Records what callers do: each use of a key with its outcome, and each call that was refused, whoever called. It comes
 * after the response is made and never changes it; what cannot be recorded is an error in the log.
 */
import type { Refusal } from '../catalogue/refusal.ts';
import type { Call } from '../http/api-handler.ts';
import type { Random } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import { putAuditEvent } from './audit-store.ts';
import { type Actor, type AuditDetails, actorOf, auditEvent } from './event.ts';

export interface RecordDependencies {
  readonly auditTable: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

/** `refusal` is undefined where the call succeeded. */
export async function recordCall(
  dependencies: RecordDependencies,
  { caller, method, route, requestId }: Call,
  refusal?: Refusal,
): Promise<void> {
  // Staff and people without an account leave their trace in what they change.
  if (caller.accountId === '' || (refusal === undefined && caller.kind === 'person')) return;
  const details = { accountId: caller.accountId, subject: `${method} ${route}`, detail: { requestId } };
  const actor = actorOf(caller);
  if (refusal === undefined) return record(dependencies, actor, { ...details, action: 'key.used' });
  const refused = { ...details, action: 'call.refused', reason: refusal.kind } as const;
  // A key's calls are counted by its plan; what people call is not.
  return caller.kind === 'key' ? record(dependencies, actor, refused) : recordRefusal(dependencies, actor, refused);
}

const MINUTE_MS = 60_000;
/** When each was recorded last, epoch ms. */
const recorded = new Map<string, number>();
const MOST_REMEMBERED = 1_000;

/**
 * Stores a refusal that no usage plan counts, such as of a revoked key: of one actor, call and reason once a minute in each
 * execution environment, so that whoever repeats it does not drown what else stands in the trail.
 */
export async function recordRefusal(
  dependencies: RecordDependencies,
  actor: Actor,
  details: AuditDetails,
): Promise<void> {
  const now = dependencies.now();
  const repeated = JSON.stringify([actor.id, details.subject, details.reason]);
  if (now - (recorded.get(repeated) ?? 0) < MINUTE_MS) return;
  if (recorded.size >= MOST_REMEMBERED) recorded.clear();
  recorded.set(repeated, now);
  await record(dependencies, actor, details);
}

/** What is done matters more than its record. */
async function record(
  { auditTable, now, random }: RecordDependencies,
  actor: Actor,
  details: AuditDetails,
): Promise<void> {
  try {
    await putAuditEvent(auditTable, auditEvent(actor, details, { now: now(), random }));
  } catch (error) {
    logger.error('not recorded', { action: details.action, error: error as Error });
  }
}
