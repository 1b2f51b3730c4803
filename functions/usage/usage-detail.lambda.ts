import { pixverseHandler } from '../audit/api-handlers.ts';
import { entriesOf } from '../credits/ledger-store.ts';
import { route } from '../http/api-handler.ts';
import { setting } from '../runtime/runtime.ts';
import { usageDetail } from './pixverse-contract.ts';
import { pageOf, readStatement } from './usage-detail.ts';

const LEDGER_TABLE = setting('LEDGER_TABLE');

export const handler = pixverseHandler(
  route(usageDetail, async ({ caller, input }) => {
    const statement = readStatement(input);
    const { entries, whole } = await entriesOf(LEDGER_TABLE, caller.accountId, statement);
    return { body: pageOf(statement, entries, whole) };
  }),
);
