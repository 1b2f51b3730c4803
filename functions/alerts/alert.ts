/**
 * Alerts: of what is bounded, a customer is notified when 80 and 100 per cent of it are used. Each threshold is notified
 * once in its period, however often it is crossed back and forth: a released hold gives credits back, and the next one
 * takes them. Pure.
 */
import type { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import type { Plan } from '../catalogue/plans.ts';
import type { StoredKey } from '../keys/key.ts';
import type { ALERT_SUBJECTS, alertObject } from './contract.ts';

export const THRESHOLDS = [80, 100] as const;
export type Threshold = (typeof THRESHOLDS)[number];

/** A usage meter: how much of something that is bounded is used. */
export interface UsageMeter {
  readonly subject: (typeof ALERT_SUBJECTS)[number];
  readonly used: number;
  readonly limit: number;
  /** Within which each threshold is notified once: a top-up, a day, a key with its limit. */
  readonly period: string;
  /** Of a key, its name. */
  readonly name?: string;
}

export interface Alert extends UsageMeter {
  readonly alertId: string;
  readonly threshold: Threshold;
  /** ISO 8601. */
  readonly at: string;
}

/** The thresholds that are reached, in whole numbers: nothing is rounded up to one. */
export function thresholdsReached({ used, limit }: Pick<UsageMeter, 'used' | 'limit'>): Threshold[] {
  return limit > 0 ? THRESHOLDS.filter(threshold => used * 100 >= threshold * limit) : [];
}

/** Of the credits that were there after the last purchase or gift. */
export function balanceMeter({
  available,
  highWaterMark,
  highWaterEntry,
}: Pick<Account, 'available' | 'highWaterMark' | 'highWaterEntry'>): UsageMeter | undefined {
  if (highWaterMark === undefined || highWaterEntry === undefined) return undefined;
  const used = Math.max(0, highWaterMark - available);
  return { subject: 'balance', used, limit: highWaterMark, period: highWaterEntry };
}

/** Of the videos that the plan allows a UTC day. */
export function dailyMeter(plan: Pick<Plan, 'generationsPerDay'>, day: string, started: number): UsageMeter {
  return { subject: 'daily_videos', used: started, limit: plan.generationsPerDay, period: day };
}

/** Of what a key may spend; undefined where it has no limit. A changed limit is another period. */
export function keyMeter({ keyId, name, spendLimit, spendable }: StoredKey): UsageMeter | undefined {
  if (spendLimit === undefined || spendable === undefined) return undefined;
  const used = Math.max(0, spendLimit - spendable);
  return { subject: 'key_spend', used, limit: spendLimit, period: `${keyId}#${spendLimit}`, name };
}

/** The e-mail about it. */
export function alertEmail({ subject, threshold, used, limit, name = '' }: Alert, account: string, support: string) {
  const { fact, advice } = {
    balance: {
      fact: `${used} of ${limit} credits are used since the last top-up`,
      advice: 'At 0, videos are refused. Buy credits with POST /v1/credits/purchases.',
    },
    daily_videos: {
      fact: `${used} of the ${limit} videos that your plan allows a day are started`,
      advice: 'At the limit, videos are refused until 00:00 UTC. A larger plan allows more.',
    },
    key_spend: {
      fact: `the key ${name} has spent ${used} of its limit of ${limit} credits`,
      advice: 'At the limit, the key starts no more videos. Raise its limit, or use another key.',
    },
  }[subject];
  return {
    subject: `${threshold} % used: ${fact}`,
    text: `Hello ${account},\n\n${fact}.\n\n${advice}\n\nThis e-mail was written by a program; replies are not read. Help: ${support}\n`,
  };
}

/** An alert as its account reads it. */
export function describeAlert(alert: Alert): z.output<typeof alertObject> {
  const { alertId, subject, threshold, used, limit, period, at } = alert;
  return { id: alertId, object: 'alert', about: subject, threshold, used, limit, period, at };
}
