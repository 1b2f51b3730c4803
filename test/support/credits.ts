/** Whether an account's money adds up: what it has is what its ledger says, and every entry balances. */
import { expect } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { balanceOf, type Entry } from '../../functions/credits/ledger.ts';
import type { Platform } from './platform.ts';

/** Fails unless ledger and account agree; answers both. */
export async function creditsOf(
  platform: Platform,
  accountId: string,
): Promise<{ account: Account; entries: Entry[] }> {
  const entries = await platform.items<Entry>('Ledger', accountId);
  const items = await platform.items<Account & { sk: string }>('Core', `ACCOUNT#${accountId}`);
  const account = items.find(({ sk }) => sk === 'ACCOUNT');
  if (!account) throw new Error(`no account ${accountId}`);
  for (const { postings } of entries) expect(postings.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
  expect(balanceOf(entries)).toEqual({ available: account.available, held: account.held });
  return { account, entries };
}
