/**
 * An account: who uses the platform, what plan it is on, what it has to spend and how much runs for it; how it changes, and
 * how the API shows it. `available`, `held` and `running` change only in one transaction with the ledger entry and the job
 * that they are about. Pure.
 */
import * as z from 'zod';
import { canonical } from '../audit/chain.ts';
import {
  type AccountStatus,
  isApplying,
  STATUS_TABLE,
  type StatusActionName,
  statusesBefore,
} from '../catalogue/account-status.ts';
import type { PlanName } from '../catalogue/plans.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { withSupport } from '../catalogue/support.ts';
import { cursorOf } from '../http/cursor.ts';
import type { Consents } from './consents.ts';
import type { profileInput } from './contract.ts';
import type { StandingFields } from './standing.ts';

/** What an account says of itself. An account that an operator opened has none of it. */
export interface Profile {
  readonly kind?: 'person' | 'company';
  /** The address that it is written to; nothing is bound to it before it is verified. */
  readonly email?: string;
  /** ISO 8601. */
  readonly emailVerifiedAt?: string;
  readonly phone?: string;
  readonly company?: {
    readonly name: string;
    readonly registration_number: string;
    readonly address: string;
    /** Its number for VAT in the European Union. */
    readonly tax_id?: string | undefined;
  };
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly declaredUse?: DeclaredUse;
}

export interface DeclaredUse {
  readonly text: string;
  readonly categories: readonly string[];
}

