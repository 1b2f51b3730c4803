/** Writes a registration: account, person, acceptance of the terms, code and audit events are one transaction. */
import { auditWrite } from '../audit/audit-store.ts';
import { type Actor, auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { acceptanceKey, accountKey } from '../data/item-keys.ts';
import { commit } from '../data/transaction.ts';
import type { Random } from '../runtime/ids.ts';
import { maskedAddress } from '../runtime/mail-text.ts';
import { personWrite } from './accounts-store.ts';
import { LISTED } from './listing.ts';
import type { Registered } from './registration.ts';
import { verificationWrite } from './verification-store.ts';

/** Throws a Refusal where the person has an account already. */
export async function putRegistration(
  tables: { core: string; audit: string },
  { account, person, acceptance, verification }: Registered,
  actor: Actor,
  tools: { now: number; random: Random },
): Promise<void> {
  const { accountId, email = '', termsVersion = '' } = account;
  const put = (key: object, item: object) => ({
    Put: { TableName: tables.core, Item: { ...key, ...item }, ConditionExpression: 'attribute_not_exists(pk)' },
  });
  const tell = (told: Omit<Parameters<typeof auditEvent>[1], 'accountId'>) =>
    auditWrite(tables.audit, auditEvent(actor, { accountId, ...told }, tools));
  const writes = {
    account: put(accountKey(accountId), { ...account, listed: LISTED }),
    person: personWrite(tables.core, person),
    acceptance: put(acceptanceKey(accountId, termsVersion), acceptance),
    verification: verificationWrite(tables.core, accountId, verification, undefined),
    registered: tell({
      action: 'account.registered',
      detail: { kind: account.kind ?? '', country: account.country ?? '' },
    }),
    accepted: tell({ action: 'terms.accepted', subject: termsVersion, detail: { how: acceptance.how } }),
    sent: tell({ action: 'email.verification_sent', subject: maskedAddress(email) }),
  };
  if (await commit(writes)) {
    throw new Refusal('wrong_state', 'this person has an account already: read it with GET /v1/account');
  }
}
