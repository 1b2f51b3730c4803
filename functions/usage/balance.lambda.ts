import { findAccount } from '../accounts/accounts-store.ts';
import { pixverseHandler } from '../audit/api-handlers.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import { setting } from '../runtime/runtime.ts';
import { balance } from './pixverse-contract.ts';

const CORE_TABLE = setting('CORE_TABLE');

export const handler = pixverseHandler(
  route(balance, async ({ caller }) => {
    const account = await findAccount(CORE_TABLE, caller.accountId);
    if (!account) throw new Refusal('account_not_active', 'this account does not exist');
    // Credits that come with a plan each month begin with paid plans; until then all are a package.
    return { body: { account_id: account.accountNumber, credit_monthly: 0, credit_package: account.available } };
  }),
);
