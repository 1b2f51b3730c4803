/**
 * An account: who uses the platform, what plan it is on, what it has to spend and how much runs for it. `available`,
 * `held` and `running` change only in one transaction with the ledger entry and the job that they are about.
 */

import type { AccountStatus } from '../catalogue/account-status.ts';
import type { PlanName } from '../catalogue/plans.ts';
import type { Consents } from './consents.ts';

/** What an account says of itself. An account that an operator opened has said nothing. */
export interface Profile {
  readonly kind?: 'person' | 'company';
  /** The address that it is written to; nothing is bound to it before it is verified. */
  readonly email?: string;
  /** ISO 8601. */
  readonly emailVerifiedAt?: string;
  readonly phone?: string;
  readonly company?: { readonly name: string; readonly registration_number: string; readonly address: string };
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly declaredUse?: DeclaredUse;
}

export interface DeclaredUse {
  readonly text: string;
  readonly categories: readonly string[];
}

export interface Account extends Profile {
  readonly accountId: string;
  /** The integer that PixVerse clients see as `account_id`. */
  readonly accountNumber: number;
  readonly name: string;
  readonly status: AccountStatus;
  readonly plan: PlanName;
  /** Credits that may be spent. */
  readonly available: number;
  /** What could be spent after the last purchase or gift, and that entry's id: what is used up is told from there. */
  readonly highWaterMark?: number;
  readonly highWaterEntry?: string;
  /** Credits that open jobs hold. */
  readonly held: number;
  /** Open jobs. */
  readonly running: number;
  /** The hidden API Gateway key that carries the account's usage plan; made when the account is approved. */
  readonly gatewayKeyId?: string;
  readonly gatewayKeyValue?: string;
  /** When it came to its status, and why, where a person decided it. */
  readonly statusSince?: string;
  readonly statusReason?: string;
  /** Its status while it is not approved: the index of applications holds accounts that have this, and no others. */
  readonly applicationStatus?: AccountStatus;
  /** The last version of the terms that was accepted for it. */
  readonly termsVersion?: string;
  /** The version of the terms with which the notice of what AI output can do was delivered last. */
  readonly noticedTermsVersion?: string;
  /** How often it was submitted, and how many documents it announced. */
  readonly submissions?: number;
  readonly documents?: number;
  /** Whether an operator authorised it to use its videos for commercial ends. */
  readonly commercialUse?: { readonly authorised: boolean; readonly decidedAt: string };
  readonly consents?: Consents;
  /** Since when none of its keys opens anything, whatever their own state; set where misuse is reported. */
  readonly keysFrozenAt?: string;
  /** Epoch ms; tokens of its people that were issued before it open nothing. */
  readonly sessionsEndedAtMs?: number;
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
