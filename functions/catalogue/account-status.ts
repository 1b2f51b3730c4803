/**
 * An account's standing: one table says which follow which, and what the account may do in each. The conditions of
 * transactions, the refusals and the tests derive from it. Only `active` may use the service.
 */
import type { Act } from './permissions.ts';

interface Row {
  /** The standings that may come after it. */
  readonly next: readonly string[];
  /** `read` its own records, `apply` (register, verify, hand in documents), manage `keys`, `pay`, `use` the service. */
  readonly acts: readonly Act[];
}

export const STANDINGS = {
  /** Registered; its e-mail address is not confirmed. */
  registered: { next: ['verified', 'closed'], acts: ['read', 'apply'] },
  verified: { next: ['submitted', 'closed'], acts: ['read', 'apply'] },
  /** A reviewer has its documents. */
  submitted: { next: ['active', 'more_requested', 'refused', 'closed'], acts: ['read', 'apply'] },
  more_requested: { next: ['submitted', 'closed'], acts: ['read', 'apply'] },
  refused: { next: ['submitted', 'closed'], acts: ['read', 'apply'] },
  active: { next: ['frozen', 'closed'], acts: ['read', 'apply', 'keys', 'pay', 'use'] },
  frozen: { next: ['active', 'closed'], acts: ['read'] },
  closed: { next: [], acts: ['read'] },
} as const satisfies Record<string, Row>;

export type Standing = keyof typeof STANDINGS;
export const STANDING_NAMES = Object.keys(STANDINGS) as Standing[];

export function mayDo(standing: Standing, act: Act): boolean {
  return (STANDINGS[standing].acts as readonly Act[]).includes(act);
}

/** What operators do to a standing, from where to where. Approval is another matter: it needs a submission. */
export const STANDING_ACTIONS = {
  freeze: { from: ['active'], to: 'frozen' },
  unfreeze: { from: ['frozen'], to: 'active' },
  close: { from: standingsBefore('closed'), to: 'closed' },
} as const satisfies Record<string, { from: readonly Standing[]; to: Standing }>;

/** The standings from which an account may come to `standing`. */
export function standingsBefore(standing: Standing): Standing[] {
  return STANDING_NAMES.filter(name => (STANDINGS[name].next as readonly Standing[]).includes(standing));
}

/** Standings in which an account waits for something before it is approved. */
export const APPLYING = ['registered', 'verified', 'submitted', 'more_requested', 'refused'] as const;
