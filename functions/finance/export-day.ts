/**
 * The export of a day, in one pass: each source is read once, page by page, and every row goes to its files and into the
 * tally. The same items give the same bytes, whenever and however often it is run.
 */
import type { UsageCount } from '../credits/usage-count.ts';
import { DAY_SHARDS } from '../data/day-shard.ts';
import type { InvoiceDocument } from '../invoices/document.ts';
import { sortable } from '../runtime/ids.ts';
import type { DatasetName, Row } from './dataset-contract.ts';
import { DayLots, type LotBook, type Revenue } from './day-lots.ts';
import { DatasetFiles, type OpenSink, type StoredDataset } from './files.ts';
import { focusRow, type Issuer } from './focus.ts';
import { merged } from './merge.ts';
import { type Cause, type Difference, differenceRow, reconcile } from './reconciliation.ts';
import {
  bookName,
  type DayEntry,
  type DayJob,
  endedRow,
  entryRow,
  type GatewayCount,
  gatewayRow,
  invoiceRow,
  type NamedEntry,
  startedRow,
  usageRow,
} from './rows.ts';
import { DayTally, type Sum } from './tally.ts';

type Pages<Item> = AsyncIterable<readonly Item[]>;

/** Where a day's items come from: pages of a shard in the order of time. */
export interface DaySources {
  entries(day: string, shard: number): Pages<DayEntry>;
  started(day: string, shard: number): Pages<DayJob>;
  ended(day: string, shard: number): Pages<DayJob>;
  /** In the order of plans and keys. */
  gateway(day: string): AsyncIterable<GatewayCount>;
  /** In the order of functions, models and keys. */
  usage(accountId: string, day: string): Pages<UsageCount>;
  /** Documents that were issued on the day, in the order of their numbers. */
  invoices(day: string): Pages<InvoiceDocument>;
  /** The number of the document of an entry with money; undefined where there is none yet. */
  invoiceNumber(entry: DayEntry): Promise<string | undefined>;
  /** The name of an account, once read for each; empty where there is none. */
  name(accountId: string): Promise<string>;
  /** The lots that the day moves. */
  readonly lots: LotBook;
}

export interface DaySummary {
  readonly datasets: Readonly<Record<DatasetName, StoredDataset>>;
  /** Entries of each kind and their credits. */
  readonly kinds: Readonly<Record<string, Sum>>;
  /** Differences by their cause. */
  readonly causes: Readonly<Partial<Record<Cause, number>>>;
  readonly unexplained: number;
  /** By currency: what was sold, paid back and earned. */
  readonly revenue: Revenue;
  /** Whom the charges name. */
  readonly issuer: Issuer;
}

export async function exportDay(day: string, sources: DaySources, open: OpenSink, issuer: Issuer): Promise<DaySummary> {
  const tally = new DayTally(day);
  const causes: Partial<Record<Cause, number>> = {};
  const stored: Partial<Record<DatasetName, StoredDataset>> = {};
  const into = async (names: DatasetName[], rows: AsyncIterable<readonly (Row | undefined)[]>): Promise<void> => {
    Object.assign(stored, await write(day, names, rows, open));
  };

  const names = new Map<string, string>();
  const lots = new DayLots(day, sources.lots);
  await into(
    ['ledger_entries', 'focus_costs'],
    each(followed(lots, namedEntries(day, sources, names)), entry => {
      tally.entry(entry);
      return [entryRow(entry), focusRow(entry, issuer)];
    }),
  );
  await into(
    ['jobs_started'],
    each(
      inOrder(index => sources.started(day, index), placeOf('createdAt')),
      job => {
        tally.started(job);
        return [startedRow(job, day)];
      },
    ),
  );
  await into(
    ['jobs_ended'],
    each(
      inOrder(index => sources.ended(day, index), placeOf('endedAt')),
      job => {
        tally.ended(job);
        return [endedRow(job)];
      },
    ),
  );
  await into(
    ['gateway_usage'],
    each(sources.gateway(day), count => {
      tally.gateway(count);
      return [gatewayRow(count)];
    }),
  );
  await into(
    ['usage_counts'],
    each(usageOf(tally, sources, day), ([accountId, count]) => {
      tally.usage(accountId, count);
      return [usageRow(accountId, count)];
    }),
  );
  await into(
    ['recognised_revenue'],
    each(lots.rows(names), row => [row]),
  );
  await lots.keep();
  await into(
    ['reconciliation'],
    each(namedDifferences([...reconcile(tally), ...lots.differences()], sources, names), ({ difference, name }) => {
      causes[difference.cause] = (causes[difference.cause] ?? 0) + 1;
      return [differenceRow(difference, name)];
    }),
  );
  await into(
    ['invoices'],
    each(invoicesOf(day, sources), invoice => [invoiceRow(invoice)]),
  );
  await into(
    ['accounts'],
    each([...names].sort(byId), ([accountId, name]) => [[accountId, name]]),
  );
  return {
    datasets: stored as Record<DatasetName, StoredDataset>,
    kinds: Object.fromEntries([...tally.kinds].sort(([one], [other]) => (one < other ? -1 : 1))),
    causes: Object.fromEntries(Object.entries(causes).sort(([one], [other]) => (one < other ? -1 : 1))),
    unexplained: (causes.unexplained ?? 0) + (causes.key_unknown ?? 0),
    revenue: lots.revenue(),
    issuer,
  };
}

