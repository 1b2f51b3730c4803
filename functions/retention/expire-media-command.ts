/**
 * Removes what was kept until a moment that has passed, and writes to an account before the first time. Readers are refused
 * from that moment on, whether or not this has run. It relies on no lifecycle rule, is done once however often it is tried,
 * and what it does for one object is a fixed number of calls. What a legal hold keeps stays, and is looked at again every night:
 * once the hold is lifted it goes.
 */
import type { Account } from '../accounts/account.ts';
import { accountWrite, changeAccount } from '../accounts/account-changes-store.ts';
import { findAccount } from '../accounts/accounts-store.ts';
import { holdsOf } from '../accounts/holds-store.ts';
import { deliverMail, type MailDependencies } from '../accounts/mail-command.ts';
import { mailWrite } from '../accounts/mails-store.ts';
import { EXPIRY_WARNING_DAYS, isOver, momentText } from '../catalogue/retention.ts';
import { commit } from '../data/transaction.ts';
import { findJob } from '../generation/jobs-store.ts';
import { deleteJob } from '../generation/videos/end-video-command.ts';
import { prefixedId } from '../runtime/ids.ts';
import { count, logger } from '../runtime/runtime.ts';
import { keptBy } from '../termination/hold.ts';
import { untag, versionsUnder } from '../termination/objects-client.ts';
import { purge } from '../uploads/media-store.ts';
import { jobFolder } from '../uploads/object-keys.ts';
import { type DueKey, endingBetween, findUpload, forgetUpload } from './due-store.ts';

export interface ExpireMediaDependencies extends MailDependencies {
  readonly tables: { readonly core: string; readonly jobs: string; readonly audit: string };
  readonly mediaBucket: string;
}

export interface Expired {
  /** Videos, images of templates and selections of masks that were deleted. */
  readonly videos: number;
  /** Images, video and audio that were forgotten. */
  readonly uploads: number;
  /** What was over and stays, as a legal hold keeps it. */
  readonly held: number;
  /** Accounts that were written to. */
  readonly warned: number;
}

/** Of a page, side by side. */
const AT_ONCE = 8;
const DAY_MS = 24 * 3600_000;
/**
 * A job that was admitted in the last second before an upload's end may still work on it: an hour is the longest that one
 * lasts. A video is kept for its users by itself.
 */
const IN_USE_MS = 75 * 60_000;