export interface Account extends Profile, StandingFields {
  readonly accountId: string;
  /** The integer that PixVerse clients see as `account_id`. */
  readonly accountNumber: number;
  readonly name: string;
  readonly status: AccountStatus;
  readonly plan: PlanName;
  /** Credits that may be spent. */
  readonly available: number;
  /** The high-water mark: what could be spent after the last purchase or grant, and that entry's id. Alerts count from there. */
  readonly highWaterMark?: number;
  readonly highWaterEntry?: string;
  /** Credits that unfinished jobs hold. */
  readonly held: number;
  /** Unfinished jobs. */
  readonly running: number;
  /** The API Gateway key that carries the account's usage plan, which no caller sees; made when the account is approved. */
  readonly gatewayKeyId?: string;
  readonly gatewayKeyValue?: string;
  /** When it came to its status, and why, where a person decided it. */
  readonly statusSince?: string;
  readonly statusReason?: string;
  /** What an operator did that it has its status by, and the e-mail about it; absent where it came to it otherwise. */
  readonly statusDecision?: { readonly action: StatusActionName; readonly mailId: string };
  /**
   * Its status while it is not approved, and `submitted` while a change of what was approved waits: the index of applications
   * holds accounts that have this, and no others.
   */
  readonly applicationStatus?: AccountStatus;
  /** Since when it waits there, ISO 8601. */
  readonly applicationSince?: string;
  /** The last version of the terms that was accepted for it. */
  readonly termsVersion?: string;
  /** The version of the terms with which the notice of what AI output can do was delivered last. */
  readonly noticedTermsVersion?: string;
  /** How often it was submitted, and how many documents it announced. */
  readonly submissions?: number;
  readonly documents?: number;
  /** The submission with a change of approved facts that waits for a reviewer; until it is approved, the facts here count. */
  readonly changeSubmission?: number;
  /** Whether an operator authorised it to use its videos for commercial ends. */
  readonly commercialUse?: CommercialUse;
  /** The last change of its plan by an operator, so that it is the same change when it is sent again. */
  readonly planDecision?: { readonly from: PlanName; readonly to: PlanName; readonly reason: string };
  readonly consents?: Consents;
  /** The export that is being made for its owner. */
  readonly exporting?: string;
  /** When it was told that what it has ends, before the first of it did; and the e-mail, while it may not be sent. */
  readonly expiryWarnedAt?: string;
  readonly expiryMailId?: string;
  /** Since when none of its keys is accepted, whatever their own state; set where misuse is reported. */
  readonly keysFrozenAt?: string;
  /** Epoch ms; tokens of its people that were issued before it are not accepted. */
  readonly sessionsEndedAtMs?: number;
  /** Another with its address was terminated for a violation: whoever reviews it is told. */
  readonly wasTerminated?: true;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The decision about commercial use of an account's videos. */
export interface CommercialUse {
  readonly authorised: boolean;
  /** ISO 8601. */
  readonly decidedAt: string;
  /** Where it was corrected after the decision about the qualification: why, and the e-mail about it. */
  readonly reason?: string;
  readonly mailId?: string;
}

/** Somebody who signs in and acts for an account. */
export interface Person {
  /** `user_` and the subject of the identity provider. */
  readonly personId: string;
  readonly accountId: string;
  readonly state: 'active' | 'removed';
  /** Epoch ms; tokens that were issued before it are not accepted. */
  readonly sessionsEndedAtMs?: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Where a list of accounts goes on: `at`, ISO 8601, is what the list is sorted by. */
const listPlace = z.strictObject({ accountId: z.string().regex(/^acct_[0-9A-Za-z]+$/), at: z.iso.datetime() });
export type ListPlace = z.output<typeof listPlace>;
export const ACCOUNT_CURSOR = cursorOf(listPlace);

/** Some of an account's fields with values; undefined where one is not there, or is taken away. */
export type AccountFields = Partial<Readonly<Record<keyof Account, unknown>>>;

/**
 * A change of status, from `from` or from any status that it may follow; only while it applies is it in the index of
 * applications. It ends a change of facts that waits: that is for accounts in use.
 */
export function statusChange(
  to: AccountStatus,
  at: string,
  { from, reason }: { from?: AccountStatus[]; reason?: string } = {},
) {
  return {
    set: {
      status: to,
      statusSince: at,
      statusReason: reason,
      statusDecision: undefined,
      applicationStatus: isApplying(to) ? to : undefined,
      applicationSince: isApplying(to) ? at : undefined,
      changeSubmission: undefined,
    },
    where: { status: from ?? statusesBefore(to) },
  } satisfies { set: AccountFields; where: AccountFields };
}

/** What is to be set of the profile, and the names of what changes by it; throws a Refusal for a person that names a company. */
export function changedProfile(account: Account, requested: z.output<typeof profileInput>) {
  if (requested.company !== undefined && account.kind === 'person') {
    throw new Refusal('invalid_parameter', 'company is for accounts of a company; this one is of a person', 'company');
  }
  const { name, phone, company, declared_use: declaredUse } = requested;
  const given = Object.entries({ name, phone, company, declaredUse }).filter(
    ([field, value]) => value !== undefined && canonical(value) !== canonical(account[field as keyof Account]),
  );
  return { set: Object.fromEntries(given), changed: given.map(([field]) => field) };
}

/** Where it is written to; undefined until the address is proved: nobody is sent e-mails because a stranger named them. */
export function provenAddress({ email, emailVerifiedAt }: Account): string | undefined {
  return emailVerifiedAt === undefined ? undefined : email;
}

/** As operators and the account's people see it. */
export function describeFields(account: Account) {
  const { declaredUse, commercialUse } = account;
  return {
    id: account.accountId,
    object: 'account' as const,
    kind: account.kind ?? null,
    name: account.name,
    email: account.email ?? null,
    email_verified_at: account.emailVerifiedAt ?? null,
    phone: account.phone ?? null,
    company: account.company ?? null,
    country: account.country ?? null,
    declared_use: declaredUse ? { text: declaredUse.text, categories: [...declaredUse.categories] } : null,
    commercial_use: commercialUse
      ? { authorised: commercialUse.authorised, decided_at: commercialUse.decidedAt }
      : null,
    status: account.status,
    status_since: account.statusSince ?? account.createdAt,
    plan: account.plan,
    terms_version: account.termsVersion ?? null,
    keys_frozen_at: account.keysFrozenAt ?? null,
    created_at: account.createdAt,
  };
}

/** What the account's people see: what they can do now, too. */
export function describeAccount(account: Account, support: string) {
  return { ...describeFields(account), next_step: nextStep(account, support) };
}

export function nextStep(
  { status, keysFrozenAt, changeSubmission }: Pick<Account, 'status' | 'keysFrozenAt' | 'changeSubmission'>,
  support: string,
): string | null {
  if (status === 'active' && keysFrozenAt !== undefined) {
    return 'revoke keys that are not yours, then open the others with POST /v1/account/keys/unfreeze';
  }
  if (status === 'active' && changeSubmission !== undefined) {
    return `wait: your change is submission ${changeSubmission} and a reviewer has it; until it is approved, what was approved before counts`;
  }
  const { nextStep: next } = STATUS_TABLE[status];
  return next === null ? null : withSupport(next, support);
}