/** What is known of a day before it is over: its entries alone. Nothing is tallied, for the day goes on. */
export async function exportEntries(day: string, sources: DaySources, open: OpenSink): Promise<StoredDataset> {
  const rows = each(namedEntries(day, sources, new Map()), entry => [entryRow(entry)]);
  const { ledger_entries: stored } = await write(day, ['ledger_entries'], rows, open);
  if (!stored) throw new Error(`the entries of ${day} were not written`);
  return stored;
}

/** The entries of a day in their order, with their accounts' names; fills `names` by the way. */
async function* namedEntries(day: string, sources: DaySources, names: Map<string, string>): AsyncGenerator<NamedEntry> {
  for await (const entry of inOrder(index => sources.entries(day, index), placeOfEntry)) {
    const accountName = await nameOf(entry.accountId, sources, names);
    const invoiceNumber = entry.money && (await sources.invoiceNumber(entry));
    yield { ...entry, accountName, ...(invoiceNumber !== undefined && { invoiceNumber }) };
  }
}

/** Lets every entry move its account's lots by the way. */
async function* followed(lots: DayLots, entries: AsyncIterable<NamedEntry>): AsyncGenerator<NamedEntry> {
  for await (const entry of entries) {
    await lots.entry(entry);
    yield entry;
  }
}

async function* invoicesOf(day: string, sources: DaySources): AsyncGenerator<InvoiceDocument> {
  for await (const page of sources.invoices(day)) yield* page;
}

/** The differences with the names of the accounts that they are of; some have no entry, and were only counted. */
async function* namedDifferences(
  differences: Iterable<Difference>,
  sources: DaySources,
  names: Map<string, string>,
): AsyncGenerator<{ difference: Difference; name: string }> {
  for (const difference of differences) {
    const { accountId } = difference;
    yield { difference, name: accountId === '' ? '' : await nameOf(accountId, sources, names) };
  }
}

/** Each account's name is read once. */
async function nameOf(accountId: string, sources: DaySources, names: Map<string, string>): Promise<string> {
  const name = names.get(accountId) ?? bookName(await sources.name(accountId));
  names.set(accountId, name);
  return name;
}

function byId([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1;
}

/** Rows come in tuples, one cell for each of the datasets; where one is undefined, that dataset has no such row. */
async function write(
  day: string,
  names: readonly DatasetName[],
  rows: AsyncIterable<readonly (Row | undefined)[]>,
  open: OpenSink,
): Promise<Partial<Record<DatasetName, StoredDataset>>> {
  const files = names.map(name => new DatasetFiles(name, day, open));
  try {
    for await (const tuple of rows) {
      for (const [index, row] of tuple.entries()) if (row) await files[index]?.add(row);
    }
    const ended: [DatasetName, StoredDataset][] = [];
    // One after the other: where one fails, nothing of this run is still being written.
    for (const [index, file] of files.entries()) ended.push([names[index] as DatasetName, await file.end()]);
    return Object.fromEntries(ended);
  } catch (error) {
    await Promise.all(files.map(file => file.abort()));
    throw error;
  }
}

async function* each<Item, Made>(
  items: AsyncIterable<Item> | Iterable<Item>,
  make: (item: Item) => Made,
): AsyncGenerator<Made> {
  for await (const item of items) yield make(item);
}

async function* usageOf(
  tally: DayTally,
  sources: DaySources,
  day: string,
): AsyncGenerator<readonly [string, UsageCount]> {
  for (const { accountId } of tally.accounts()) {
    for await (const page of sources.usage(accountId, day)) for (const count of page) yield [accountId, count];
  }
}

interface Place {
  readonly time: string;
  readonly account: string;
  readonly id: string;
}

function placeOfEntry({ bookedAt, accountId, id }: DayEntry): Place {
  return { time: bookedAt, account: accountId, id };
}

function placeOf(time: 'createdAt' | 'endedAt') {
  return (job: DayJob): Place => ({ time: job[time] ?? '', account: job.accountId, id: sortable(job.jobId) });
}

function inOrder<Item>(shard: (index: number) => Pages<Item>, place: (item: Item) => Place): AsyncGenerator<Item> {
  return merged(
    Array.from({ length: DAY_SHARDS }, (_, index) =>
      each(shard(index), page => page.map(item => ({ ...place(item), item }))),
    ),
  );
}

/** The files whose bytes are not those on record. */
export function compareDay(recorded: Partial<DaySummary> | undefined, again: DaySummary): string[] {
  return Object.entries(again.datasets).flatMap(([name, { csv, parquet }]) => {
    const before = recorded?.datasets?.[name as DatasetName];
    const same = { csv: before?.csv.sha256 === csv.sha256, parquet: before?.parquet.sha256 === parquet.sha256 };
    return [...(same.csv ? [] : [csv.key]), ...(same.parquet ? [] : [parquet.key])];
  });
}
