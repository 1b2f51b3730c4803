/**
 * Rows of an account as a purge erases or reduces them, by pages of bounded size: each page is one transaction with the count
 * of what went, and is refused where anything that it was decided on has changed. So what a certificate says that went, went once.
 */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documents, type TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import { kindOfRow } from './purge-phases.ts';
import type { Termination } from './termination.ts';
import { changeWrite } from './terminations-store.ts';

/** Of a transaction's hundred: a row may be two writes, and one is the termination's. */
export const ROWS_A_PAGE = 40;

export type Row = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

interface RowQuery {
  readonly table: string;
  readonly index?: string;
  /** The name and the value of the partition's key. */
  readonly by: readonly [string, string];
  /** Of the sort key, what it begins with. */
  readonly prefix?: string;
  /** After this sort key. */
  readonly after?: string | undefined;
}

/** A page of rows, and whether there are more after it. */
export async function rowsOf({
  table,
  index,
  by: [name, value],
  prefix,
  after,
}: RowQuery): Promise<{ rows: Row[]; more: boolean }> {
  const isAfter = after !== undefined && index === undefined;
  const range = isAfter ? ' AND sk > :after' : prefix === undefined ? '' : ' AND begins_with(sk, :prefix)';
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
      KeyConditionExpression: `#by = :by${range}`,
      ExpressionAttributeNames: { '#by': name },
      ExpressionAttributeValues: {
        ':by': value,
        ...(isAfter ? { ':after': after } : prefix !== undefined && { ':prefix': prefix }),
      },
      Limit: ROWS_A_PAGE,
    }),
  );
  const rows = (Items as Row[]).filter(({ sk }) => prefix === undefined || sk.startsWith(prefix));
  return { rows, more: LastEvaluatedKey !== undefined };
}

export async function rowExists({ table, pk, sk }: { table: string; pk: string; sk: string }): Promise<boolean> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }));
  return Item !== undefined;
}

/** What one page does to rows. */
export interface RowWrite {
  readonly write: TransactWrite;
  /** What it counts as, such as `core/MAIL`; absent where nothing went by it. */
  readonly kind?: string | undefined;
}

/** Erases a row. */
export function eraseWrite(
  table: string,
  name: string,
  { pk, sk }: Pick<Row, 'pk'> & { sk?: string },
  kind?: string,
): RowWrite {
  return {
    write: { Delete: { TableName: table, Key: { pk, ...(sk !== undefined && { sk }) } } },
    kind: `${name}/${kind ?? kindOfRow(sk ?? pk)}`,
  };
}

/** Commits a page with its counts; the termination after it, or undefined where it was refused and must be read again. */
export async function commitPage(
  table: string,
  termination: Termination,
  page: readonly RowWrite[],
  set: Partial<Termination> = {},
): Promise<Termination | undefined> {
  const rows = { ...(set.rows ?? termination.rows) };
  for (const { kind } of page) if (kind !== undefined) rows[kind] = (rows[kind] ?? 0) + 1;
  const changed = { ...set, rows };
  const writes = Object.fromEntries(page.map(({ write }, index) => [`row ${index}`, write]));
  const refused = await commit({ ...writes, termination: changeWrite(table, termination, changed) });
  return refused ? undefined : { ...termination, ...changed, revision: termination.revision + 1 };
}
