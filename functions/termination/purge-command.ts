/**
 * The purge of an account, phase by phase, each of pages of bounded size. Invariants: a page is decided on the holds that the
 * termination knows of, and is refused where there are others; what goes is written down with it or before it; whatever is
 * cut off is done again from where it was, and comes to the same.
 */
import { provenAddress } from '../accounts/account.ts';
import { findAccount } from '../accounts/accounts-store.ts';
import { type Hold, holdsOf } from '../accounts/holds-store.ts';
import { mailWrite } from '../accounts/mails-store.ts';
import { accountsOffender } from '../accounts/offenders-store.ts';
import { addressHash } from '../accounts/verification.ts';
import { erasedEvent } from '../audit/chain.ts';
import { callsPartition, eventOf } from '../audit/event.ts';
import { END_NOTICE_DAYS } from '../catalogue/ledger-kinds.ts';
import type { DatedLots } from '../credits/lots.ts';
import { dayPlus } from '../data/day-shard.ts';
import { accountKey, personKey } from '../data/item-keys.ts';
import { commit } from '../data/transaction.ts';
import { findJob } from '../generation/jobs-store.ts';
import { documentObjectKey } from '../qualification/document.ts';
import { documentsOf } from '../qualification/documents-store.ts';
import { type Kept, keptBy, objectsOf } from './hold.ts';
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
import { isBook, PURGE_PHASES, type PurgePhase, phaseAfter } from './purge-phases.ts';
import { commitPage, eraseWrite, type Row, type RowWrite, rowsOf } from './rows-store.ts';
import { areDocumented, settleCredits } from './settle-credits-command.ts';
import { dropGatewayKeys, type StopDependencies, stopJobs } from './stop-work-command.ts';
import type { Termination } from './termination.ts';
import { notify, type TerminationDependencies } from './termination-command.ts';
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

interface Purging {
  readonly dependencies: PurgeDependencies;
  readonly kept: Kept;
  readonly holds: readonly Hold[];
  termination: Termination;
}

/** Goes through the phases from where the termination is, until time is over; throws `Changed` where it must be read again. */
export async function purgeAccount(dependencies: PurgeDependencies, read: Termination): Promise<Pass> {
  // After the termination was read: a hold that came since makes the first page be refused.
  const holds = await holdsOf(dependencies.tables.core, read.accountId);
  const purging: Purging = { dependencies, holds, kept: keptBy(holds), termination: read };
  if (purging.kept.all) {
    await unmark(purging);
    return { termination: purging.termination, outcome: 'done' };
  }
  for (let phase: PurgePhase | undefined = read.phase ?? PURGE_PHASES[0]; phase; ) {
    if (dependencies.isOver()) return { termination: purging.termination, outcome: 'more' };
    const outcome = await PHASES[phase](purging);
    if (outcome !== 'done') return { termination: purging.termination, outcome };
    phase = phaseAfter(phase);
    if (phase) await change(purging, { phase, cursor: undefined, pageUntil: undefined });
  }
  if (!purging.kept.isEmpty) await unmark(purging);
  return { termination: purging.termination, outcome: 'done' };
}

async function change(purging: Purging, set: Partial<Record<keyof Termination, unknown>>): Promise<void> {
  const { dependencies, termination } = purging;
  if (await commit({ termination: changeWrite(dependencies.tables.core, termination, set) })) throw new Changed();
  purging.termination = { ...termination, ...set, revision: termination.revision + 1 } as Termination;
}

async function page(purging: Purging, writes: readonly RowWrite[], set: Partial<Termination> = {}): Promise<void> {
  const after = await commitPage(purging.dependencies.tables.core, purging.termination, writes, set);
  if (!after) throw new Changed();
  purging.termination = after;
}

type Outcome = Pass['outcome'];

