import * as z from 'zod';
import { PLAN_NAMES } from '../catalogue/plans.ts';
import { utcDay } from '../data/day-shard.ts';
import { now, setting } from '../runtime/runtime.ts';
import { compareWithRecord, writeDay } from './export-day-command.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), ledger: setting('LEDGER_TABLE') },
  reportsBucket: setting('REPORTS_BUCKET'),
  usagePlans: z.record(z.enum(PLAN_NAMES), z.string()).parse(JSON.parse(setting('USAGE_PLANS'))),
  now,
};
const DAY_MS = 24 * 3600 * 1000;

const Request = z.object({
  /** The day before, where absent. */
  day: z.iso.date().optional(),
  /** Writes nothing, and names the files of the day that would have other bytes now. */
  compare: z.boolean().optional(),
});

/** Runs every night for the day before, and for any day that an operator names. */
export async function handler(event: unknown): Promise<object> {
  const { day = utcDay(now() - DAY_MS), compare = false } = Request.parse(event);
  return compare ? compareWithRecord(DEPENDENCIES, day) : writeDay(DEPENDENCIES, day);
}
