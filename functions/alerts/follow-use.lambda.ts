import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { changeAccount } from '../accounts/account-changes-store.ts';
import { findAccount } from '../accounts/accounts-store.ts';
import { putAcceptance } from '../accounts/agreements-store.ts';
import { noticeDue, termsAgreedBy } from '../accounts/continued-use.ts';
import { emailOf } from '../accounts/email-templates.ts';
import { type OutboxEvent, outboxEvents } from '../data/outbox.ts';
import { streamedItems } from '../data/stream-records.ts';
import { findJob } from '../generation/jobs-store.ts';
import { tellByMail } from '../runtime/mail.ts';
import { logger, now, random, setting } from '../runtime/runtime.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const JOBS_TABLE = setting('JOBS_TABLE');
const MAIL_FROM = setting('MAIL_FROM');

const tools = () => ({ tables: TABLES, actor: { kind: 'platform' as const, id: 'follow-use' }, now: now(), random });

/** Before each try to send the notices of a batch; with three tries of 10 s at most it ends within the function's minute. */
const PAUSES_MS = [0, 1_000, 4_000];

/**
 * Called with the events of videos that were started and delivered. What one of them fails by is not the others' fault: a
 * batch comes again only for agreements that could not be recorded, once all else of it is done, and repeats nothing. A
 * notice that cannot be sent stays due, and is tried again with the next video.
 */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  const events = outboxEvents(streamedItems(Records));
  const failures: unknown[] = [];
  for (const event of events.filter(({ type }) => type === 'video.queued')) {
    try {
      await agree(event);
    } catch (error) {
      logger.error('agreement not recorded', { accountId: event.accountId, error: error as Error });
      failures.push(error);
    }
  }
  await giveNotices(events.filter(({ type }) => type === 'video.succeeded'));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} agreements were not recorded`);
}

/** The first event of each account. */
async function giveNotices(delivered: readonly OutboxEvent[]): Promise<void> {
  let due = [...new Map(delivered.toReversed().map(event => [event.accountId, event])).values()];
  for (const ms of PAUSES_MS) {
    if (due.length === 0) return;
    await pause(ms);
    const given = await Promise.all(due.map(isGiven));
    due = due.filter((_, index) => !given[index]);
  }
  for (const { accountId } of due) logger.error('notice not given', { accountId });
}

async function isGiven(event: OutboxEvent): Promise<boolean> {
  try {
    return await giveNotice(event);
  } catch (error) {
    logger.error('notice failed', { accountId: event.accountId, error: error as Error });
    return false;
  }
}

async function agree({ accountId, jobId, at }: OutboxEvent): Promise<void> {
  const account = await findAccount(TABLES.core, accountId);
  if (!account) return;
  const agreed = termsAgreedBy(account, Date.parse(at));
  if (!agreed) return;
  const job = await findJob(JOBS_TABLE, accountId, jobId);
  const acceptance = { version: agreed.version, acceptedAt: at, acceptedBy: job?.keyId ?? '', address: '' };
  await putAcceptance(tools(), account, { ...acceptance, how: 'continued_use' });
  logger.info('terms accepted by use', { accountId, version: agreed.version, jobId });
}

/** The letter goes first: one that is not recorded comes twice, one that was not sent would never come. False where it fails. */
async function giveNotice({ accountId, jobId, at }: OutboxEvent): Promise<boolean> {
  const account = await findAccount(TABLES.core, accountId);
  if (!account) return true;
  const { email, name, noticedTermsVersion } = account;
  const version = noticeDue(account, Date.parse(at));
  if (version === undefined || email === undefined) return true;
  if (!(await tellByMail(MAIL_FROM, email, emailOf('ai_notice', { name, version })))) return false;
  const change = { set: { noticedTermsVersion: version }, where: { noticedTermsVersion } };
  const told = { action: 'notice.delivered', subject: 'ai_notice', detail: { version, jobId } } as const;
  await changeAccount(tools(), accountId, change, told);
  return true;
}
