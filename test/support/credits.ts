/** Whether an account's money adds up: what it has is what its ledger says, and every entry balances. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { balanceOf, type Entry } from '../../functions/credits/ledger.ts';
import type { Platform } from './platform.ts';

/** Fails unless ledger and account agree; answers both. */
export async function creditsOf(
  platform: Platform,
  accountId: string,
): Promise<{ account: Account; entries: Entry[] }> {
  const accountNow = async (): Promise<Account> => {
    const items = await platform.items<Account & { sk: string }>('Core', `ACCOUNT#${accountId}`);
    return items.find(({ sk }) => sk === 'ACCOUNT') ?? expect.fail(`no account ${accountId}`);
  };
  // Two reads: what is booked between them is in one of them alone.
  let account = await accountNow();
  let entries = await platform.items<Entry>('Ledger', accountId);
  for (let again = await accountNow(); !isDeepStrictEqual(again, account); again = await accountNow()) {
    account = again;
    entries = await platform.items<Entry>('Ledger', accountId);
  }
  for (const { postings } of entries) expect(postings.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
  expect(balanceOf(entries)).toEqual({ available: account.available, held: account.held });
  return { account, entries };
}
