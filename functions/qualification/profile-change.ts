/**
 * What an account may change of what it says of itself, and when that counts. A reviewer approves facts, not an account: while
 * they are looked at they stay as they are, and once approved they count until others are. Pure.
 */
import type { z } from 'zod';
import { type Account, type AccountFields, changedProfile, type Profile } from '../accounts/account.ts';
import type { profileInput } from '../accounts/contract.ts';
import { canonical } from '../audit/chain.ts';
import { allows } from '../catalogue/account-status.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { Submission } from './qualification.ts';

/** What a reviewer approves. */
export type Facts = Pick<Account, 'name'> & Pick<Profile, 'company' | 'declaredUse'>;

const FACTS = ['name', 'company', 'declaredUse'] as const satisfies (keyof Facts)[];
type Fact = (typeof FACTS)[number];
/** As the call names them. */
const MEMBERS = { name: 'name', company: 'company', declaredUse: 'declared_use' } as const satisfies Record<
  Fact,
  string
>;

export type ProfileChange =
  | { readonly kind: 'none' }
  /** Counts at once. */
  | { readonly kind: 'immediate'; readonly set: AccountFields; readonly changed: readonly string[] }
  /** `facts` wait for a reviewer; `set` counts at once. */
  | { readonly kind: 'review'; readonly facts: Facts; readonly set: AccountFields; readonly changed: readonly string[] }
  /** What was approved is to stay: the change that waits is withdrawn. */
  | { readonly kind: 'withdrawal'; readonly set: AccountFields; readonly changed: readonly string[] };

/** `waiting` is the change of an approved account that waits for a reviewer. Throws a Refusal where it may not be changed now. */
export function profileChange(
  account: Account,
  waiting: Submission | undefined,
  requested: z.output<typeof profileInput>,
): ProfileChange {
  const { set, changed } = changedProfile(account, requested);
  const material = FACTS.filter(fact => fact in set);
  if (account.status === 'submitted' && material[0] !== undefined) {
    throw new Refusal(
      'wrong_state',
      `a reviewer has the account as it is: ${material.map(fact => MEMBERS[fact]).join(', ')} can be changed once that is decided`,
      MEMBERS[material[0]],
    );
  }
  if (!allows(account.status, 'use'))
    return changed.length > 0 ? { kind: 'immediate', set, changed } : { kind: 'none' };
  const isAsked = [requested.name, requested.company, requested.declared_use].some(member => member !== undefined);
  const atOnce = Object.fromEntries(Object.entries(set).filter(([field]) => !isFact(field)));
  const immediate = { set: atOnce, changed: Object.keys(atOnce) };
  const approved = factsOf(account);
  const before = waiting ? factsOf(waiting) : approved;
  const facts = { ...before, ...requestedFacts(requested) };
  if (!isAsked || isSame(facts, before)) {
    return immediate.changed.length > 0 ? { kind: 'immediate', ...immediate } : { kind: 'none' };
  }
  if (isSame(facts, approved)) return { kind: 'withdrawal', ...immediate };
  const differing = FACTS.filter(fact => !isSame(facts[fact], approved[fact]));
  return { kind: 'review', facts, set: atOnce, changed: [...immediate.changed, ...differing] };
}

/** The facts alone, of an account or of a submission; one of an account that declared no use says so by an empty text. */
export function factsOf({ name, company, declaredUse }: Facts): Facts {
  return { name, ...(company && { company }), ...(declaredUse?.text && { declaredUse }) };
}

function requestedFacts({ name, company, declared_use: declaredUse }: z.output<typeof profileInput>): Partial<Facts> {
  return { ...(name !== undefined && { name }), ...(company && { company }), ...(declaredUse && { declaredUse }) };
}

/** Whatever the order of their members. */
function isSame(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function isFact(field: string): field is Fact {
  return (FACTS as readonly string[]).includes(field);
}
