/** What follows from use: agreement to newer terms by starting a video, and the notice with the first delivered one. */

import { provenAddress } from '../accounts/account.ts';
import { changeAccount } from '../accounts/account-changes-store.ts';
import { findAccount } from '../accounts/accounts-store.ts';
import { putAcceptance } from '../accounts/agreements-store.ts';
import { noticeDue, termsAgreedBy } from '../accounts/continued-use.ts';
import { emailOf } from '../accounts/email-templates.ts';
import { mailTo } from '../accounts/mail-command.ts';
import type { OutboxEvent } from '../data/outbox.ts';
import { findJob } from '../generation/jobs-store.ts';
import type { Random } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';

export interface FollowDependencies {
  readonly tables: { readonly core: string; readonly audit: string };
  readonly jobsTable: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly mailFrom: string;
  /** Where people write to for help. */
  readonly support: string;
}

/** Before each try to send the notices of a batch; with three tries of 10 s at most it ends within the function's minute. */
const PAUSES_MS = [0, 1_000, 4_000];

/**
 * What fails for one event does not stop the others: agreements that could not be recorded are thrown once all else is
 * done, and a repeated call repeats nothing. A notice that cannot be sent stays due, and is tried again with the next video.
 */
export async function followUse(dependencies: FollowDependencies, events: readonly OutboxEvent[]): Promise<void> {
  const failures: unknown[] = [];
  for (const event of events.filter(({ type }) => type === 'video.queued')) {
    try {
      await agree(dependencies, event);
    } catch (error) {
      logger.error('agreement not recorded', { accountId: event.accountId, error: error as Error });
      failures.push(error);
    }
  }
  const delivered = events.filter(({ type }) => type === 'video.succeeded');
  await giveNotices(dependencies, delivered);
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} agreements were not recorded`);
}

/** Of the first event of each account. */
async function giveNotices(dependencies: FollowDependencies, delivered: readonly OutboxEvent[]): Promise<void> {
  let due = [...new Map(delivered.toReversed().map(event => [event.accountId, event])).values()];
  for (const ms of PAUSES_MS) {
    if (due.length === 0) return;
    await dependencies.pause(ms);
    const given = await Promise.all(due.map(event => isGiven(dependencies, event)));
    due = due.filter((_, index) => !given[index]);
  }
  for (const { accountId } of due) logger.error('notice not given', { accountId });
}

async function isGiven(dependencies: FollowDependencies, event: OutboxEvent): Promise<boolean> {
  try {
    return await giveNotice(dependencies, event);
  } catch (error) {
    logger.error('notice failed', { accountId: event.accountId, error: error as Error });
    return false;
  }
}

async function agree(dependencies: FollowDependencies, { accountId, jobId, at }: OutboxEvent): Promise<void> {
  const account = await findAccount(dependencies.tables.core, accountId);
  if (!account) return;
  const agreed = termsAgreedBy(account, Date.parse(at));
  if (!agreed) return;
  const { version } = agreed;
  const job = await findJob(dependencies.jobsTable, accountId, jobId);
  const acceptance = { version, acceptedAt: at, acceptedBy: job?.keyId ?? '', address: '' };
  await putAcceptance(changeTools(dependencies), account, { ...acceptance, how: 'continued_use' });
  logger.info('terms accepted by use', { accountId, version, jobId });
}

/** The e-mail goes first: one that is not recorded comes twice, one that was not sent would never come. False where it fails. */
async function giveNotice(dependencies: FollowDependencies, { accountId, jobId, at }: OutboxEvent): Promise<boolean> {
  const account = await findAccount(dependencies.tables.core, accountId);
  if (!account) return true;
  const { name, noticedTermsVersion } = account;
  const email = provenAddress(account);
  const version = noticeDue(account, Date.parse(at));
  if (version === undefined || email === undefined) return true;
  const letter = emailOf('ai_notice', { name, version, support: dependencies.support });
  if (!(await mailTo(dependencies, { accountId, to: email, template: 'ai_notice', email: letter }))) return false;
  const change = { set: { noticedTermsVersion: version }, where: { noticedTermsVersion } };
  const details = { action: 'notice.delivered', subject: 'ai_notice', detail: { version, jobId } } as const;
  await changeAccount(changeTools(dependencies), accountId, change, details);
  return true;
}

function changeTools({ tables, now, random }: FollowDependencies) {
  return { tables, actor: { kind: 'platform', id: 'follow-use' } as const, now: now(), random };
}
