/** Exports a day to the reports bucket, or compares it with what is recorded. */
import type { PlanName } from '../catalogue/plans.ts';
import { utcDay } from '../data/day-shard.ts';
import { count, logger } from '../runtime/runtime.ts';
import { tablesOfDay } from './day-store.ts';
import { compareDay, type DaySources, type DaySummary, exportDay } from './export-day.ts';
import { fileKey, type OpenSink } from './files.ts';
import { mergeCounts, readCounts } from './gateway-usage.ts';
import { gatewayCounts } from './gateway-usage-client.ts';
import { abandonDay, beginDay, findDay, finishDay } from './months-store.ts';
import { readText, sinksIn } from './reports-store.ts';
import type { GatewayCount } from './rows.ts';

export interface ExportDependencies {
  readonly tables: { readonly core: string; readonly jobs: string; readonly ledger: string };
  readonly reportsBucket: string;
  /** Ids of API Gateway's usage plans. */
  readonly usagePlans: Readonly<Record<PlanName, string>>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A second run does the same again; throws where the day is not over, or another export of it runs. */
export async function writeDay(dependencies: ExportDependencies, day: string): Promise<object> {
  assertOver(dependencies, day);
  const { tables, now } = dependencies;
  const run = await beginDay(tables.core, day, new Date(now()).toISOString());
  const summary = await written(dependencies, day).catch(async error => {
    await abandonDay(tables.core, day, run);
    throw error;
  });
  const finished = await finishDay(tables.core, day, run, summary, new Date(now()).toISOString());
  if (!finished) throw new Error(`another export of ${day} began meanwhile; its result counts`);
  const { datasets, causes, unexplained } = summary;
  const rows = Object.fromEntries(Object.entries(datasets).map(([name, stored]) => [name, stored.rows]));
  if (unexplained > 0) {
    logger.error('differences without a known cause', { day, unexplained });
    count('FinanceDaysUnexplained');
  }
  logger.info('day exported', { day, rows, causes });
  return { day, rows, causes, unexplained };
}

/** Writes nothing, and names the files of the day that would have other bytes now. */
export async function compareWithRecord(dependencies: ExportDependencies, day: string): Promise<object> {
  assertOver(dependencies, day);
  // What API Gateway counted cannot be read again: the file is the record.
  const kept = await keptCounts(dependencies, day);
  const again = await exportDay(
    day,
    sources(dependencies, async () => kept),
    nowhere,
  );
  return { day, different: compareDay(await findDay(dependencies.tables.core, day), again) };
}

function assertOver({ now }: ExportDependencies, day: string): void {
  if (day >= utcDay(now())) throw new RangeError(`day must be over in UTC, and ${day} is not`);
}

/** Only within a run: an export beside it might add to what is kept. */
async function written(dependencies: ExportDependencies, day: string): Promise<DaySummary> {
  const { tables, usagePlans, reportsBucket } = dependencies;
  const kept = await keptCounts(dependencies, day);
  const counts = async () => mergeCounts(kept, await gatewayCounts(tables.core, usagePlans, day));
  return exportDay(day, sources(dependencies, counts), sinksIn(reportsBucket));
}

async function keptCounts({ reportsBucket }: ExportDependencies, day: string): Promise<GatewayCount[]> {
  return readCounts((await readText(reportsBucket, fileKey('csv', 'gateway_usage', day))) ?? '');
}

function sources({ tables }: ExportDependencies, counts: () => Promise<GatewayCount[]>): DaySources {
  return {
    ...tablesOfDay(tables),
    async *gateway() {
      yield* await counts();
    },
  };
}

const nowhere: OpenSink = () => ({ write: async () => {}, close: async () => '', abort: async () => {} });
