import { pixverse, serve } from '../http/pixverse-handler.ts';
import { setting } from '../runtime/runtime.ts';
import { usageDetail } from './contract.ts';
import { entriesOf } from './ledger-store.ts';
import { pageOf, readStatement } from './usage.ts';

const LEDGER_TABLE = setting('LEDGER_TABLE');

export const handler = pixverse(
  serve(usageDetail, async ({ caller, input }) => {
    const statement = readStatement(input);
    const { entries, whole } = await entriesOf(LEDGER_TABLE, caller.accountId, statement);
    return { resp: pageOf(statement, entries, whole) };
  }),
);
