/**
 * How phases of a purge read and write: page by page, each decided on the holds that the termination knows of and refused
 * where there are others, with what goes written down in the same transaction or before it.
 */
import type { Hold } from '../accounts/holds-store.ts';
import { commit } from '../data/transaction.ts';
import type { Kept } from './hold.ts';
import type { TerminationDependencies } from './move-command.ts';
import { commitPage, eraseWrite, type Row, type RowWrite, rowsOf } from './rows-store.ts';
import type { StopDependencies } from './stop-work-command.ts';
import type { Termination } from './termination.ts';
import { changeWrite } from './terminations-store.ts';

export interface PurgeDependencies extends TerminationDependencies, Omit<StopDependencies, 'tables'> {
  readonly tables: {
    readonly core: string;
    readonly jobs: string;
    readonly ledger: string;
    readonly idempotency: string;
    readonly audit: string;
  };
  /** Every bucket that has objects of accounts, but for that of invoices, which are books. */
  readonly buckets: readonly { readonly bucketClass: string; readonly bucket: string }[];
  /** Removes the user of the pool who signs in as this subject; does nothing where there is none. */
  readonly deleteUser: (subject: string) => Promise<void>;
  /** What addresses of terminated offenders are hashed with. */
  readonly offenderKey: () => Promise<string>;
  /** Whether the time of this run is over. */
  readonly isOver: () => boolean;
}

/** How a phase came out: done, cut off by time, or to wait for what others do. */
export type Pass = { readonly termination: Termination; readonly outcome: 'done' | 'more' | 'wait' };

/** What a page was decided on has changed: read, and decide again. */
export class Changed extends Error {}

export interface Purging {
  readonly dependencies: PurgeDependencies;
  readonly kept: Kept;
  readonly holds: readonly Hold[];
  termination: Termination;
}

export async function change(purging: Purging, set: Partial<Record<keyof Termination, unknown>>): Promise<void> {
  const { dependencies, termination } = purging;
  if (await commit({ termination: changeWrite(dependencies.tables.core, termination, set) })) throw new Changed();
  purging.termination = { ...termination, ...set, revision: termination.revision + 1 } as Termination;
}

export async function page(
  purging: Purging,
  writes: readonly RowWrite[],
  set: Partial<Termination> = {},
): Promise<void> {
  const after = await commitPage(purging.dependencies.tables.core, purging.termination, writes, set);
  if (!after) throw new Changed();
  purging.termination = after;
}

export type Outcome = Pass['outcome'];

export function counted({ termination: { rows } }: Purging, kind: string, by: number): Partial<Termination> {
  return { rows: { ...rows, [kind]: (rows[kind] ?? 0) + by } };
}

/** All rows of a partition page by page; `write` says what becomes of each. */
export async function eachRow(
  purging: Purging,
  query: Parameters<typeof rowsOf>[0],
  write: (row: Row) => RowWrite[],
): Promise<Outcome> {
  let after: string | undefined;
  for (;;) {
    const { rows, more } = await rowsOf({ ...query, after });
    const writes = rows.flatMap(write);
    after = rows.at(-1)?.sk;
    if (writes.length > 0) await page(purging, writes);
    if (!more || after === undefined) return 'done';
    if (purging.dependencies.isOver()) return 'more';
  }
}

/** Rows that an index gives. It follows its table: a row that is gone already is not there to go. */
export async function indexedRows(
  purging: Purging,
  query: Parameters<typeof rowsOf>[0],
  write: (row: Row) => RowWrite[],
): Promise<Outcome> {
  for (;;) {
    const { rows } = await rowsOf(query);
    const writes = rows.flatMap(write).map(({ write: { Delete }, kind }) => ({
      write: { Delete: { ...Delete, ConditionExpression: 'attribute_exists(pk)' } },
      kind,
    }));
    if (writes.length === 0) return 'done';
    await page(purging, writes as RowWrite[]);
    if (purging.dependencies.isOver()) return 'more';
  }
}

/** Erases what stands in a partition that is not the account's alone. */
export async function eraseFound(
  purging: Purging,
  [pk, prefix]: readonly [string, string?],
  kind?: string,
): Promise<void> {
  const table = purging.dependencies.tables.core;
  const { rows } = await rowsOf({ table, by: ['pk', pk], ...(prefix !== undefined && { prefix }) });
  if (rows.length > 0)
    await page(
      purging,
      rows.map(row => eraseWrite(table, 'core', row, kind ?? pk.split('#')[0])),
    );
}
