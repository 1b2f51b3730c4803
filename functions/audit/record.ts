/**
 * Records what callers do: each use of a key with its outcome, and each call that was refused, whoever called. It comes
 * after the answer is made and never changes it; what cannot be recorded is an error in the log.
 */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { callerOf } from '../platform/exchange.ts';
import type { Refusal } from '../platform/refusal.ts';
import { environment, logger, now, random } from '../platform/runtime.ts';
import { putAuditEvent } from './audit-store.ts';
import { type Actor, auditEvent, type Told } from './event.ts';

/** `refusal` is undefined where the call was answered. */
export async function recordCall(event: APIGatewayProxyEvent, refusal?: Refusal): Promise<void> {
  const caller = callerOf(event);
  // Staff and people without an account leave their trace in what they change.
  if (caller.accountId === '' || (refusal === undefined && caller.kind === 'person')) return;
  const { kind, keyId: id, accountId, address, client } = caller;
  const told = {
    accountId,
    action: refusal ? ('call.refused' as const) : ('key.used' as const),
    subject: `${event.httpMethod} ${event.resource}`,
    ...(refusal && { reason: refusal.kind }),
    detail: { requestId: event.requestContext.requestId },
  };
  await recordEvent({ kind, id, address, client }, told);
}

/** Stores an event alone; what is done matters more than its record. */
export async function recordEvent(actor: Actor, told: Told): Promise<void> {
  const { AUDIT_TABLE } = environment;
  try {
    if (AUDIT_TABLE === undefined) throw new Error('the environment variable AUDIT_TABLE is not set');
    await putAuditEvent(AUDIT_TABLE, auditEvent(actor, told, { now: now(), random }));
  } catch (error) {
    logger.error('not recorded', { action: told.action, error: error as Error });
  }
}
