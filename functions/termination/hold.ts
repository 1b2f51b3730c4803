/** Legal holds: what each keeps. Several may keep the same; it stays until the last of them is lifted. Pure. */
import type { Hold } from '../accounts/holds-store.ts';
import { documentKey, imageKey, jobKey, mediaKey } from '../data/item-keys.ts';
import { documentObjectKey } from '../qualification/document.ts';
import { imageObjectKey, jobFolder, mediaObjectKey } from '../uploads/object-keys.ts';

export type BucketClass = 'media' | 'documents';

/** What holds keep, as a purge reads it. */
export interface Kept {
  readonly isEmpty: boolean;
  readonly all: boolean;
  readonly ledger: boolean;
  /** Whether the object, of the bucket of that class, stays. */
  readonly object: (bucketClass: string, key: string) => boolean;
  /** Whether the row of that table stays. */
  readonly row: (table: 'core' | 'jobs', sk: string) => boolean;
}

/** Where the objects of what a hold names are: whole keys, or what they begin with where it ends in `/`. */
export function objectsOf({
  accountId,
  kind,
  targetId = '',
}: Hold): { bucketClass: BucketClass; key: string } | undefined {
  const id = Number(targetId);
  if (kind === 'video') return { bucketClass: 'media', key: jobFolder(accountId, id) };
  if (kind === 'image') return { bucketClass: 'media', key: imageObjectKey(accountId, id) };
  if (kind === 'media') return { bucketClass: 'media', key: mediaObjectKey(accountId, id) };
  if (kind === 'document') return { bucketClass: 'documents', key: documentObjectKey(accountId, targetId) };
  return undefined;
}

/** The row of what a hold names; undefined where it names no single one. */
export function rowOf({ accountId, kind, targetId = '' }: Hold): { table: 'core' | 'jobs'; sk: string } | undefined {
  const id = Number(targetId);
  if (kind === 'video') return { table: 'jobs', sk: jobKey(accountId, id).sk };
  if (kind === 'image') return { table: 'jobs', sk: imageKey(accountId, id).sk };
  if (kind === 'media') return { table: 'jobs', sk: mediaKey(accountId, id).sk };
  if (kind === 'document') return { table: 'core', sk: documentKey(accountId, targetId).sk };
  return undefined;
}

/** What the holds that are not lifted keep together. */
export function keptBy(holds: readonly Hold[]): Kept {
  const active = holds.filter(({ liftedAt }) => liftedAt === undefined);
  const all = active.some(({ kind }) => kind === 'account');
  const objects = active.flatMap(hold => objectsOf(hold) ?? []);
  const rows = active.flatMap(hold => rowOf(hold) ?? []);
  return {
    isEmpty: active.length === 0,
    all,
    ledger: all || active.some(({ kind }) => kind === 'ledger'),
    object: (bucketClass, key) =>
      all ||
      objects.some(
        held =>
          held.bucketClass === bucketClass && (held.key.endsWith('/') ? key.startsWith(held.key) : key === held.key),
      ),
    row: (table, sk) => all || rows.some(held => held.table === table && held.sk === sk),
  };
}

export function describeHold({ holdId, accountId, kind, targetId, reason, placedAt, liftedAt }: Hold) {
  return {
    id: holdId,
    object: 'account.hold' as const,
    account_id: accountId,
    kind,
    target_id: targetId ?? null,
    reason: reason ?? null,
    placed_at: placedAt,
    lifted_at: liftedAt ?? null,
  };
}
