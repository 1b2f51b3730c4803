/**
 * The second person. What one of finance gives away alone on a day is bounded; beyond that, an entry is proposed by one and
 * booked by another, who sends the same call. Pure.
 */
import { Refusal } from '../catalogue/refusal.ts';
import { availableBy, type Entry } from '../credits/ledger.ts';
import { termsText } from './booking.ts';

export interface Proposal {
  /** What is proposed: the same call says the same. */
  readonly terms: string;
  readonly firstBy: string;
  /** Epoch ms; another proposal may take its place from then on. */
  readonly expiresAtMs: number;
  /** Who booked it. */
  readonly secondBy?: string;
}

/** A week, so that a proposal outlives a holiday, and not its reason. */
const PROPOSED_MS = 7 * 24 * 3600_000;

/** Credits that the entry gives away; none where it takes. */
export function givenBy(entry: Entry): number {
  return Math.max(0, availableBy(entry));
}

export function proposalOf(entry: Entry, { personId, now }: { personId: string; now: number }): Proposal {
  return { terms: termsText(entry), firstBy: personId, expiresAtMs: now + PROPOSED_MS };
}

/**
 * What the call is to do where one person is not enough: `propose` it, `wait` for another where the caller proposed it, or
 * `book` it as the second. Throws a Refusal where it was proposed with other terms.
 */
export function nextOf(proposal: Proposal | undefined, called: Proposal): 'propose' | 'wait' | 'book' {
  const now = called.expiresAtMs - PROPOSED_MS;
  if (!proposal || (proposal.secondBy === undefined && proposal.expiresAtMs <= now)) return 'propose';
  if (proposal.terms !== called.terms) {
    throw new Refusal(
      'idempotency_mismatch',
      'this reference was proposed with other members; nothing was booked now: send what was proposed, or another reference',
      'reference',
    );
  }
  // Whoever repeats what is booked already is told so by the entry.
  if (proposal.secondBy !== undefined) return 'book';
  return proposal.firstBy === called.firstBy ? 'wait' : 'book';
}
