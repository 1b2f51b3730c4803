/**
 * The end of the whole service: ordered by two operators, it comes to every account by the same termination, in waves of so
 * many accounts a minute, so that neither e-mails nor purges come all at once.
 */

import { ACCOUNT_CURSOR } from '../accounts/account.ts';
import type { AccountDependencies } from '../accounts/account-changes-store.ts';
import { accountsByAge } from '../accounts/accounts-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { actorOf, auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { TERMINATION_CAUSES } from '../catalogue/terminations.ts';
import { busy } from '../data/contention.ts';
import { commit } from '../data/transaction.ts';
import type { Caller } from '../http/caller.ts';
import type { TerminationDependencies } from './move-command.ts';
import { findServiceEnd, type ServiceEnd, serviceEndWrite } from './service-end-store.ts';
import { endByDecision } from './termination-command.ts';

interface Ordering {
  readonly reason: string;
  readonly closes_at: string;
  readonly accounts_a_minute: number;
}

const PLATFORM = { kind: 'platform', id: 'service-end' } as const;
const DAY_MS = 24 * 3600_000;

/** Proposes it, or begins it as the second operator. */
export async function orderServiceEnd(
  { tables, now, random }: AccountDependencies,
  caller: Caller,
  { reason, closes_at: closesAt, accounts_a_minute: wave }: Ordering,
): Promise<ServiceEnd> {
  const before = await findServiceEnd(tables.core);
  const isSame = before?.reason === reason && before.closesAt === closesAt && before.wave === wave;
  if (before && before.state !== 'proposed') {
    if (isSame) return before;
    throw new Refusal('wrong_state', 'the end of the service is under way already: GET /v1/operators/service-end');
  }
  if (isSame && before.proposedBy === caller.id) return before;
  const at = now();
  const { noticeDays } = TERMINATION_CAUSES.service_end;
  if (Date.parse(closesAt) < at + noticeDays * DAY_MS) {
    throw new Refusal('invalid_parameter', `closes_at must be ${noticeDays} days from now or later`, 'closes_at');
  }
  const next: ServiceEnd = isSame
    ? { ...before, state: 'running', decidedBy: caller.id, revision: before.revision + 1 }
    : {
        state: 'proposed',
        reason,
        closesAt,
        wave,
        proposedBy: caller.id,
        ended: 0,
        revision: (before?.revision ?? 0) + 1,
      };
  const details = {
    accountId: caller.id,
    action: isSame ? 'termination.decided' : 'termination.proposed',
    subject: 'service',
    reason,
  } as const;
  const refused = await commit({
    end: serviceEndWrite(tables.core, next, before),
    event: auditWrite(tables.audit, auditEvent(actorOf(caller), details, { now: at, random })),
  });
  if (refused) throw busy();
  return next;
}

/** One wave, where there is a next one: whoever is cut off within it goes through it again, and ends nothing twice. */
export async function endServiceByWaves(dependencies: TerminationDependencies): Promise<void> {
  const { core } = dependencies.tables;
  const end = await findServiceEnd(core);
  if (end?.state !== 'running') return;
  const { reason, closesAt, wave, cursor } = end;
  const after = cursor === undefined ? undefined : ACCOUNT_CURSOR.read(cursor);
  const { rows, next } = await accountsByAge(core, { limit: wave, after });
  for (const { accountId } of rows) {
    await endByDecision(dependencies, { accountId, cause: 'service_end', reason, closesAt, actor: PLATFORM });
  }
  const moved: ServiceEnd = {
    ...end,
    ended: end.ended + rows.length,
    revision: end.revision + 1,
    ...(next ? { cursor: ACCOUNT_CURSOR.write(next) } : { state: 'ordered' as const }),
  };
  // Another run was as far at the same time: what both did is the same.
  await commit({ end: serviceEndWrite(core, moved, end) });
}
