/** Objects of an account as a purge ends them: tagged, then deleted with every version and listed again to none, and open uploads. */
import type { Hold } from '../accounts/holds-store.ts';
import type { TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import { findJob } from '../generation/jobs-store.ts';
import { documentObjectKey } from '../qualification/document.ts';
import { documentsOf } from '../qualification/documents-store.ts';
import { keptBy, objectsOf } from './hold.ts';
import { manifestWrites } from './manifest-store.ts';
import {
  abortUploads,
  deleteVersions,
  lockVersions,
  type ObjectVersion,
  tagPurged,
  untag,
  type VersionPlace,
  versionsUnder,
} from './objects-client.ts';
import { Changed, change, type Outcome, type PurgeDependencies, type Purging } from './purging-command.ts';
import { changeWrite } from './terminations-store.ts';

export const OBJECT_PHASES: Readonly<Record<'tags' | 'objects' | 'uploads', (purging: Purging) => Promise<Outcome>>> = {
  tags: purging =>
    eachPage(purging, async ({ bucketClass, bucket }, versions) => {
      const current = versions.filter(
        ({ key, isLatest, isMarker }) => isLatest && !isMarker && !purging.kept.object(bucketClass, key),
      );
      await claimed(purging, [], () =>
        tagPurged(
          bucket,
          current.map(({ key }) => key),
        ),
      );
    }),

  async objects(purging) {
    const { dependencies, kept, holds } = purging;
    let left = 0;
    const isWhole = purging.termination.cursor === undefined;
    const outcome = await eachPage(purging, async ({ bucketClass, bucket }, versions) => {
      const going = versions.filter(({ key }) => !kept.object(bucketClass, key));
      if (going.length === 0) return;
      left += going.length;
      const hashes = await hashesOf(purging, bucketClass, going);
      const written = manifestWrites(
        dependencies.tables.core,
        purging.termination.terminationId,
        bucketClass,
        going,
        hashes,
      );
      await claimed(purging, written, async () => {
        await lockVersions(bucket, unlockable(holds, bucketClass, going), 'OFF');
        await deleteVersions(bucket, going);
      });
    });
    if (outcome !== 'done') return outcome;
    // Listed again until nothing is there that no hold keeps.
    if (left === 0 && isWhole) return 'done';
    await change(purging, { cursor: undefined });
    return OBJECT_PHASES.objects(purging);
  },

  async uploads(purging) {
    const { buckets, isOver } = purging.dependencies;
    const { accountId } = purging.termination;
    for (const { bucket } of buckets) {
      for (let aborted = 1; aborted > 0; ) {
        if (isOver()) return 'more';
        aborted = await abortUploads(bucket, prefixOf(accountId));
        const { rows } = purging.termination;
        if (aborted > 0) await change(purging, { rows: { ...rows, [ABORTED]: (rows[ABORTED] ?? 0) + aborted } });
      }
    }
    return 'done';
  },
};

const ABORTED = 'uploads/ABORTED';
/** Longer than S3 takes for a page, tries again included. */
const PAGE_MS = 20_000;

const prefixOf = (accountId: string): string => `accounts/${accountId}/`;

/** While a page of objects is under way no hold is placed: whoever places one is answered only once it keeps what it names. */
async function claimed(purging: Purging, writes: TransactWrite[], act: () => Promise<void>): Promise<void> {
  const { dependencies, termination } = purging;
  const pageUntil = dependencies.now() + PAGE_MS;
  const named = Object.fromEntries(writes.map((write, index) => [`page ${index}`, write]));
  const refused = await commit({
    ...named,
    termination: changeWrite(dependencies.tables.core, termination, { pageUntil }),
  });
  if (refused) throw new Changed();
  purging.termination = { ...termination, pageUntil, revision: termination.revision + 1 };
  await act();
}

interface Place extends VersionPlace {
  readonly bucketClass: string;
}

/** All versions of the account page by page, in each bucket, from where the cursor is. */
async function eachPage(
  purging: Purging,
  act: (bucket: PurgeDependencies['buckets'][number], versions: readonly ObjectVersion[]) => Promise<void>,
): Promise<Outcome> {
  const { dependencies } = purging;
  const { cursor, accountId } = purging.termination;
  const place = cursor === undefined ? undefined : (JSON.parse(cursor) as Place);
  const first = Math.max(
    0,
    dependencies.buckets.findIndex(({ bucketClass }) => bucketClass === place?.bucketClass),
  );
  for (const [index, each] of dependencies.buckets.slice(first).entries()) {
    let after: VersionPlace | undefined = index === 0 && place && place.key !== '' ? place : undefined;
    do {
      const { versions, next } = await versionsUnder(each.bucket, prefixOf(accountId), after);
      await act(each, versions);
      after = next;
      const at: Place = { bucketClass: each.bucketClass, key: '', ...next };
      if (next) await change(purging, { cursor: JSON.stringify(at), pageUntil: undefined });
      if (next && dependencies.isOver()) return 'more';
    } while (after);
  }
  if (purging.termination.pageUntil !== undefined) await change(purging, { pageUntil: undefined });
  return 'done';
}

/** Versions that a hold had locked which was lifted: where that was cut off, the lock is still on. */
function unlockable(holds: readonly Hold[], bucketClass: string, versions: readonly ObjectVersion[]): ObjectVersion[] {
  // One of all the account locks nothing, and not every bucket has locks.
  const lifted = keptBy(
    holds
      .filter(({ liftedAt, kind }) => liftedAt !== undefined && kind !== 'account')
      .map(({ liftedAt: _, ...hold }) => hold),
  );
  return lifted.isEmpty ? [] : versions.filter(({ key }) => lifted.object(bucketClass, key));
}

/** Hashes of what is known: of documents, and of videos as they were delivered. */
async function hashesOf(
  purging: Purging,
  bucketClass: string,
  versions: readonly ObjectVersion[],
): Promise<ReadonlyMap<string, string>> {
  const { tables } = purging.dependencies;
  const { accountId } = purging.termination;
  const hashes = new Map<string, string>();
  if (bucketClass === 'documents') {
    for (const { documentId, sha256 } of await documentsOf(tables.core, accountId))
      hashes.set(documentObjectKey(accountId, documentId), sha256);
  }
  if (bucketClass === 'media') {
    for (const { key } of versions) {
      const jobId = /\/videos\/(\d+)\/\d+\/video\.mp4$/.exec(key)?.[1];
      if (jobId === undefined || hashes.has(key)) continue;
      const { deliverable } = (await findJob(tables.jobs, accountId, Number(jobId))) ?? {};
      if (deliverable?.videoKey === key) hashes.set(key, deliverable.sha256);
    }
  }
  return hashes;
}

/** What a hold keeps has no tag by which a rule would end it. */
export async function unmark({ dependencies, termination, holds }: Purging): Promise<void> {
  const { accountId } = termination;
  const active = holds.filter(({ liftedAt }) => liftedAt === undefined);
  const all = active.some(({ kind }) => kind === 'account');
  for (const { bucketClass, bucket } of dependencies.buckets) {
    const named = active.flatMap(hold => objectsOf(hold) ?? []).filter(held => held.bucketClass === bucketClass);
    for (const prefix of all ? [prefixOf(accountId)] : named.map(({ key }) => key)) {
      let after: VersionPlace | undefined;
      do {
        const { versions, next } = await versionsUnder(bucket, prefix, after);
        await untag(
          bucket,
          versions.filter(({ isLatest, isMarker }) => isLatest && !isMarker).map(({ key }) => key),
        );
        after = next;
      } while (after);
    }
  }
}
