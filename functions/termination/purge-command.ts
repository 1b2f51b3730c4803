/**
 * The purge of an account, phase by phase, each of pages of bounded size. Invariants: a page is decided on the holds that the
 * termination knows of, and is refused where there are others; what goes is written down with it or before it; whatever is
 * cut off is done again from where it was, and comes to the same.
 */
import { provenAddress } from '../accounts/account.ts';
import { findAccount } from '../accounts/accounts-store.ts';
import { holdsOf } from '../accounts/holds-store.ts';
import { mailWrite } from '../accounts/mails-store.ts';
import { commit } from '../data/transaction.ts';
import { forgetMethod } from './forget-method-command.ts';
import { keptBy } from './hold.ts';
import { notify } from './move-command.ts';
import { OBJECT_PHASES, unmark } from './purge-objects-command.ts';
import { PURGE_PHASES, type PurgePhase, phaseAfter } from './purge-phases.ts';
import { ROW_PHASES } from './purge-rows-command.ts';
import { Changed, change, type Outcome, type Pass, type PurgeDependencies, type Purging } from './purging-command.ts';
import { areDocumented, settleCredits } from './settle-credits-command.ts';
import { dropGatewayKeys, stopJobs } from './stop-work-command.ts';
import type { Termination } from './termination.ts';

/** Goes through the phases from where the termination is, until time is over; throws `Changed` where it must be read again. */
export async function purgeAccount(dependencies: PurgeDependencies, read: Termination): Promise<Pass> {
  // After the termination was read: a hold that came since makes the first page be refused.
  const holds = await holdsOf(dependencies.tables.core, read.accountId);
  const purging: Purging = { dependencies, holds, kept: keptBy(holds), termination: read };
  if (purging.kept.all) {
    await unmark(purging);
    return { termination: purging.termination, outcome: 'done' };
  }
  for (let phase: PurgePhase | undefined = read.phase ?? PURGE_PHASES[0]; phase; ) {
    if (dependencies.isOver()) return { termination: purging.termination, outcome: 'more' };
    const outcome = await PHASES[phase](purging);
    if (outcome !== 'done') return { termination: purging.termination, outcome };
    phase = phaseAfter(phase);
    if (phase) await change(purging, { phase, cursor: undefined, pageUntil: undefined });
  }
  if (!purging.kept.isEmpty) await unmark(purging);
  return { termination: purging.termination, outcome: 'done' };
}

const PHASES: Readonly<Record<PurgePhase, (purging: Purging) => Promise<Outcome>>> = {
  async notice({ dependencies, termination }) {
    const account = await findAccount(dependencies.tables.core, termination.accountId);
    if (!account || provenAddress(account) === undefined) return 'done';
    const { terminationId, certificateId = '', purgeStartedAt = '' } = termination;
    const mailId = terminationId.replace(/^term_/, 'mail_');
    const mail = {
      mailId,
      template: 'termination_purge',
      fields: { certificate: certificateId },
      createdAt: purgeStartedAt,
    } as const;
    // Written before it is the same.
    await commit({ mail: mailWrite(dependencies.tables.core, account.accountId, mail) });
    await notify(dependencies, account, mailId);
    return 'done';
  },

  async work(purging) {
    const { dependencies, termination } = purging;
    while (!(await stopJobs(dependencies, termination.accountId))) if (dependencies.isOver()) return 'more';
    const after = await dropGatewayKeys(dependencies, termination);
    if (!after) throw new Changed();
    purging.termination = after;
    return 'done';
  },

  async credits(purging) {
    const { dependencies, termination } = purging;
    while (!(await settleCredits(dependencies, termination))) if (dependencies.isOver()) return 'more';
    return forgetMethod(purging);
  },

  async documents({ dependencies, termination }) {
    return (await areDocumented(dependencies, termination)) ? 'done' : 'wait';
  },

  ...OBJECT_PHASES,
  ...ROW_PHASES,
};
