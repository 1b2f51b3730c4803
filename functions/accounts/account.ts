/**
 * An account: who uses the platform, what plan it is on, what it has to spend and how much runs for it. `available`,
 * `held` and `running` change only in one transaction with the ledger entry and the job that they are about.
 */
import type { PlanName } from '../credits/plans.ts';

export const STANDINGS = ['active', 'frozen', 'closed'] as const;
export type Standing = (typeof STANDINGS)[number];

export interface Account {
  readonly accountId: string;
  /** The integer that PixVerse clients see as `account_id`. */
  readonly accountNumber: number;
  readonly name: string;
  readonly standing: Standing;
  readonly plan: PlanName;
  /** Credits that may be spent. */
  readonly available: number;
  /** Credits that open jobs hold. */
  readonly held: number;
  /** Open jobs. */
  readonly running: number;
  /** The hidden API Gateway key that carries the account's usage plan. */
  readonly gatewayKeyId: string;
  readonly gatewayKeyValue: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The keys of an account's items in the core table. */
export const accountKey = (accountId: string) => ({ pk: `ACCOUNT#${accountId}`, sk: 'ACCOUNT' });
export const dayKey = (accountId: string, day: string) => ({ pk: `ACCOUNT#${accountId}`, sk: `DAY#${day}` });

/** The UTC day of a moment (epoch ms), as `2026-11-23`. */
export function utcDay(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}
