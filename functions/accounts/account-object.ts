/** An account as the API shows it, to its people and to operators. Pure. */

import type { AccountStatus } from '../catalogue/account-status.ts';
import type { Account } from './account.ts';

export function describeMembers(account: Account) {
  const { declaredUse, commercialUse } = account;
  return {
    ...{ id: account.accountId, object: 'account' as const, kind: account.kind ?? null, name: account.name },
    ...{ email: account.email ?? null, email_verified_at: account.emailVerifiedAt ?? null },
    ...{ phone: account.phone ?? null, company: account.company ?? null, country: account.country ?? null },
    declared_use: declaredUse ? { text: declaredUse.text, categories: [...declaredUse.categories] } : null,
    commercial_use: commercialUse
      ? { authorised: commercialUse.authorised, decided_at: commercialUse.decidedAt }
      : null,
    ...{ status: account.status, status_since: account.statusSince ?? account.createdAt, plan: account.plan },
    ...{ terms_version: account.termsVersion ?? null, keys_frozen_at: account.keysFrozenAt ?? null },
    created_at: account.createdAt,
  };
}

/** What the account's people are told besides: what is theirs to do now. */
export function describeAccount(account: Account) {
  return { ...describeMembers(account), next_step: nextStep(account) };
}

const NEXT_STEPS: Readonly<Record<AccountStatus, string | null>> = {
  registered:
    'confirm the e-mail address with POST /v1/account/email/confirmation; POST /v1/account/email/verification sends another code',
  verified: 'submit your qualification with POST /v1/account/qualification',
  submitted: 'wait: a reviewer has your documents',
  more_requested: 'add what the reviewer asks for and submit again with POST /v1/account/qualification',
  refused: 'read why at GET /v1/account/qualification; you may submit again',
  active: null,
  frozen: 'write to support',
  closed: null,
};

export function nextStep({ status, keysFrozenAt }: Pick<Account, 'status' | 'keysFrozenAt'>): string | null {
  if (status === 'active' && keysFrozenAt !== undefined) {
    return 'revoke keys that are not yours, then open the others with POST /v1/account/keys/unfreeze';
  }
  return NEXT_STEPS[status];
}
