/** Nothing runs for an account any more: open jobs are cancelled and given back, and API Gateway counts nothing for it. */

import { accountWrite } from '../accounts/account-changes-store.ts';
import { findAccount } from '../accounts/accounts-store.ts';
import { OPEN_STATES } from '../catalogue/job-states.ts';
import { accountKey } from '../data/item-keys.ts';
import { commit } from '../data/transaction.ts';
import { type CancelDependencies, cancelJob } from '../generation/cancel-command.ts';
import { ALL_JOBS } from '../generation/job-filter.ts';
import { listJobs } from '../generation/job-list-store.ts';
import { eraseWrite, rowsOf } from './rows-store.ts';
import type { Termination } from './termination.ts';
import { changeWrite } from './terminations-store.ts';

export interface StopDependencies extends CancelDependencies {
  readonly deleteGatewayKey: (keyId: string) => Promise<void>;
}

const JOBS_A_PAGE = 100;
const AT_ONCE = 8;

/** One page of open jobs; whether there is none left. */
export async function stopJobs(dependencies: StopDependencies, accountId: string): Promise<boolean> {
  const filter = { ...ALL_JOBS, states: [...OPEN_STATES] };
  let after: number | undefined;
  for (;;) {
    const { jobs, more, last } = await listJobs(dependencies.tables.jobs, accountId, {
      filter,
      after,
      limit: JOBS_A_PAGE,
      ascending: true,
      now: dependencies.now(),
    });
    for (let at = 0; at < jobs.length; at += AT_ONCE) {
      await Promise.all(jobs.slice(at, at + AT_ONCE).map(({ jobId }) => cancelJob(dependencies, { accountId, jobId })));
    }
    if (jobs.length > 0) return false;
    if (!more || last === undefined) return true;
    // Of many that have ended a page may hold none that is open.
    after = last;
  }
}

/**
 * The account's keys at API Gateway go. Their ids are kept with the termination first: what was counted by them names them.
 * The termination after it; undefined where it has changed meanwhile.
 */
export async function dropGatewayKeys(
  { tables, deleteGatewayKey }: StopDependencies,
  termination: Termination,
): Promise<Termination | undefined> {
  const { accountId, gatewayKeyIds = [] } = termination;
  const account = await findAccount(tables.core, accountId);
  const { rows } = await rowsOf({ table: tables.core, by: ['pk', accountKey(accountId).pk], prefix: 'GATEWAY#' });
  const current = [account?.gatewayKeyId, ...rows.map(row => row.gatewayKeyId)].flatMap(id => id ?? []) as string[];
  const ids = [...new Set([...gatewayKeyIds, ...current])];
  let after = termination;
  if (current.length > 0) {
    const status = account?.status;
    const gone = { gatewayKeyId: undefined, gatewayKeyValue: undefined };
    // The account is without them before they go: whoever takes the end back meanwhile makes a new one, which is not these.
    const refused = await commit({
      termination: changeWrite(tables.core, termination, { gatewayKeyIds: ids }),
      ...(status && { account: accountWrite(tables.core, accountId, { set: gone, where: { status } }) }),
      ...Object.fromEntries(rows.map((row, index) => [`key ${index}`, eraseWrite(tables.core, 'core', row).write])),
    });
    if (refused) return undefined;
    after = { ...termination, gatewayKeyIds: ids, revision: termination.revision + 1 };
  }
  // Those too whose deletion was cut off before.
  for (const keyId of ids) await deleteGatewayKey(keyId);
  return after;
}
