import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Account } from '../accounts/account.ts';
import { findAccount, videosStarted } from '../accounts/accounts-store.ts';
import { auditEvent } from '../audit/event.ts';
import { PLANS } from '../catalogue/plans.ts';
import { findJob } from '../generation/jobs-store.ts';
import { keyByHash } from '../keys/keys-store.ts';
import { prefixedId } from '../runtime/ids.ts';
import { tellByMail } from '../runtime/mail.ts';
import { logger, now, random, setting } from '../runtime/runtime.ts';
import { type Alert, balanceGauge, dailyGauge, type Gauge, keyGauge, letterOf, levelsReached } from './alert.ts';
import { markTold, raiseAlert } from './alerts-store.ts';
import { type Started, startedByAccount } from './stream-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const JOBS_TABLE = setting('JOBS_TABLE');
const MAIL_FROM = setting('MAIL_FROM');

/**
 * Called with the events of videos that were started: what is used then is looked at as it stands now, once for each
 * account of the batch. What fails of one account is not the others' fault: the batch comes again once all of them were
 * looked at, a few times, and tells only what was not told.
 */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  const failures: unknown[] = [];
  for (const started of startedByAccount(Records)) {
    try {
      await watch(started);
    } catch (error) {
      logger.error('alert failed', { accountId: started.accountId, error: error as Error });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} accounts were not told`);
}

async function watch(started: Started): Promise<void> {
  const account = await findAccount(TABLES.core, started.accountId);
  if (!account) return;
  for (const gauge of await gaugesOf(account, started)) await tell(account, gauge);
}

async function gaugesOf(account: Account, { accountId, jobIds, days }: Started): Promise<Gauge[]> {
  const daily = [...days].map(async day =>
    dailyGauge(PLANS[account.plan], day, await videosStarted(TABLES.core, accountId, day)),
  );
  const jobs = await Promise.all([...jobIds].map(jobId => findJob(JOBS_TABLE, accountId, jobId)));
  // Keys without a limit are none of its business.
  const hashes = new Set(jobs.flatMap(job => job?.spendKeyHash ?? []));
  const keys = [...hashes].map(async hash => {
    const key = await keyByHash(TABLES.core, hash);
    return key && keyGauge(key);
  });
  const gauges = await Promise.all([balanceGauge(account), ...daily, ...keys]);
  return gauges.filter(gauge => gauge !== undefined);
}

async function tell(account: Account, gauge: Gauge): Promise<void> {
  const { accountId, email, name } = account;
  for (const level of levelsReached(gauge)) {
    const at = now();
    const alert: Alert = { ...gauge, level, alertId: prefixedId('alrt', at, random), at: new Date(at).toISOString() };
    const { subject, used, limit } = gauge;
    const told = { accountId, action: 'alert.sent', subject, detail: { level, used, limit } } as const;
    const event = auditEvent({ kind: 'platform', id: 'watch-usage' }, told, { now: at, random });
    if (!(await raiseAlert(TABLES, accountId, alert, event))) continue;
    // An account that has no address reads it in its list.
    if (email !== undefined && !(await tellByMail(MAIL_FROM, email, letterOf(alert, name))))
      throw new Error(`the letter about ${subject} at ${level} per cent was not sent`);
    await markTold(TABLES.core, accountId, alert, alert.at);
    logger.info('alert', { accountId, subject, level, mailed: email !== undefined });
  }
}
