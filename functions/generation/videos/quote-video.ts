import { findAccount, videosStarted } from '../../accounts/accounts-store.ts';
import { utcDay } from '../../data/day-shard.ts';
import type { Caller } from '../../http/caller.ts';
import { now } from '../../runtime/runtime.ts';
import type { Plan } from './creation.ts';
import { type Quote, quoteOf } from './quote.ts';

/** Reads what a quote needs: the account and its day. Writes nothing. */
export async function quoteVideo(coreTable: string, { accountId, plan: planName }: Caller, plan: Plan): Promise<Quote> {
  const [account, started] = await Promise.all([
    findAccount(coreTable, accountId),
    videosStarted(coreTable, accountId, utcDay(now())),
  ]);
  return quoteOf(plan, account, started, planName);
}
