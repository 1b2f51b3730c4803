import * as z from 'zod';
import { PLAN_NAMES } from '../catalogue/plans.ts';
import { utcDay } from '../data/day-shard.ts';
import { count, logger, now, setting } from '../runtime/runtime.ts';
import { tablesOfDay } from './day-store.ts';
import { compareDay, type DaySources, type DaySummary, exportDay } from './export-day.ts';
import { fileKey, type OpenSink } from './files.ts';
import { mergeCounts, readCounts } from './gateway-usage.ts';
import { gatewayCounts } from './gateway-usage-store.ts';
import { abandonDay, beginDay, findDay, finishDay } from './months-store.ts';
import { readText, sinksIn } from './reports-store.ts';
import type { GatewayCount } from './rows.ts';

const TABLES = { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), ledger: setting('LEDGER_TABLE') };
const REPORTS_BUCKET = setting('REPORTS_BUCKET');
const USAGE_PLANS = z.record(z.enum(PLAN_NAMES), z.string()).parse(JSON.parse(setting('USAGE_PLANS')));
const DAY_MS = 24 * 3600 * 1000;

const Request = z.object({
  /** The day before, where absent. */
  day: z.iso.date().optional(),
  /** Writes nothing, and says which files of the day would be others now. */
  compare: z.boolean().optional(),
});

/** Runs every night for the day before, and for any day that an operator names; a second run does the same again. */
export async function handler(event: unknown): Promise<object> {
  const { day = utcDay(now() - DAY_MS), compare = false } = Request.parse(event);
  if (day >= utcDay(now())) throw new RangeError(`day must be over in UTC, and ${day} is not`);
  if (compare) {
    const kept = await keptCounts(day);
    // What API Gateway said cannot be asked for again: the file is the record.
    const again = await exportDay(
      day,
      sources(async () => kept),
      nowhere,
    );
    return { day, different: compareDay(await findDay(TABLES.core, day), again) };
  }
  const run = await beginDay(TABLES.core, day, new Date(now()).toISOString());
  const summary = await written(day).catch(async error => {
    await abandonDay(TABLES.core, day, run);
    throw error;
  });
  const finished = await finishDay(TABLES.core, day, run, summary, new Date(now()).toISOString());
  if (!finished) throw new Error(`another export of ${day} began meanwhile; its result counts`);
  const { datasets, causes, unexplained } = summary;
  const rows = Object.fromEntries(Object.entries(datasets).map(([name, stored]) => [name, stored.rows]));
  if (unexplained > 0) {
    logger.error('differences that nobody explains', { day, unexplained });
    count('FinanceDaysUnexplained');
  }
  logger.info('day exported', { day, rows, causes });
  return { day, rows, causes, unexplained };
}

/** Only within a run: an export beside it might add to what is kept. */
async function written(day: string): Promise<DaySummary> {
  const kept = await keptCounts(day);
  const counts = async () => mergeCounts(kept, await gatewayCounts(TABLES.core, USAGE_PLANS, day));
  return exportDay(day, sources(counts), sinksIn(REPORTS_BUCKET));
}

async function keptCounts(day: string): Promise<GatewayCount[]> {
  return readCounts((await readText(REPORTS_BUCKET, fileKey('csv', 'gateway_usage', day))) ?? '');
}

function sources(counts: () => ReturnType<typeof gatewayCounts>): DaySources {
  return {
    ...tablesOfDay(TABLES),
    async *gateway() {
      yield* await counts();
    },
  };
}

const nowhere: OpenSink = () => ({ write: async () => {}, close: async () => '', abort: async () => {} });
