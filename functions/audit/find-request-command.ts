/** Looks a call up by the id that it was answered with: its owner may, and operators, of whom it is recorded. */
import type { z } from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import type { Caller } from '../http/caller.ts';
import type { Random } from '../runtime/ids.ts';
import { findCall } from './audit-store.ts';
import type { readRequest } from './contract.ts';
import type { AuditEvent } from './event.ts';
import { recordView } from './record-view-command.ts';

interface Dependencies {
  readonly auditTable: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

type RequestObject = z.output<typeof readRequest.output>;

/** Throws a Refusal where there is none, and where it is somebody else's. */
export async function findRequest(dependencies: Dependencies, caller: Caller, id: string): Promise<RequestObject> {
  const call = await findCall(dependencies.auditTable, id);
  const isOperator = caller.kind === 'person' && caller.roles.includes('operator');
  if (!call || !(isOperator || isOwn(call, caller))) {
    throw new Refusal('not_found', `there is no request ${id}: calls are kept for 90 days`, 'id');
  }
  const shown = describeCall(call, id);
  if (shown.account_id !== null && isOperator) {
    await recordView(dependencies, caller, { accountId: shown.account_id, what: 'request', subject: id });
  }
  return shown;
}

/** A call is of the account that made it; of a person without one, of that person. */
function isOwn({ accountId, actorId }: AuditEvent, caller: Caller): boolean {
  return actorId === caller.id || (caller.accountId !== '' && accountId === caller.accountId);
}

function describeCall({ accountId, at, subject = '', reason, detail, actorKind, actorId }: AuditEvent, id: string) {
  const [method = '', path = ''] = subject.split(' ');
  const { status, video } = detail ?? {};
  return {
    id,
    object: 'request' as const,
    at,
    method,
    route: path,
    status: typeof status === 'number' ? status : null,
    code: reason ?? null,
    video_id: typeof video === 'string' ? video : null,
    account_id: accountId === actorId ? null : accountId,
    actor: { kind: actorKind, id: actorId },
  };
}
