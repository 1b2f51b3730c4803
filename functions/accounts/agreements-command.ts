/** Accepts terms and changes consents, for an account by its people. */
import type { z } from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import type { Caller } from '../http/caller.ts';
import { type AccountDependencies, changeAccount, changeBy } from './account-changes-store.ts';
import { ownAccount } from './accounts-store.ts';
import type * as contract from './agreements-contract.ts';
import { acceptancesOf, putAcceptance } from './agreements-store.ts';
import { type Consents, changedConsents } from './consents.ts';
import { type Acceptance, refuseTerms } from './terms.ts';

/** All acceptances after it, newest version first. */
export async function acceptTerms(
  dependencies: AccountDependencies,
  caller: Caller,
  version: string,
): Promise<Acceptance[]> {
  const { core } = dependencies.tables;
  const account = await ownAccount(core, caller.accountId);
  const context = changeBy(caller, dependencies);
  const refusal = refuseTerms(version, context.now, 'version');
  if (refusal) throw refusal;
  const acceptedAt = new Date(context.now).toISOString();
  const { id: acceptedBy, address } = caller;
  await putAcceptance(context, account, { version, acceptedAt, acceptedBy, how: 'accepted', address });
  const acceptances = await acceptancesOf(core, account.accountId);
  if (acceptances.some(accepted => accepted.version === version)) return acceptances;
  throw new Refusal('wrong_state', 'another version was accepted at this moment; send the call again');
}

/** The consents after it. */
export async function changeConsents(
  dependencies: AccountDependencies,
  caller: Caller,
  requested: z.output<typeof contract.changeConsents.input>,
): Promise<Consents> {
  const { accountId, consents: before } = await ownAccount(dependencies.tables.core, caller.accountId);
  const context = changeBy(caller, dependencies);
  const at = new Date(context.now).toISOString();
  const consents = changedConsents(before ?? {}, requested, { by: caller.id, at });
  const { promotion, improvement } = consents;
  const detail = { promotion: promotion?.given ?? false, improvement: improvement?.given ?? false };
  const details = { action: 'consent.changed', subject: requested.wording_version, detail } as const;
  const isDone = await changeAccount(context, accountId, { set: { consents }, where: { consents: before } }, details);
  if (!isDone) throw new Refusal('wrong_state', 'the consents were changed at this moment; read them again');
  return consents;
}
