import { setTimeout as pause } from 'node:timers/promises';
import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { startExport } from './exports-client.ts';
import { closeMonth, linkReportFile, readMonth } from './month-command.ts';
import * as contract from './months-contract.ts';

const DEPENDENCIES = {
  coreTable: setting('CORE_TABLE'),
  auditTable: setting('AUDIT_TABLE'),
  reportsBucket: setting('REPORTS_BUCKET'),
  startExport: startExport.bind(null, setting('EXPORT_FUNCTION')),
  pause,
  now,
  random,
};
/** Seconds after which a close whose exports take longer is sent again. */
const AGAIN = '30';

export const handler = restHandler(
  route(contract.readMonth, async ({ input: { month }, baseUrl }) => ({
    body: await readMonth({ ...DEPENDENCIES, baseUrl }, month),
  })),
  route(contract.closeMonth, async ({ caller, input, baseUrl }) => {
    const { month, isClosed } = await closeMonth({ ...DEPENDENCIES, baseUrl }, caller, input);
    return isClosed ? { body: month } : { body: month, status: 202, headers: { 'retry-after': AGAIN } };
  }),
  route(contract.linkReportFile, async ({ input }) => ({ body: await linkReportFile(DEPENDENCIES, input) })),
);
