/**
 * Records what callers do, one write for a call at most: each use of a key and each call of a person with its outcome, and
 * each call that was refused. It comes after the response is made and never changes it; what cannot be recorded is an error
 * in the log.
 */
import type { Refusal } from '../catalogue/refusal.ts';
import { keyDigest } from '../data/item-keys.ts';
import type { Call } from '../http/api-handler.ts';
import type { Random } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import { putAuditEvent, putCall } from './audit-store.ts';
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
  { caller, method, route, requestId, status, video, named }: Call,
  refusal?: Refusal,
): Promise<void> {
  // Staff, and people without an account, own their calls themselves.
  const accountId = caller.accountId || caller.id;
  if (accountId === '') return;
  const detail = { status, ...(video !== undefined && { video }) };
  const details = { accountId, subject: `${method} ${route}`, requestId, detail };
  const actor = actorOf(caller);
  if (refusal === undefined) {
    const action = caller.kind === 'key' ? 'key.used' : 'call.made';
    return record(dependencies, putCall, actor, { ...details, action });
  }
  const refused = {
    ...details,
    action: 'call.refused',
    reason: refusal.kind,
    detail: { ...detail, ...soughtOf(refusal, named) },
  } as const;
  if (caller.accountId === '') return record(dependencies, putCall, actor, refused);
  // A key's calls are counted by its plan; what people call is not.
  const isSealed = caller.kind === 'key' || isFirst(dependencies.now(), actor, refused);
  return record(dependencies, isSealed ? putAuditEvent : putCall, actor, refused);
}

/**
 * Of what was not found: the digest of what was asked for, so that trying many ids is told from asking for one again and
 * again. Not the text, which a caller can write as it likes.
 */
function soughtOf({ kind }: Refusal, named: string | undefined): { sought?: string } {
  return kind === 'not_found' && named !== undefined ? { sought: keyDigest(named).slice(0, 16) } : {};
}

const MINUTE_MS = 60_000;
/** When each was recorded last, epoch ms. */
const recorded = new Map<string, number>();
const MOST_REMEMBERED = 1_000;

/**
 * Whether a refusal is the first of one actor, call and reason in a minute, as far as this execution environment knows: only
 * that one stands among the events of the account, so that whoever repeats it does not drown what else stands there.
 */
function isFirst(now: number, actor: Actor, details: AuditDetails): boolean {
  const repeated = JSON.stringify([actor.id, details.subject, details.reason]);
  if (now - (recorded.get(repeated) ?? 0) < MINUTE_MS) return false;
  if (recorded.size >= MOST_REMEMBERED) recorded.clear();
  recorded.set(repeated, now);
  return true;
}

/** Stores a refusal before any route, such as of a revoked key, which no usage plan counts: the first of each minute alone. */
export async function recordRefusal(
  dependencies: RecordDependencies,
  actor: Actor,
  details: AuditDetails,
): Promise<void> {
  if (isFirst(dependencies.now(), actor, details)) await record(dependencies, putAuditEvent, actor, details);
}

/** What is done matters more than its record. */
async function record(
  { auditTable, now, random }: RecordDependencies,
  put: typeof putAuditEvent,
  actor: Actor,
  details: AuditDetails,
): Promise<void> {
  try {
    await put(auditTable, auditEvent(actor, details, { now: now(), random }));
  } catch (error) {
    logger.error('not recorded', { action: details.action, error: error as Error });
  }
}
