/** A day's items out of the tables, page by page: a busy day is never in memory as a whole. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { usageCounts } from '../credits/usage-store.ts';
import { dayShards } from '../data/day-shard.ts';
import { documents } from '../data/table.ts';
import { documentIdOf } from '../invoices/document.ts';
import { findInvoice, invoicesIssued } from '../invoices/invoices-store.ts';
import type { DaySources } from './export-day.ts';
import type { DayEntry, DayJob } from './rows.ts';

export interface DayTables {
  readonly core: string;
  readonly jobs: string;
  readonly ledger: string;
}

/** Some 300 KB; there are 16 shards, and each holds one page. */
const PAGE = 500;

/** All sources but API Gateway, names and lots. */
export function tablesOfDay(tables: DayTables): Omit<DaySources, 'gateway' | 'name' | 'lots'> {
  return {
    entries: (day, shard) => entriesOfDay(tables.ledger, day, shard),
    started: (day, shard) => itemsOfDay<DayJob>(tables.jobs, 'byStart', 'startedShard', day, shard),
    ended: (day, shard) => itemsOfDay<DayJob>(tables.jobs, 'byEnd', 'endedShard', day, shard),
    invoices: day => invoicesIssued(tables.core, day),
    invoiceNumber: async entry =>
      (await findInvoice(tables.core, entry.accountId, documentIdOf(entry.accountId, entry)))?.number,
    usage: (accountId, day) => usageOfDay(tables.core, accountId, day),
  };
}

async function* entriesOfDay(table: string, day: string, shard: number): AsyncGenerator<DayEntry[]> {
  for await (const page of itemsOfDay<DayEntry & { pk: string }>(table, 'byDay', 'bookedShard', day, shard)) {
    yield page.map(entry => ({ ...entry, accountId: entry.pk }));
  }
}

async function* itemsOfDay<Item>(
  table: string,
  index: string,
  partition: string,
  day: string,
  shard: number,
): AsyncGenerator<Item[]> {
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        IndexName: index,
        KeyConditionExpression: '#shard = :shard',
        ExpressionAttributeNames: { '#shard': partition },
        ExpressionAttributeValues: { ':shard': dayShards(day)[shard] },
        Limit: PAGE,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    yield Items as Item[];
    start = LastEvaluatedKey;
  } while (start);
}

async function* usageOfDay(table: string, accountId: string, day: string) {
  let after: string | undefined;
  do {
    const { counts, next } = await usageCounts(table, accountId, { from: day, to: day, ...(after && { after }) });
    yield counts;
    after = next;
  } while (after !== undefined);
}
