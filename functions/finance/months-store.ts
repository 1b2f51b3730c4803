/**
 * What was exported and closed, in the core table under its month. The condition of every write is the rule: nothing is
 * exported into a closed month or before one, one export of a day runs at a time, and a month is closed once, with the
 * exports and the month before it that were looked at.
 */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documents, type TransactWrite } from '../data/table.ts';
import { commit, type NamedWrites } from '../data/transaction.ts';
import type { DaySummary } from './export-day.ts';
import { type ClosedMonth, type DayRecord, mayStillRun, monthAfter, monthBefore, monthOf } from './month.ts';
import type { KnownDays } from './report.ts';

const dayKey = (day: string) => ({ pk: `FINANCE#${monthOf(day)}`, sk: `DAY#${day}` });
const closeKey = (month: string) => ({ pk: `FINANCE#${month}`, sk: 'CLOSE' });

export async function findDay(table: string, day: string): Promise<DayRecord | undefined> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: dayKey(day), ConsistentRead: true }));
  return Item as DayRecord | undefined;
}

export async function findClosed(table: string, month: string): Promise<ClosedMonth | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: closeKey(month), ConsistentRead: true }),
  );
  return Item as ClosedMonth | undefined;
}

export async function daysOfMonth(table: string, month: string): Promise<DayRecord[]> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :day)',
      ExpressionAttributeValues: { ':pk': `FINANCE#${month}`, ':day': 'DAY#' },
      ConsistentRead: true,
    }),
  );
  return Items as DayRecord[];
}

/** The days of these months whose files are there and are not being written again, and those of which there is a part. */
export async function knownDays(table: string, months: readonly string[]): Promise<KnownDays> {
  const days = (await Promise.all(months.map(month => daysOfMonth(table, month)))).flat();
  const provisional = days.filter(({ state }) => state === 'provisional');
  return {
    exported: new Set(days.filter(({ state }) => state === 'reconciled').map(({ day }) => day)),
    provisional: new Map(provisional.map(({ day, asOf = '' }) => [day, asOf])),
  };
}

/** An export of the day is under way, or has just begun: this one is not needed, or comes later. */
export class ExportBusy extends Error {}

/**
 * Marks a day as being exported from `at` (ISO 8601) and returns the number of the run. Throws where its month or the
 * one after it is closed, or another export of it may still run: that would write over the files of this one.
 */
export async function beginDay(table: string, day: string, at: string): Promise<number> {
  const before = await findDay(table, day);
  const run = before?.run ?? 0;
  if (before && mayStillRun(before, at)) {
    throw new ExportBusy(
      `another export of ${day} began at ${before.startedAt}: wait for its end, or 15 minutes from then`,
    );
  }
  const refused = await commit({
    ...whileOpen(table, day),
    day: {
      Update: {
        TableName: table,
        Key: dayKey(day),
        UpdateExpression: 'SET #day = :day, #state = :state, #run = :next, startedAt = :at',
        ConditionExpression: '#run = :run OR (attribute_not_exists(#run) AND :run = :none)',
        ExpressionAttributeNames: { '#day': 'day', '#state': 'state', '#run': 'run' },
        ExpressionAttributeValues: {
          ':day': day,
          ':state': 'exporting',
          ':next': run + 1,
          ':at': at,
          ':run': run,
          ':none': 0,
        },
      },
    },
  });
  if (!refused) return run + 1;
  for (const month of [monthOf(day), monthAfter(monthOf(day))]) {
    if (await findClosed(table, month))
      throw new RangeError(`${month} is closed: the files of ${day} stay as they are`);
  }
  throw new ExportBusy(`another export of ${day} has just begun; this one is not needed`);
}

/** After an export that failed: another may begin at once. */
export async function abandonDay(table: string, day: string, run: number): Promise<void> {
  await commit({
    day: {
      Update: {
        TableName: table,
        Key: dayKey(day),
        UpdateExpression: 'REMOVE startedAt',
        ConditionExpression: '#run = :run AND #state = :exporting',
        ExpressionAttributeNames: { '#run': 'run', '#state': 'state' },
        ExpressionAttributeValues: { ':run': run, ':exporting': 'exporting' },
      },
    },
  });
}

/** Records what was exported; false where another run has begun since, or the month was closed. */
export async function finishDay(
  table: string,
  day: string,
  run: number,
  summary: DaySummary,
  at: string,
): Promise<boolean> {
  return finish(table, day, run, { ...summary, state: 'reconciled', finishedAt: at });
}

/** Records that the entries of a day that goes on are there as they were at `asOf`, ISO 8601; false as `finishDay`. */
export async function finishInterim(table: string, day: string, run: number, asOf: string): Promise<boolean> {
  return finish(table, day, run, { state: 'provisional', asOf });
}

async function finish(table: string, day: string, run: number, members: object): Promise<boolean> {
  const names = Object.keys(members);
  const refused = await commit({
    ...whileOpen(table, day),
    day: {
      Update: {
        TableName: table,
        Key: dayKey(day),
        UpdateExpression: `SET ${names.map(name => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: '#run = :run AND #state = :exporting',
        ExpressionAttributeNames: { ...Object.fromEntries(names.map(name => [`#${name}`, name])), '#run': 'run' },
        ExpressionAttributeValues: {
          ...Object.fromEntries(Object.entries(members).map(([name, value]) => [`:${name}`, value])),
          ':run': run,
          ':exporting': 'exporting',
        },
      },
    },
  });
  return !refused;
}

/** Closes the month with these days, and its audit event in the same transaction; false where anything has changed since. */
export async function putClosed(
  table: string,
  closed: ClosedMonth,
  days: readonly DayRecord[],
  event: TransactWrite,
): Promise<boolean> {
  const writes: NamedWrites = {
    close: {
      Put: {
        TableName: table,
        Item: { ...closeKey(closed.month), ...closed },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    before: asItWas(table, monthBefore(closed.month), closed.previousHash),
    after: asItWas(table, monthAfter(closed.month), null),
    event,
  };
  const asSeen = days.map(({ day, run }) => ({
    ConditionCheck: {
      TableName: table,
      Key: dayKey(day),
      ConditionExpression: '#run = :run AND #state = :reconciled',
      ExpressionAttributeNames: { '#run': 'run', '#state': 'state' },
      ExpressionAttributeValues: { ':run': run, ':reconciled': 'reconciled' },
    },
  }));
  return !(await commit({ ...writes, ...Object.fromEntries(asSeen.map((check, index) => [`day ${index}`, check])) }));
}

/** The month after as well: it is chained to this one as it is. */
function whileOpen(table: string, day: string): NamedWrites {
  const month = monthOf(day);
  return { month: asItWas(table, month, null), monthAfter: asItWas(table, monthAfter(month), null) };
}

/** A month is closed with this hash, or with null not closed. */
function asItWas(table: string, month: string, hash: string | null): TransactWrite {
  const condition =
    hash === null
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#hash = :hash',
          ExpressionAttributeNames: { '#hash': 'hash' },
          ExpressionAttributeValues: { ':hash': hash },
        };
  return { ConditionCheck: { TableName: table, Key: closeKey(month), ...condition } };
}
