/** Registration: what must hold before an account comes to be, and the account that does. Pure. */
import type { z } from 'zod';
import { refuseRegion } from '../catalogue/regions.ts';
import { numericId, prefixedId, type Random } from '../runtime/ids.ts';
import type { Account, Person } from './account.ts';
import type { registerAccount } from './contract.ts';
import { type Acceptance, refuseTerms } from './terms.ts';
import { issueCode, type Verification } from './verification.ts';

export type Registration = z.output<typeof registerAccount.input>;

export interface Registered {
  readonly account: Account;
  readonly person: Person;
  readonly acceptance: Acceptance;
  readonly verification: Verification;
  /** Sent by e-mail, never stored. */
  readonly code: string;
}

/** Who registers, from where, and what the stage refuses. */
export interface Registrant {
  readonly personId: string;
  readonly address: string;
  readonly refusedRegions: readonly string[];
  /** An account with this address was terminated for a violation. */
  readonly wasTerminated?: boolean;
}

/** The new account and what comes with it; throws a Refusal for a region that is not served and terms that are not current. */
export function register(
  requested: Registration,
  { personId, address, refusedRegions, wasTerminated }: Registrant,
  { now, random }: { now: number; random: Random },
): Registered {
  const refusal =
    refuseRegion(requested.country, refusedRegions) ?? refuseTerms(requested.terms_version, now, 'terms_version');
  if (refusal) throw refusal;
  const at = new Date(now).toISOString();
  const accountId = prefixedId('acct', now, random);
  const {
    kind,
    name,
    email,
    phone,
    company,
    country,
    declared_use: declaredUse,
    terms_version: termsVersion,
  } = requested;
  const account: Account = {
    accountId,
    accountNumber: numericId(now, random),
    kind,
    name,
    email,
    ...(phone !== undefined && { phone }),
    ...(company !== undefined && { company }),
    country,
    declaredUse,
    termsVersion,
    ...(wasTerminated && { wasTerminated }),
    status: 'registered',
    applicationStatus: 'registered',
    statusSince: at,
    applicationSince: at,
    plan: 'trial',
    available: 0,
    held: 0,
    running: 0,
    createdAt: at,
  };
  return {
    account,
    person: { personId, accountId, state: 'active', createdAt: at },
    acceptance: { version: termsVersion, acceptedAt: at, acceptedBy: personId, how: 'registration', address },
    ...issueCode(undefined, { accountId, purpose: 'verify', email }, { now, random }),
  };
}
