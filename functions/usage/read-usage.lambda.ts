import { restHandler } from '../audit/api-handlers.ts';
import { ledgerPage } from '../credits/ledger-store.ts';
import { usageCounts } from '../credits/usage-store.ts';
import { utcDay } from '../data/day-shard.ts';
import { route } from '../http/api-handler.ts';
import { now, setting } from '../runtime/runtime.ts';
import { ledgerList, readLedgerList } from './ledger-list.ts';
import { listLedger, readUsage } from './usage-contract.ts';
import { readUsagePeriod, reportUsage } from './usage-report.ts';

const CORE_TABLE = setting('CORE_TABLE');
const LEDGER_TABLE = setting('LEDGER_TABLE');

export const handler = restHandler(
  route(readUsage, async ({ caller, input }) => {
    const period = readUsagePeriod(input, utcDay(now()));
    const { counts, next } = await usageCounts(CORE_TABLE, caller.accountId, period);
    return { body: reportUsage(period, counts, next) };
  }),
  route(listLedger, async ({ caller, input }) => {
    const wanted = readLedgerList(input);
    const { entries, looked } = await ledgerPage(LEDGER_TABLE, caller.accountId, wanted);
    return { body: ledgerList(wanted, entries, looked) };
  }),
);
