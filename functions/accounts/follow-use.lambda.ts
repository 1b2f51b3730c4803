import type { DynamoDBStreamEvent } from 'aws-lambda';
import { findJob } from '../generation/jobs-store.ts';
import { sendMail } from '../platform/mail.ts';
import { logger, now, random, setting } from '../platform/runtime.ts';
import type { Account } from './account.ts';
import { findAccount } from './accounts-store.ts';
import { putAcceptance } from './agreements-store.ts';
import { changeAccount } from './change-store.ts';
import { noticeDue, termsAgreedBy } from './continued-use.ts';
import { letter } from './letters.ts';
import { type OutboxEvent, outboxEvents } from './outbox-events-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const JOBS_TABLE = setting('JOBS_TABLE');
const MAIL_FROM = setting('MAIL_FROM');

const tools = () => ({ tables: TABLES, actor: { kind: 'platform' as const, id: 'follow-use' }, now: now(), random });

/** Called with the events of videos that were started and delivered. A batch that fails comes again, and repeats nothing but a letter. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  for (const event of outboxEvents(Records)) {
    const account = await findAccount(TABLES.core, event.accountId);
    if (!account) continue;
    if (event.type === 'video.queued') await agree(account, event);
    if (event.type === 'video.succeeded') await giveNotice(account, event);
  }
}

async function agree(account: Account, { accountId, jobId, at }: OutboxEvent): Promise<void> {
  const agreed = termsAgreedBy(account, Date.parse(at));
  if (!agreed) return;
  const job = await findJob(JOBS_TABLE, accountId, jobId);
  const acceptance = { version: agreed.version, acceptedAt: at, acceptedBy: job?.keyId ?? '', address: '' };
  await putAcceptance(tools(), account, { ...acceptance, how: 'continued_use' });
  logger.info('terms accepted by use', { accountId, version: agreed.version, jobId });
}

/** The letter goes first: one that is not recorded comes twice, one that was not sent would never come. */
async function giveNotice(account: Account, { accountId, jobId, at }: OutboxEvent): Promise<void> {
  const { email, name, noticedTermsVersion } = account;
  const version = noticeDue(account, Date.parse(at));
  if (version === undefined || email === undefined) return;
  await sendMail(MAIL_FROM, email, letter('ai_notice', { name, version }));
  const change = { set: { noticedTermsVersion: version }, where: { noticedTermsVersion } };
  const told = { action: 'notice.delivered', subject: 'ai_notice', detail: { version, jobId } } as const;
  await changeAccount(tools(), accountId, change, told);
}
