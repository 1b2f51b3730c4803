/**
 * An account: who uses the platform, what plan it is on, what it has to spend and how much runs for it. `available`,
 * `held` and `running` change only in one transaction with the ledger entry and the job that they are about.
 */
import type { PlanName } from '../credits/plans.ts';
import type { Standing } from './standing.ts';

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
  /** The hidden API Gateway key that carries the account's usage plan; made when the account is approved. */
  readonly gatewayKeyId?: string;
  readonly gatewayKeyValue?: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Somebody who signs in and acts for an account. */
export interface Person {
  /** `user_` and the subject of the identity provider. */
  readonly personId: string;
  readonly accountId: string;
  readonly state: 'active' | 'removed';
  /** Epoch ms; tokens that were issued before it open nothing. */
  readonly sessionsEndedAtMs?: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The keys of an account's items in the core table. */
export const accountKey = (accountId: string) => ({ pk: `ACCOUNT#${accountId}`, sk: 'ACCOUNT' });
export const personKey = (personId: string) => ({ pk: `PERSON#${personId}`, sk: 'PERSON' });
export const dayKey = (accountId: string, day: string) => ({ pk: `ACCOUNT#${accountId}`, sk: `DAY#${day}` });
