/**
 * The second person: what one of staff may not do alone is proposed by one and done by another, who sends the same call.
 * Pure.
 */
export interface Proposal {
  /** What is proposed: the same call says the same. */
  readonly terms: string;
  readonly firstBy: string;
  /** Epoch ms; another proposal may take its place from then on. */
  readonly expiresAtMs: number;
  /** Who did it. */
  readonly secondBy?: string;
}

/** A week, so that a proposal outlives a holiday, and not its reason. */
const PROPOSED_MS = 7 * 24 * 3600_000;

export function proposed(terms: string, { personId, now }: { personId: string; now: number }): Proposal {
  return { terms, firstBy: personId, expiresAtMs: now + PROPOSED_MS };
}

/**
 * What the call is to do where one person is not enough: `propose` it, `wait` for another where the caller proposed it, or
 * `do` it as the second; `differs` where it was proposed with other terms.
 */
export function nextOf(proposal: Proposal | undefined, called: Proposal): 'propose' | 'wait' | 'do' | 'differs' {
  const now = called.expiresAtMs - PROPOSED_MS;
  if (!proposal || (proposal.secondBy === undefined && proposal.expiresAtMs <= now)) return 'propose';
  if (proposal.terms !== called.terms) return 'differs';
  // Whoever repeats what is done already is told so by what was done.
  if (proposal.secondBy !== undefined) return 'do';
  return proposal.firstBy === called.firstBy ? 'wait' : 'do';
}
