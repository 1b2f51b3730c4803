/**
 * Moves terminations on that are due, one step after the other, within the time of a run: what is left over is next minute's.
 * One that fails does not stop the others. A run may be cut off anywhere and may come twice.
 */
import { findAccount } from '../accounts/accounts-store.ts';
import { holdsOf, wordlessWrite } from '../accounts/holds-store.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { DRIVEN_STATES, STAYS, STAYS_OF_OFFENDERS, TERMINATION_CAUSES } from '../catalogue/terminations.ts';
import type { Deleted, Stayed } from '../certificates/certificate.ts';
import { commit } from '../data/transaction.ts';
import { prefixedId } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import { NOT_FORGOTTEN } from './forget-method-command.ts';
import { keptBy } from './hold.ts';
import { manifestKeys, manifestOf } from './manifest-store.ts';
import { closeNow, moved, notify, PLATFORM } from './move-command.ts';
import { purgeAccount } from './purge-command.ts';
import { Changed, type PurgeDependencies } from './purging-command.ts';
import { dropGatewayKeys, stopJobs } from './stop-work-command.ts';
import { closed, type Move, opened, passed, type Termination } from './termination.ts';
import { changeWrite, findTermination, terminationsIn } from './terminations-store.ts';

export interface AdvanceDependencies extends PurgeDependencies {
  /** Issues the certificate, once for its id. */
  readonly certify: (request: CertificateRequest) => Promise<void>;
}

export interface CertificateRequest {
  readonly certificateId: string;
  readonly accountId: string;
  readonly cause: string;
  readonly items: () => AsyncIterable<Deleted>;
  readonly stayed: readonly Stayed[];
  readonly startedAt: string;
  readonly endedAt: string;
}

/** Of each state in one run. */
const A_RUN = 50;
/** Steps of one termination in a run: more than there are states, so that only time ends it. */
const MOST_STEPS = 100;

/** How many terminations were looked at, and how many could not be. */
export async function advanceTerminations(
  dependencies: AdvanceDependencies,
): Promise<{ looked: number; failed: number }> {
  const until = iso(dependencies.now());
  let [looked, failed] = [0, 0];
  for (const state of DRIVEN_STATES) {
    const { terminations } = await terminationsIn(dependencies.tables.core, state, { limit: A_RUN, until });
    for (const { accountId, terminationId } of terminations) {
      if (dependencies.isOver()) return { looked, failed };
      try {
        looked++;
        await advanceTermination(dependencies, accountId);
      } catch (error) {
        failed++;
        logger.error('termination not moved on', { terminationId, error: error as Error });
        await postpone(dependencies, accountId).catch(() => undefined);
      }
    }
  }
  return { looked, failed };
}

/** Moves one on as far as it is due and time allows. */
export async function advanceTermination(dependencies: AdvanceDependencies, accountId: string): Promise<void> {
  for (let steps = 0; steps < MOST_STEPS && !dependencies.isOver(); steps++) {
    const termination = await findTermination(dependencies.tables.core, accountId);
    if (!termination || !isDue(termination, dependencies.now())) return;
    try {
      if (!(await step(dependencies, termination))) return;
    } catch (error) {
      // Somebody else has changed it, such as by a hold: it is read again.
      if (!(error instanceof Changed) && !(error instanceof Refusal && error.kind === 'busy')) throw error;
    }
  }
}

/** What has to wait, or fails, lets others go first. */
const WAIT_MS = 5 * 60_000;

async function postpone({ tables, now }: AdvanceDependencies, accountId: string): Promise<void> {
  const termination = await findTermination(tables.core, accountId);
  if (!termination) return;
  const dueAt = iso(now() + WAIT_MS);
  await commit({ termination: changeWrite(tables.core, termination, { dueAt }) });
}

function isDue({ state, dueAt }: Termination, now: number): boolean {
  return (DRIVEN_STATES as readonly string[]).includes(state) && Date.parse(dueAt) <= now;
}

/** One step; false where nothing more can be done now. */
async function step(dependencies: AdvanceDependencies, termination: Termination): Promise<boolean> {
  const { accountId } = termination;
  switch (termination.state) {
    case 'approved': {
      const account = await findAccount(dependencies.tables.core, accountId);
      if (account) await closeNow(dependencies, account, termination);
      else await move(dependencies, termination, closed(termination.cause, dependencies.now()));
      return true;
    }
    case 'closing': {
      const account = await findAccount(dependencies.tables.core, accountId);
      if (account) await notify(dependencies, account, termination.mailId);
      while (!(await stopJobs(dependencies, accountId))) if (dependencies.isOver()) return false;
      const after = await dropGatewayKeys(dependencies, termination);
      if (after) await move(dependencies, after, opened(after));
      return true;
    }
    case 'export_window':
    case 'last_pass':
      await move(dependencies, termination, purging(dependencies, termination));
      return true;
    default:
      return pass(dependencies, termination);
  }
}