/** What fails for one object does not stop the others: it is thrown once all were looked at, and a repeated call goes on. */
export async function expireMedia(dependencies: ExpireMediaDependencies): Promise<Expired> {
  const { tables, now } = dependencies;
  const failures: unknown[] = [];
  const at = now();
  const done = { videos: 0, uploads: 0, held: 0 };
  for await (const page of endingBetween(tables.jobs, 0, at)) {
    await each(page, failures, async key => {
      const isJob = key.sk.startsWith('JOB#');
      const became = isJob ? await endVideo(dependencies, key) : await endUpload(dependencies, key);
      if (became === 'ended') done[isJob ? 'videos' : 'uploads']++;
      if (became === 'held') done.held++;
    });
  }
  const warned = await warnOwners(dependencies, at, failures);
  count('RetentionVideosEnded', done.videos);
  count('RetentionUploadsEnded', done.uploads);
  logger.info('expired', { ...done, warned, failures: failures.length });
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} could not be looked at`);
  return { ...done, warned };
}

async function each<Item>(
  items: readonly Item[],
  failures: unknown[],
  act: (item: Item) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < items.length; first += AT_ONCE) {
    await Promise.all(
      items.slice(first, first + AT_ONCE).map(item =>
        act(item).catch(error => {
          logger.error('not expired', { item, error: error as Error });
          failures.push(error);
        }),
      ),
    );
  }
}

/** What became of one that was due: deleted now, kept by a hold, or somebody else's to end. */
type Became = 'ended' | 'held' | 'left';

/**
 * Whether a legal hold keeps what lies under the prefix. Its tags go, so that no rule of the bucket ends in days what this
 * leaves: a hold of a whole account locks nothing by itself, and what is made after it is kept by this too.
 */
async function isHeld(
  { tables, mediaBucket }: ExpireMediaDependencies,
  { pk, sk }: DueKey,
  prefix: string,
): Promise<boolean> {
  if (!keptBy(await holdsOf(tables.core, pk)).row('jobs', sk)) return false;
  const { versions } = await versionsUnder(mediaBucket, prefix);
  const shown = versions.filter(({ isLatest, isMarker }) => isLatest && !isMarker);
  await untag(
    mediaBucket,
    shown.map(({ key }) => key),
  );
  return true;
}

/** Its trace stays, its files go. */
async function endVideo(dependencies: ExpireMediaDependencies, key: DueKey): Promise<Became> {
  const { pk, sk } = key;
  const { tables, mediaBucket, now, random } = dependencies;
  const job = await findJob(tables.jobs, pk, Number(sk.slice('JOB#'.length)));
  // The index follows the table: it may still have one that was deleted meanwhile.
  if (job?.state !== 'succeeded' || !isOver(job, now())) return 'left';
  if (await isHeld(dependencies, key, jobFolder(pk, job.jobId))) return 'held';
  const { isNew } = await deleteJob({ jobsTable: tables.jobs, mediaBucket, now, random }, job, 'retention_ended');
  return isNew ? 'ended' : 'left';
}

/** The bytes go before the item that finds them: whoever is cut off in between begins again. */
async function endUpload(dependencies: ExpireMediaDependencies, key: DueKey): Promise<Became> {
  const { tables, mediaBucket, now } = dependencies;
  const upload = await findUpload(tables.jobs, key);
  if (!upload || !isOver(upload, now() - IN_USE_MS)) return 'left';
  if (await isHeld(dependencies, key, upload.objectKey)) return 'held';
  await purge(mediaBucket, upload.objectKey);
  return (await forgetUpload(tables.jobs, key, now())) ? 'ended' : 'left';
}

/** Answers to how many accounts it wrote. */
async function warnOwners(dependencies: ExpireMediaDependencies, at: number, failures: unknown[]): Promise<number> {
  const first = new Map<string, number>();
  for await (const page of endingBetween(dependencies.tables.jobs, at, at + EXPIRY_WARNING_DAYS * DAY_MS)) {
    for (const { pk, dueAt } of page) first.set(pk, Math.min(dueAt, first.get(pk) ?? dueAt));
  }
  let warned = 0;
  await each([...first], failures, async ([accountId, dueAt]) => {
    if (await warn(dependencies, accountId, dueAt)) warned++;
  });
  return warned;
}

/** Writes once to an account, before the first of what it has ends; whether it did now. */
async function warn(dependencies: ExpireMediaDependencies, accountId: string, dueAt: number): Promise<boolean> {
  const { tables, now, random } = dependencies;
  const account = await findAccount(tables.core, accountId);
  if (!account) return false;
  if (account.expiryWarnedAt !== undefined) {
    if (account.expiryMailId === undefined) return false;
    // Written by a run that could not send it.
    await send(dependencies, account, account.expiryMailId);
    return true;
  }
  const at = now();
  const createdAt = new Date(at).toISOString();
  const mailId = prefixedId('mail', at, random);
  const fields = { day: momentText(dueAt).slice(0, 10) };
  const written = await changeAccount(
    { tables, actor: { kind: 'platform', id: 'expire-media' }, now: at, random },
    accountId,
    { set: { expiryWarnedAt: createdAt, expiryMailId: mailId }, where: { expiryWarnedAt: undefined } },
    { action: 'notice.delivered', subject: 'media_ends', detail: fields },
    { mail: mailWrite(tables.core, accountId, { mailId, template: 'media_ends', fields, createdAt }) },
  );
  // Another run was faster, and sends it.
  if (!written) return false;
  await send(dependencies, account, mailId);
  return true;
}

async function send(dependencies: ExpireMediaDependencies, account: Account, mailId: string): Promise<void> {
  await deliverMail(dependencies, account, mailId);
  const sent = { set: { expiryMailId: undefined }, where: { expiryMailId: mailId } };
  await commit({ account: accountWrite(dependencies.tables.core, account.accountId, sent) });
}
