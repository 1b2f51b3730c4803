import * as z from 'zod';
import { usagePlanIds } from '../accounts/gateway-keys-client.ts';
import { utcDay } from '../data/day-shard.ts';
import { now, setting } from '../runtime/runtime.ts';
import { compareWithRecord, writeDay, writeInterim } from './export-day-command.ts';

const PLANS = setting('USAGE_PLANS');
const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), ledger: setting('LEDGER_TABLE') },
  reportsBucket: setting('REPORTS_BUCKET'),
  issuer: { issuer: setting('INVOICE_ISSUER'), provider: setting('PROVIDER_NAME') },
  usagePlans: () => usagePlanIds(PLANS),
  now,
};
const DAY_MS = 24 * 3600 * 1000;

const Request = z.object({
  /** The day before, where absent. */
  day: z.iso.date().optional(),
  /** Writes the entries of today as far as they are booked. */
  provisional: z.boolean().optional(),
  /** Writes nothing, and names the files of the day that would have other bytes now. */
  compare: z.boolean().optional(),
});

/** Runs every night for the day before, for today where a report asks for it, and for any day that an operator or a close names. */
export async function handler(event: unknown): Promise<object> {
  const { day = utcDay(now() - DAY_MS), provisional = false, compare = false } = Request.parse(event);
  if (provisional) return writeInterim(DEPENDENCIES, day);
  return compare ? compareWithRecord(DEPENDENCIES, day) : writeDay(DEPENDENCIES, day);
}
