/**
 * What needs a second person here: what one of finance gives away alone on a day is bounded; beyond that, an entry is proposed
 * by one and booked by another. Pure.
 */
import { nextOf, type Proposal, proposed } from '../audit/second-person.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { availableBy, type Entry } from '../credits/ledger.ts';
import { termsText } from './booking.ts';

/** Credits that the entry gives away; none where it takes. */
export function givenBy(entry: Entry): number {
  return Math.max(0, availableBy(entry));
}

export function proposalOf(entry: Entry, by: { personId: string; now: number }): Proposal {
  return proposed(termsText(entry), by);
}

/** What a call is to do, as `nextOf` of every proposal; throws a Refusal where it was proposed with other members. */
export function nextBooking(proposal: Proposal | undefined, called: Proposal): 'propose' | 'wait' | 'do' {
  const next = nextOf(proposal, called);
  if (next !== 'differs') return next;
  throw new Refusal(
    'idempotency_mismatch',
    'this reference was proposed with other members; nothing was booked now: send what was proposed, or another reference',
    'reference',
  );
}
