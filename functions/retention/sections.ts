/** What an export packs, in its order: the kinds of items that have a folder, page by page, each with the files that it names. Pure. */
import type { Deliverable } from '../generation/job.ts';
import type { ItemKind } from './inventory.ts';
import { CONDUCT_KINDS } from './inventory-conduct.ts';
import { CORE_KINDS } from './inventory-core.ts';
import { RECORD_KINDS } from './inventory-records.ts';

export const ITEM_KINDS: readonly ItemKind[] = [...CORE_KINDS, ...CONDUCT_KINDS, ...RECORD_KINDS];

/** The others hold nothing of which an owner would have use. */
export type ExportedTable = Exclude<ItemKind['table'], 'idempotency' | 'seals'>;

export interface Section {
  /** The folder. */
  readonly name: string;
  readonly kind: ItemKind;
  readonly table: ExportedTable;
  /** Rows of a page: few where each brings files of megabytes. */
  readonly limit: number;
}

const ROWS = 500;
const ROWS_WITH_FILES = 25;
const WITH_FILES: readonly string[] = ['videos', 'images', 'media', 'invoices'];

export const SECTIONS: readonly Section[] = ITEM_KINDS.flatMap(kind => {
  const { folder: name, table } = kind;
  if (name === undefined || table === 'idempotency' || table === 'seals') return [];
  return [{ name, kind, table, limit: WITH_FILES.includes(name) ? ROWS_WITH_FILES : ROWS }];
});

type Row = Readonly<Record<string, unknown>>;

/** A page of rows as a file of JSON lines, without what is the platform's alone. */
export function rowsFile({ name, kind }: Section, page: number, rows: readonly Row[]) {
  const shown = rows.filter(row => kind.isShown?.(row) ?? true);
  const text = shown.map(row => `${JSON.stringify(ownersView(kind, row), plain)}\n`).join('');
  return { name: `${name}/${name}-${String(page).padStart(6, '0')}.jsonl`, input: one(text) };
}

/** What is listed, and for export. What staff did and why is the owner's to know; which of them, and from where, is not. */
function ownersView({ attributes }: ItemKind, row: Row): Row {
  const isOfStaff = isStaff(row.actorId);
  return Object.fromEntries(
    Object.entries(row).filter(
      ([name]) => attributes[name]?.exported === true && !(isOfStaff && (name === 'address' || name === 'client')),
    ),
  );
}

const isStaff = (value: unknown): boolean => typeof value === 'string' && /^staff_[\w-]+$/.test(value);

function plain(_: string, value: unknown): unknown {
  if (isStaff(value)) return 'staff';
  return value instanceof Set ? [...value] : value;
}

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

export interface NamedFile {
  readonly bucket: 'media' | 'invoices';
  /** In the bucket. */
  readonly key: string;
  /** In the export. */
  readonly name: string;
}

/** The files that a row names. */
export function filesOf({ name }: Section, row: Row): NamedFile[] {
  if (name === 'videos') return filesOfJob(row as { jobId: number; deliverable?: Deliverable });
  if (name === 'images' || name === 'media') {
    const { imageId, mediaId, objectKey, contentType } = row;
    if (typeof objectKey !== 'string') return [];
    return [{ bucket: 'media', key: objectKey, name: `${name}/${imageId ?? mediaId}${ending(contentType)}` }];
  }
  if (name === 'invoices') {
    const { accountId, invoiceId, number, pdf } = row as Record<string, string> & { pdf?: { sha256: string } };
    if (!pdf) return [];
    return [
      {
        bucket: 'invoices',
        key: `accounts/${accountId}/${invoiceId}/${pdf.sha256}.pdf`,
        name: `invoices/${number}.pdf`,
      },
    ];
  }
  return [];
}

function filesOfJob({ jobId, deliverable }: { jobId: number; deliverable?: Deliverable }): NamedFile[] {
  if (!deliverable) return [];
  const { videoKey, thumbnailKey, spritesheetKey, masks = [] } = deliverable;
  const keys = [videoKey, thumbnailKey, spritesheetKey, ...masks.map(({ key }) => key)];
  return keys.flatMap(key =>
    key === undefined
      ? []
      : [{ bucket: 'media' as const, key, name: `videos/${jobId}/${key.slice(key.lastIndexOf('/') + 1)}` }],
  );
}

/** `.png` of `image/png`; none where the type says no ending. */
function ending(contentType: unknown): string {
  const [, kind] = /^\w+\/([\w-]+)$/.exec(String(contentType)) ?? [];
  return kind === undefined ? '' : `.${kind === 'jpeg' ? 'jpg' : kind}`;
}