const PHASES: Readonly<Record<PurgePhase, (purging: Purging) => Promise<Outcome>>> = {
  async notice({ dependencies, termination }) {
    const account = await findAccount(dependencies.tables.core, termination.accountId);
    if (!account || provenAddress(account) === undefined) return 'done';
    const { terminationId, certificateId = '', purgeStartedAt = '' } = termination;
    const mailId = terminationId.replace(/^term_/, 'mail_');
    const mail = {
      mailId,
      template: 'termination_purge',
      fields: { certificate: certificateId },
      createdAt: purgeStartedAt,
    } as const;
    // Written before it is the same.
    await commit({ mail: mailWrite(dependencies.tables.core, account.accountId, mail) });
    await notify(dependencies, account, mailId);
    return 'done';
  },

  async work(purging) {
    const { dependencies, termination } = purging;
    while (!(await stopJobs(dependencies, termination.accountId))) if (dependencies.isOver()) return 'more';
    const after = await dropGatewayKeys(dependencies, termination);
    if (!after) throw new Changed();
    purging.termination = after;
    return 'done';
  },

  async credits({ dependencies, termination }) {
    while (!(await settleCredits(dependencies, termination))) if (dependencies.isOver()) return 'more';
    return 'done';
  },

  async documents({ dependencies, termination }) {
    return (await areDocumented(dependencies, termination)) ? 'done' : 'wait';
  },

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
    return PHASES.objects(purging);
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

  jobs(purging) {
    const { dependencies, termination, kept } = purging;
    const table = dependencies.tables.jobs;
    return eachRow(purging, { table, by: ['pk', termination.accountId] }, row =>
      kept.row('jobs', row.sk) ? [] : [eraseWrite(table, 'jobs', row)],
    );
  },

  records(purging) {
    const { dependencies, termination } = purging;
    const table = dependencies.tables.idempotency;
    const query = { table, index: 'byAccount', by: ['accountId', termination.accountId] as const };
    return indexedRows(purging, query, ({ pk }) => [eraseWrite(table, 'idempotency', { pk }, 'RECORD')]);
  },

  keys(purging) {
    const { dependencies, termination } = purging;
    const table = dependencies.tables.core;
    const query = { table, index: 'keysByAccount', by: ['accountId', termination.accountId] as const };
    return indexedRows(purging, query, row =>
      row.pk.startsWith('KEY#') ? [eraseWrite(table, 'core', row, 'KEY')] : [],
    );
  },

  async lists(purging) {
    const { dependencies, termination } = purging;
    const { core } = dependencies.tables;
    const { accountId } = termination;
    const own = accountKey(accountId).pk;
    const terms = await eachRow(purging, { table: core, by: ['pk', own], prefix: 'FIND#' }, row => [
      eraseWrite(core, 'core', row.find as Row, 'FIND'),
      eraseWrite(core, 'core', row),
    ]);
    if (terms !== 'done') return terms;
    for await (const { open } of lotsOf(core, accountId)) {
      for (const day of new Set(
        open.flatMap(({ expiresOn }) => (expiresOn ? [expiresOn, dayPlus(expiresOn, -END_NOTICE_DAYS)] : [])),
      )) {
        await eraseFound(purging, ['CREDITS_DUE', `${day}#${accountId}#`]);
      }
    }
    for (const keyId of termination.gatewayKeyIds ?? [])
      await eraseFound(purging, ['FINANCE#GATEWAY_KEYS', keyId], 'GATEWAY_KEY');
    const account = await findAccount(core, accountId);
    const { rows: codes } = await rowsOf({ table: core, by: ['pk', own], prefix: 'EMAIL#' });
    const addresses = new Set(
      [account?.email, ...codes.map(({ email }) => email)].filter(email => typeof email === 'string'),
    );
    for (const email of addresses) await eraseFound(purging, [`ADDRESS#${addressHash(email)}`]);
    return 'done';
  },

  async people(purging) {
    const { dependencies, termination } = purging;
    const { core } = dependencies.tables;
    const { accountId, cause } = termination;
    const account = await findAccount(core, accountId);
    if (account?.email !== undefined && cause === 'violation') {
      const offender = accountsOffender(core, await dependencies.offenderKey(), account.email, dependencies.now());
      await page(purging, [{ write: offender }]);
    }
    for (const personId of await membersOf(purging)) {
      const { rows } = await rowsOf({ table: core, by: ['pk', personKey(personId).pk] });
      const own = rows.filter(row => row.accountId === accountId);
      if (own.length === 0) continue;
      // First: once the row is gone, nothing says whose sign-in it was.
      await dependencies.deleteUser(personId.replace(/^user_/, ''));
      await page(
        purging,
        own.map(row => eraseWrite(core, 'core', row)),
        counted(purging, SIGN_INS, 1),
      );
    }
    return 'done';
  },

  async audit(purging) {
    const { dependencies, termination } = purging;
    const table = dependencies.tables.audit;
    const { accountId } = termination;
    const reduced = await eachRow(purging, { table, by: ['pk', accountId], prefix: 'EVENT#' }, row => {
      const event = eventOf(row);
      if (event.erasedHash !== undefined || event.action === 'account.erased') return [];
      const Item = { pk: row.pk, sk: row.sk, ...erasedEvent(event) };
      return [{ write: { Put: { TableName: table, Item } }, kind: 'audit/EVENT reduced' }];
    });
    if (reduced !== 'done') return reduced;
    const query = { table, by: ['pk', callsPartition(accountId)] as const, prefix: 'EVENT#' };
    return eachRow(purging, query, row => [eraseWrite(table, 'audit', row, 'CALL')]);
  },

  ledger(purging) {
    const { dependencies, termination, kept } = purging;
    const table = dependencies.tables.ledger;
    if (kept.ledger) return Promise.resolve('done');
    return eachRow(purging, { table, by: ['pk', termination.accountId] }, ({ pk, sk, reason }) =>
      reason === undefined ? [] : [{ write: reducing(table, { pk, sk }, ['reason']), kind: 'ledger/entry reduced' }],
    );
  },

  account(purging) {
    const { dependencies, termination, kept } = purging;
    const table = dependencies.tables.core;
    return eachRow(purging, { table, by: ['pk', accountKey(termination.accountId).pk] }, row => {
      const { pk, sk, createdBy } = row;
      if (kept.row('core', sk)) return [];
      if (!isBook(sk)) return [eraseWrite(table, 'core', row)];
      if (createdBy === undefined) return [];
      return [
        {
          write: reducing(table, { pk, sk }, ['createdBy', 'checkoutUrl', 'sessionId']),
          kind: 'core/PURCHASE reduced',
        },
      ];
    });
  },
};

