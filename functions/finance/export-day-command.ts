/** Exports a day to the reports bucket, or compares it with what is recorded. */
import { findAccount } from '../accounts/accounts-store.ts';
import { keepLots, lotsBefore } from '../credits/lots-store.ts';
import { utcDay } from '../data/day-shard.ts';
import { count, logger } from '../runtime/runtime.ts';
import { parseCsv } from './csv.ts';
import type { LotBook } from './day-lots.ts';
import { tablesOfDay } from './day-store.ts';
import { compareDay, type DaySources, type DaySummary, exportDay, exportEntries } from './export-day.ts';
import { fileKey, type OpenSink } from './files.ts';
import type { Issuer } from './focus.ts';
import { mergeCounts, readCounts } from './gateway-usage.ts';
import { gatewayCounts } from './gateway-usage-client.ts';
import { abandonDay, beginDay, ExportBusy, findDay, finishDay, finishInterim } from './months-store.ts';
import { readText, sinksIn } from './reports-store.ts';
import type { GatewayCount } from './rows.ts';

export interface ExportDependencies {
  /** Whom charges name, by the settings of the stage. */
  readonly issuer: Issuer;
  readonly tables: { readonly core: string; readonly jobs: string; readonly ledger: string };
  readonly reportsBucket: string;
  /** Ids of API Gateway's usage plans. */
  readonly usagePlans: () => Promise<Readonly<Record<string, string>>>;
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

/** Writes the entries of today as far as they are booked, for reports; where an export of it runs, that is enough. */
export async function writeInterim(dependencies: ExportDependencies, day: string): Promise<object> {
  const { tables, now, reportsBucket } = dependencies;
  const at = now();
  if (day !== utcDay(at)) throw new RangeError(`day must be today in UTC, ${utcDay(at)}, and is ${day}`);
  const asOf = new Date(at).toISOString();
  try {
    const run = await beginDay(tables.core, day, asOf);
    const sourcesOfDay = sources(dependencies, async () => [], new Map(), keepsNothing);
    const { rows } = await exportEntries(day, sourcesOfDay, sinksIn(reportsBucket)).catch(async error => {
      await abandonDay(tables.core, day, run);
      throw error;
    });
    await finishInterim(tables.core, day, run, asOf);
    return { day, rows, asOf };
  } catch (error) {
    if (!(error instanceof ExportBusy)) throw error;
    return { day, rows: 0, asOf: null };
  }
}

/** Writes nothing, and names the files of the day that would have other bytes now. */
export async function compareWithRecord(dependencies: ExportDependencies, day: string): Promise<object> {
  assertOver(dependencies, day);
  // What API Gateway counted cannot be read again, nor names as they were: the files are the record.
  const [kept, recorded, names] = await Promise.all([
    keptCounts(dependencies, day),
    findDay(dependencies.tables.core, day),
    keptNames(dependencies, day),
  ]);
  const again = await exportDay(
    day,
    sources(dependencies, async () => kept, names, keepsNothing),
    nowhere,
    recorded?.issuer ?? dependencies.issuer,
  );
  return { day, different: compareDay(recorded, again) };
}

function assertOver({ now }: ExportDependencies, day: string): void {
  if (day >= utcDay(now())) throw new RangeError(`day must be over in UTC, and ${day} is not`);
}

/** Only within a run: an export beside it might add to what is kept. */
async function written(dependencies: ExportDependencies, day: string): Promise<DaySummary> {
  const { tables, usagePlans, reportsBucket, issuer } = dependencies;
  const [kept, names, plans] = await Promise.all([
    keptCounts(dependencies, day),
    keptNames(dependencies, day),
    usagePlans(),
  ]);
  const counts = async () => mergeCounts(kept, await gatewayCounts(tables.core, plans, day));
  const keep: LotBook['keep'] = (accountId, of, kept) => keepLots(tables.core, accountId, of, kept);
  return exportDay(day, sources(dependencies, counts, names, keep), sinksIn(reportsBucket), issuer);
}

/** What accounts were called when the day was exported first: they may change their names, and a day's files stay. */
async function keptNames({ reportsBucket }: ExportDependencies, day: string): Promise<ReadonlyMap<string, string>> {
  const [, ...lines] = parseCsv((await readText(reportsBucket, fileKey('csv', 'accounts', day))) ?? '');
  return new Map(lines.map(([accountId = '', name = '']) => [accountId, name]));
}

async function keptCounts({ reportsBucket }: ExportDependencies, day: string): Promise<GatewayCount[]> {
  return readCounts((await readText(reportsBucket, fileKey('csv', 'gateway_usage', day))) ?? '');
}

function sources(
  { tables }: ExportDependencies,
  counts: () => Promise<GatewayCount[]>,
  names: ReadonlyMap<string, string>,
  keep: LotBook['keep'],
): DaySources {
  return {
    ...tablesOfDay(tables),
    lots: { before: (accountId, of) => lotsBefore(tables, accountId, of), keep },
    name: async accountId => names.get(accountId) ?? (await findAccount(tables.core, accountId))?.name ?? '',
    async *gateway() {
      yield* await counts();
    },
  };
}

const keepsNothing = async (): Promise<void> => {};
const nowhere: OpenSink = () => ({ write: async () => {}, close: async () => '', abort: async () => {} });
