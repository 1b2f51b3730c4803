/**
 * Records what callers do: each use of a key with its outcome, and each call that was refused, whoever called. It comes
 * after the answer is made and never changes it; what cannot be recorded is an error in the log.
 */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Refusal } from '../catalogue/refusal.ts';
import { callerOf } from '../http/request-context.ts';
import { environment, logger, now, random } from '../runtime/runtime.ts';
import { putAuditEvent } from './audit-store.ts';
import { type Actor, auditEvent, type Told } from './event.ts';

/** `refusal` is undefined where the call was answered. */
export async function recordCall(event: APIGatewayProxyEvent, refusal?: Refusal): Promise<void> {
  const caller = callerOf(event);
  // Staff and people without an account leave their trace in what they change.
  if (caller.accountId === '' || (refusal === undefined && caller.kind === 'person')) return;
  const { kind, keyId: id, accountId, address, client } = caller;
  const actor = { kind, id, address, client };
  const told = {
    accountId,
    subject: `${event.httpMethod} ${event.resource}`,
    detail: { requestId: event.requestContext.requestId },
  };
  if (refusal === undefined) return record(actor, { ...told, action: 'key.used' });
  const refused = { ...told, action: 'call.refused', reason: refusal.kind } as const;
  // A key's calls are counted by its plan; what people call is not.
  return kind === 'key' ? record(actor, refused) : recordRefusal(actor, refused);
}

const MINUTE_MS = 60_000;
/** When each was recorded last, epoch ms. */
const recorded = new Map<string, number>();
const MOST_REMEMBERED = 1_000;

/**
 * Stores a refusal that no usage plan counts, such as of a revoked key: of one actor, call and reason once a minute in each
 * execution environment, so that whoever repeats it does not drown what else stands in the trail.
 */
export async function recordRefusal(actor: Actor, told: Told): Promise<void> {
  const repeated = JSON.stringify([actor.id, told.subject, told.reason]);
  if (now() - (recorded.get(repeated) ?? 0) < MINUTE_MS) return;
  if (recorded.size >= MOST_REMEMBERED) recorded.clear();
  recorded.set(repeated, now());
  await record(actor, told);
}

/** What is done matters more than its record. */
async function record(actor: Actor, told: Told): Promise<void> {
  const { AUDIT_TABLE } = environment;
  try {
    if (AUDIT_TABLE === undefined) throw new Error('the environment variable AUDIT_TABLE is not set');
    await putAuditEvent(AUDIT_TABLE, auditEvent(actor, told, { now: now(), random }));
  } catch (error) {
    logger.error('not recorded', { action: told.action, error: error as Error });
  }
}