const ABORTED = 'uploads/ABORTED';
const SIGN_INS = 'cognito/USER';
/** Longer than S3 takes for a page, tries again included. */
const PAGE_MS = 20_000;

const prefixOf = (accountId: string): string => `accounts/${accountId}/`;

function counted({ termination: { rows } }: Purging, kind: string, by: number): Partial<Termination> {
  return { rows: { ...rows, [kind]: (rows[kind] ?? 0) + by } };
}

function reducing(table: string, Key: { pk: string; sk: string }, fields: readonly string[]) {
  const names = Object.fromEntries(fields.map((field, index) => [`#f${index}`, field]));
  return {
    Update: {
      TableName: table,
      Key,
      UpdateExpression: `REMOVE ${Object.keys(names).join(', ')}`,
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: names,
    },
  };
}

/** While a page of objects is under way no hold is placed: whoever places one is answered only once it keeps what it names. */
async function claimed(
  purging: Purging,
  writes: Parameters<typeof commit>[0][string][],
  act: () => Promise<void>,
): Promise<void> {
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

/** All rows of a partition page by page; `write` says what becomes of each. */
async function eachRow(
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
async function indexedRows(
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
async function eraseFound(purging: Purging, [pk, prefix]: readonly [string, string?], kind?: string): Promise<void> {
  const table = purging.dependencies.tables.core;
  const { rows } = await rowsOf({ table, by: ['pk', pk], ...(prefix !== undefined && { prefix }) });
  if (rows.length > 0)
    await page(
      purging,
      rows.map(row => eraseWrite(table, 'core', row, kind ?? pk.split('#')[0])),
    );
}

async function* lotsOf(table: string, accountId: string): AsyncGenerator<DatedLots> {
  let after: string | undefined;
  do {
    const { rows, more } = await rowsOf({ table, by: ['pk', `LOTS#${accountId}`], after });
    yield* rows as unknown as DatedLots[];
    after = more ? rows.at(-1)?.sk : undefined;
  } while (after !== undefined);
}

/** Everybody who has acted for the account: who is noted as of it, and who has accepted terms for it before that was noted. */
async function membersOf({ dependencies, termination }: Purging): Promise<Set<string>> {
  const { core } = dependencies.tables;
  const by = ['pk', accountKey(termination.accountId).pk] as const;
  const [members, terms] = [
    await rowsOf({ table: core, by, prefix: 'MEMBER#' }),
    await rowsOf({ table: core, by, prefix: 'TERMS#' }),
  ];
  const ids = [...members.rows.map(({ personId }) => personId), ...terms.rows.map(({ acceptedBy }) => acceptedBy)];
  return new Set(ids.filter(id => typeof id === 'string' && id.startsWith('user_')) as string[]);
}

/** Versions that a hold had locked which was lifted: where that was cut off, the lock is still on. */
function unlockable(holds: readonly Hold[], bucketClass: string, versions: readonly ObjectVersion[]): ObjectVersion[] {
  const lifted = keptBy(holds.filter(({ liftedAt }) => liftedAt !== undefined).map(({ liftedAt: _, ...hold }) => hold));
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
async function unmark({ dependencies, termination, holds }: Purging): Promise<void> {
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
