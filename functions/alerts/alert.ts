/**
 * Alerts: of what is bounded, a customer is told when 80 and 100 per cent of it are used. Each level is told once in its
 * period, however often it is crossed back and forth: a released hold gives credits back, and the next one takes them.
 */
import type { Account } from '../accounts/account.ts';
import type { Plan } from '../catalogue/plans.ts';
import type { StoredKey } from '../keys/key.ts';

export const LEVELS = [80, 100] as const;
export type Level = (typeof LEVELS)[number];
export type AlertSubject = 'balance' | 'daily_videos' | 'key_spend';

/** How much of something that is bounded is used. */
export interface Gauge {
  readonly subject: AlertSubject;
  readonly used: number;
  readonly limit: number;
  /** Within which each level is told once: a top-up, a day, a key with its limit. */
  readonly period: string;
  /** Of a key, what it is called. */
  readonly name?: string;
}

export interface Alert extends Gauge {
  readonly alertId: string;
  readonly level: Level;
  /** ISO 8601. */
  readonly at: string;
}

/** The levels that are reached, in whole numbers: nothing is rounded up to a level. */
export function levelsReached({ used, limit }: Pick<Gauge, 'used' | 'limit'>): Level[] {
  return limit > 0 ? LEVELS.filter(level => used * 100 >= level * limit) : [];
}

/** Of the credits that were there after the last purchase or gift. */
export function balanceGauge({
  available,
  topUpLevel,
  topUpId,
}: Pick<Account, 'available' | 'topUpLevel' | 'topUpId'>): Gauge | undefined {
  if (topUpLevel === undefined || topUpId === undefined) return undefined;
  return { subject: 'balance', used: Math.max(0, topUpLevel - available), limit: topUpLevel, period: topUpId };
}

/** Of the videos that the plan allows a UTC day. */
export function dailyGauge(plan: Pick<Plan, 'generationsPerDay'>, day: string, started: number): Gauge {
  return { subject: 'daily_videos', used: started, limit: plan.generationsPerDay, period: day };
}

/** Of what a key may spend; undefined where it has no limit. A changed limit is another period. */
export function keyGauge({ keyId, name, spendLimit, spendable }: StoredKey): Gauge | undefined {
  if (spendLimit === undefined || spendable === undefined) return undefined;
  const used = Math.max(0, spendLimit - spendable);
  return { subject: 'key_spend', used, limit: spendLimit, period: `${keyId}#${spendLimit}`, name };
}

/** The letter about it. */
export function letterOf({ subject, level, used, limit, name = '' }: Alert, account: string) {
  const words = {
    balance: {
      what: `${used} of ${limit} credits are used since the last top-up`,
      next: 'At 0, videos are refused. Buy credits with POST /v1/credits/purchases.',
    },
    daily_videos: {
      what: `${used} of the ${limit} videos that your plan allows a day are started`,
      next: 'At the limit, videos are refused until 00:00 UTC. A larger plan allows more.',
    },
    key_spend: {
      what: `the key ${name} has spent ${used} of its limit of ${limit} credits`,
      next: 'At the limit, the key starts no more videos. Raise its limit, or use another key.',
    },
  }[subject];
  return {
    subject: `${level} % used: ${words.what}`,
    text: `Hello ${account},\n\n${words.what}.\n\n${words.next}\n\nThis letter was written by a program; answers are not read.\n`,
  };
}

/** Where an alert is listed, and what stands for its having been told. */
export const alertKey = (accountId: string, alertId: string) => ({
  pk: `ACCOUNT#${accountId}`,
  sk: `ALERT#${alertId}`,
});
export const toldKey = (accountId: string, { subject, period }: Gauge, level: Level) => ({
  pk: `ACCOUNT#${accountId}`,
  sk: `ALERTED#${subject}#${period}#${level}`,
});