/** A purge begins, or a last pass; the certificate's id is decided with the first. */
function purging({ now, random }: AdvanceDependencies, { purgeStartedAt, certificateId }: Termination): Move {
  const at = now();
  const begun = { purgeStartedAt: iso(at), certificateId: prefixedId('cert', at, random) };
  return {
    state: 'purging',
    dueAt: iso(at),
    ...(purgeStartedAt === undefined || certificateId === undefined ? begun : {}),
  };
}

async function pass(dependencies: AdvanceDependencies, read: Termination): Promise<boolean> {
  const { termination, outcome } = await purgeAccount(dependencies, read);
  if (outcome === 'wait') await postpone(dependencies, termination.accountId);
  if (outcome !== 'done') return false;
  const kept = keptBy(await holdsOf(dependencies.tables.core, termination.accountId));
  const next = passed(termination, { isHeld: !kept.isEmpty, now: dependencies.now() });
  if (next.state === 'certified') await certify(dependencies, termination);
  const words = next.state === 'certified' ? { reason: undefined, requestedBy: undefined, mailId: undefined } : {};
  await move(dependencies, termination, { ...next, ...words, pageUntil: undefined });
  return true;
}

async function move(dependencies: AdvanceDependencies, termination: Termination, to: Move): Promise<void> {
  const { accountId, terminationId, purgeStartedAt } = termination;
  // In the words of the chain: what it says of an account that is erased is good.
  const isFirst = to.state === 'purging' && purgeStartedAt === undefined;
  const action = isFirst ? 'account.erased' : 'termination.moved';
  const details = { accountId, action, subject: terminationId, detail: { to: to.state } } as const;
  await moved(dependencies, termination, { move: to, details, actor: PLATFORM });
}

async function certify({ tables, certify: issue, now }: AdvanceDependencies, termination: Termination): Promise<void> {
  const { accountId, terminationId, certificateId = '', cause, purgeStartedAt = '' } = termination;
  const endedAt = iso(now());
  await issue({
    certificateId,
    accountId,
    cause: TERMINATION_CAUSES[cause].description,
    items: () => itemsOf(tables.core, termination),
    stayed: [...stayedAfter(cause, endedAt), ...notForgotten(termination)],
    startedAt: purgeStartedAt,
    endedAt,
  });
  // The certificate has them from now on.
  const keys = await manifestKeys(tables.core, terminationId);
  for (const [index, Key] of keys.entries())
    await commit({ [`page ${index}`]: { Delete: { TableName: tables.core, Key } } });
  const holds = await holdsOf(tables.core, accountId);
  for (const hold of holds) await commit({ hold: wordlessWrite(tables.core, hold) });
}

async function* itemsOf(table: string, { terminationId, rows }: Termination): AsyncGenerator<Deleted> {
  for (const { bucketClass, key, versionId, size, sha256, isMarker } of await manifestOf(table, terminationId)) {
    if (isMarker) yield { kind: 'other', what: `delete marker in ${bucketClass}`, count: 1 };
    else yield { kind: 'object', bucket: bucketClass, key, versionId, bytes: size, sha256: sha256 ?? null };
  }
  for (const [kind, count] of Object.entries(rows).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const [name = '', of = ''] = kind.split('/');
    // That is not gone: what stays says it.
    if (kind === NOT_FORGOTTEN) continue;
    if (name === 'cognito') yield { kind: 'other', what: 'sign-in of a person', count };
    else if (name === 'uploads') yield { kind: 'other', what: 'upload in parts that was open', count };
    else yield { kind: 'rows', table: name, of, count };
  }
}

const DAY_MS = 24 * 3600_000;

function stayedAfter(cause: Termination['cause'], endedAt: string): Stayed[] {
  const all = cause === 'violation' ? [...STAYS, STAYS_OF_OFFENDERS] : STAYS;
  return all.map(stays => {
    const days = 'days' in stays ? stays.days : stays.years * 365;
    return { what: `${stays.what}: ${stays.why}`, rule: stays.rule, until: iso(Date.parse(endedAt) + days * DAY_MS) };
  });
}

function notForgotten({ rows }: Termination): Stayed[] {
  const count = rows[NOT_FORGOTTEN];
  if (count === undefined) return [];
  const what = `${count} payment method saved at the payment provider: it did not answer for a day, and nobody here can charge it`;
  return [{ what, rule: 'the payment provider did not answer', until: null }];
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
