/** Notifies accounts of the thresholds that they reach as they start videos. */
import { type Account, provenAddress } from '../accounts/account.ts';
import { findAccount, videosStarted } from '../accounts/accounts-store.ts';
import { mailTo } from '../accounts/mail-command.ts';
import { standingAt } from '../accounts/standing.ts';
import { auditEvent } from '../audit/event.ts';
import { PLANS } from '../catalogue/plans.ts';
import { planWithin } from '../catalogue/standing-refusals.ts';
import type { OutboxEvent } from '../data/outbox.ts';
import { findJob } from '../generation/jobs-store.ts';
import { keyByHash } from '../keys/keys-store.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import {
  type Alert,
  alertEmail,
  balanceMeter,
  dailyMeter,
  keyMeter,
  thresholdsReached,
  type UsageMeter,
} from './alert.ts';
import { markNotified, raiseAlert } from './alerts-store.ts';

export interface WatchDependencies {
  readonly tables: { readonly core: string; readonly audit: string; readonly jobs: string };
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
  readonly mailFrom: string;
  /** Where people write to for help. */
  readonly support: string;
}

/**
 * What is used is read as it is now, once for each account of the events. What fails for one account does not stop the
 * others: it is thrown once all of them were looked at, and a repeated call notifies only of what nobody was notified of.
 */
export async function watchUsage(dependencies: WatchDependencies, events: readonly OutboxEvent[]): Promise<void> {
  const failures: unknown[] = [];
  const started = events.filter(({ type }) => type === 'video.queued');
  for (const [accountId, own] of Map.groupBy(started, event => event.accountId)) {
    try {
      await watchAccount(dependencies, accountId, own);
    } catch (error) {
      logger.error('alert failed', { accountId, error: error as Error });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} accounts were not notified`);
}

async function watchAccount(
  dependencies: WatchDependencies,
  accountId: string,
  started: readonly OutboxEvent[],
): Promise<void> {
  const account = await findAccount(dependencies.tables.core, accountId);
  if (!account) return;
  for (const meter of await metersOf(dependencies, account, started)) {
    for (const threshold of thresholdsReached(meter)) await alert(dependencies, account, meter, threshold);
  }
}

async function metersOf(
  { tables: { core, jobs }, now }: WatchDependencies,
  account: Account,
  started: readonly OutboxEvent[],
): Promise<UsageMeter[]> {
  const { accountId } = account;
  const { restrictions } = standingAt(account, now());
  const days = [...new Set(started.map(({ at }) => at.slice(0, 10)))];
  const daily = days.map(async day =>
    dailyMeter(planWithin(PLANS[account.plan], restrictions), day, await videosStarted(core, accountId, day)),
  );
  const jobIds = [...new Set(started.map(({ jobId }) => jobId))];
  const found = await Promise.all(jobIds.map(jobId => findJob(jobs, accountId, jobId)));
  // Only keys with a limit: a job names the key that it was charged to.
  const hashes = [...new Set(found.flatMap(job => job?.spendKeyHash ?? []))];
  const keys = hashes.map(async hash => {
    const key = await keyByHash(core, hash);
    return key && keyMeter(key);
  });
  const meters = await Promise.all([balanceMeter(account), ...daily, ...keys]);
  return meters.filter(meter => meter !== undefined);
}

async function alert(
  dependencies: WatchDependencies,
  account: Account,
  meter: UsageMeter,
  threshold: Alert['threshold'],
): Promise<void> {
  const { tables, now, random, support } = dependencies;
  const at = now();
  const { accountId, name } = account;
  const to = provenAddress(account);
  const { subject, used, limit } = meter;
  const raised: Alert = {
    ...meter,
    threshold,
    alertId: prefixedId('alrt', at, random),
    at: new Date(at).toISOString(),
  };
  const details = { accountId, action: 'alert.sent', subject, detail: { threshold, used, limit } } as const;
  const event = auditEvent({ kind: 'platform', id: 'watch-usage' }, details, { now: at, random });
  if (!(await raiseAlert(tables, accountId, raised, event))) return;
  // An account without a proved address reads it in its list.
  const email = alertEmail(raised, name, support);
  if (to !== undefined && !(await mailTo(dependencies, { accountId, to, template: 'alert', email })))
    throw new Error(`the e-mail about ${subject} at ${threshold} per cent was not sent`);
  await markNotified(tables.core, accountId, raised);
  logger.info('alert', { accountId, subject, threshold, mailed: to !== undefined });
}
