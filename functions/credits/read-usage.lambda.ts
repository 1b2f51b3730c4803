import { answers, problems } from '../http/rest-handler.ts';
import { setting } from '../runtime/runtime.ts';
import { ledgerList, readLedgerList } from './ledger-list.ts';
import { ledgerPage } from './ledger-store.ts';
import { listLedger, readUsage } from './usage-contract.ts';
import { readUsagePeriod, reportUsage } from './usage-report.ts';
import { usageCounts } from './usage-store.ts';

const CORE_TABLE = setting('CORE_TABLE');
const LEDGER_TABLE = setting('LEDGER_TABLE');

export const handler = problems(
  answers(readUsage, async ({ caller, input }) => {
    const period = readUsagePeriod(input);
    const { counts, next } = await usageCounts(CORE_TABLE, caller.accountId, period);
    return { body: reportUsage(period, counts, next) };
  }),
  answers(listLedger, async ({ caller, input }) => {
    const wanted = readLedgerList(input);
    const { entries, looked } = await ledgerPage(LEDGER_TABLE, caller.accountId, wanted);
    return { body: ledgerList(wanted, entries, looked) };
  }),
);
