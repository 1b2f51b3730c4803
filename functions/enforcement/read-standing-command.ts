/** The standing of an account with all that it is made of: a constant number of reads, however much there is. */
import type { Account } from '../accounts/account.ts';
import { appealsOf } from './appeals-store.ts';
import { describeStandingOf } from './described.ts';
import { findingsOf, findState, MOST_SHOWN } from './standing-store.ts';

export async function readStanding(table: string, account: Account, now: number) {
  const { accountId } = account;
  const [state, findings, { appeals }] = await Promise.all([
    findState(table, accountId),
    findingsOf(table, accountId),
    // There is one at most against each finding that is shown.
    appealsOf(table, accountId, { limit: 2 * MOST_SHOWN }),
  ]);
  return describeStandingOf({ account, state, findings, appeals, now });
}
