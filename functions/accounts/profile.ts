/** A change of what an account says of itself. Pure. */
import type { z } from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import type { Account } from './account.ts';
import type { changeAccount } from './contract.ts';

/** What is set, and the names of what changes; throws a Refusal for a person that names a company. */
export function changedProfile(account: Account, wanted: z.output<typeof changeAccount.input>) {
  if (wanted.company !== undefined && account.kind === 'person') {
    throw new Refusal('invalid_parameter', 'company is for accounts of a company; this one is of a person', 'company');
  }
  const { name, phone, company, declared_use: declaredUse } = wanted;
  const given = Object.entries({ name, phone, company, declaredUse }).filter(([, value]) => value !== undefined);
  return { set: Object.fromEntries(given), changed: given.map(([member]) => member) };
}
