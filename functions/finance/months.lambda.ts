import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { closeMonth, readMonth } from './month-command.ts';
import * as contract from './months-contract.ts';

const DEPENDENCIES = {
  coreTable: setting('CORE_TABLE'),
  auditTable: setting('AUDIT_TABLE'),
  reportsBucket: setting('REPORTS_BUCKET'),
  now,
  random,
};

export const handler = restHandler(
  route(contract.readMonth, async ({ input: { month } }) => ({ body: await readMonth(DEPENDENCIES, month) })),
  route(contract.closeMonth, async ({ caller, input }) => ({ body: await closeMonth(DEPENDENCIES, caller, input) })),
);
