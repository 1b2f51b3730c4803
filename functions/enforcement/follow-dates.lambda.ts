import { now, random, setting } from '../runtime/runtime.ts';
import { followDates } from './follow-dates-command.ts';

const TABLES = { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), audit: setting('AUDIT_TABLE') };

/** Runs every hour; a run that fails, or comes twice, goes on where the last one was. */
export async function handler(): Promise<object> {
  return followDates({ tables: TABLES, now, random });
}
