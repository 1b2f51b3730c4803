/**
 * Where an account's lots stand: as they were after each day that had entries, kept once for the day. They are made of
 * the ledger alone, so whoever makes them again makes the same.
 */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { BEGINNING } from '../catalogue/ledger-kinds.ts';
import { dayPlus } from '../data/day-shard.ts';
import { documents } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import { expectEnds } from './due-lots-store.ts';
import type { BookedEntry } from './ledger-store.ts';
import { type DatedLots, type Lot, LotFold, type Lots, NO_LOTS } from './lots.ts';

export interface LotTables {
  readonly core: string;
  readonly ledger: string;
}

const partitionOf = (accountId: string) => `LOTS#${accountId}`;
const rangeOf = (day: string) => `DAY#${day}`;

/** The latest lots of an account that were kept, up to those of a day; undefined where none were. */
export async function keptLots(table: string, accountId: string, latest: string): Promise<DatedLots | undefined> {
  const { Items: [kept] = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :account AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':account': partitionOf(accountId),
        ':first': rangeOf(''),
        ':last': rangeOf(latest),
      },
      ScanIndexForward: false,
      Limit: 1,
      ConsistentRead: true,
    }),
  );
  return kept as DatedLots | undefined;
}

/** An account's lots at the beginning of a day: the latest that were kept, moved on by what was booked since. */
export async function lotsBefore(tables: LotTables, accountId: string, day: string): Promise<Lots> {
  const kept = await keptLots(tables.core, accountId, dayPlus(day, -1));
  return movedOn(tables.ledger, accountId, kept, day);
}

/** Lots with what was booked after their day and before `before`, which is ISO 8601 or the beginning of one. */
export async function movedOn(
  ledgerTable: string,
  accountId: string,
  kept: DatedLots | undefined,
  before: string,
): Promise<Lots> {
  const fold = new LotFold(kept ?? NO_LOTS);
  const since = kept ? dayPlus(kept.day, 1) : BEGINNING;
  if (since < before) {
    for await (const entry of bookedBetween(ledgerTable, accountId, since, before)) fold.apply(entry);
  }
  return fold.lots();
}

/** Keeps the lots as they are at the end of the day; `begun` are those that were not there before it. */
export async function keepLots(
  table: string,
  accountId: string,
  day: string,
  { lots, begun }: { readonly lots: Lots; readonly begun: readonly Lot[] },
): Promise<void> {
  // First: a lot that is kept is not begun any more, and would never come on the list.
  await expectEnds(table, accountId, begun);
  const { open, owed, available, held } = lots;
  const item = { pk: partitionOf(accountId), sk: rangeOf(day), day, open, owed, available, held };
  await commit({ lots: { Put: { TableName: table, Item: item } } });
}

/** An account's entries from one moment to before another, both ISO 8601 or the beginning of one, in their order. */
async function* bookedBetween(
  table: string,
  accountId: string,
  from: string,
  before: string,
): AsyncGenerator<BookedEntry> {
  let moment: BookedEntry[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'byTime',
        KeyConditionExpression: 'pk = :account AND bookedAt BETWEEN :from AND :before',
        ExpressionAttributeValues: { ':account': accountId, ':from': from, ':before': before },
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    for (const entry of Items as BookedEntry[]) {
      // The index gives what has one moment in any order; all that is folded goes by moments and then by ids.
      if (moment[0] && moment[0].bookedAt !== entry.bookedAt) {
        yield* moment.sort(byId);
        moment = [];
      }
      moment.push(entry);
    }
    start = LastEvaluatedKey;
  } while (start);
  yield* moment.sort(byId);
}

function byId({ id: one }: BookedEntry, { id: other }: BookedEntry): number {
  return one < other ? -1 : Number(one > other);
}
