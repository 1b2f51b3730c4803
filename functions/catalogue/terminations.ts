/**
 * How service to an account ends: three causes, the states of a termination, what is erased and what stays. One table
 * each: conditions of transactions, refusals, the reference, the certificate and the tests derive from them.
 */

/** What becomes of credits that were paid for and not used: given back in money, or not. */
export type SettlementRule = 'refund';

interface Cause {
  readonly description: string;
  /** Days between the decision and the end of calls. */
  readonly noticeDays: number;
  /** Days after the end of calls in which the account's people may still sign in and take their data with them. */
  readonly windowDays: number;
  readonly settlement: SettlementRule;
  /** Whether the account's people may take it back before the window has passed. */
  readonly isOwners: boolean;
}

/**
 * Days are set by us. Clause 7.2 of the terms takes from nobody what was paid for, so what was paid and not used goes back
 * whatever the cause; gifts end. A claim for damage (6.1) is settled apart, by people.
 */
export const TERMINATION_CAUSES = {
  service_end: {
    description: 'the platform ends the service',
    noticeDays: 90,
    windowDays: 30,
    settlement: 'refund',
    isOwners: false,
  },
  violation: {
    description: 'serious violation of the terms that was not corrected',
    noticeDays: 0,
    windowDays: 14,
    settlement: 'refund',
    isOwners: false,
  },
  user_request: {
    description: 'its own people asked for it',
    noticeDays: 0,
    windowDays: 30,
    settlement: 'refund',
    isOwners: true,
  },
} as const satisfies Record<string, Cause>;

export type TerminationCause = keyof typeof TERMINATION_CAUSES;
export const CAUSES = Object.keys(TERMINATION_CAUSES) as [TerminationCause, ...TerminationCause[]];

interface State {
  readonly next: readonly string[];
  /** For a reader, after "it": and what happens next. */
  readonly description: string;
  /** Whether the platform itself moves it on, when it is due. */
  readonly isDriven: boolean;
}

export const TERMINATION_TABLE = {
  requested: {
    next: ['approved', 'closing', 'refused', 'withdrawn'],
    description: 'was asked for; an operator approves or refuses it',
    isDriven: false,
  },
  /** One operator has ordered it. */
  proposed: {
    next: ['approved', 'closing', 'withdrawn'],
    description: 'was ordered by one operator; a second one has to order the same',
    isDriven: false,
  },
  approved: {
    next: ['closing', 'withdrawn'],
    description: 'is decided and announced; calls end at `closes_at`',
    isDriven: true,
  },
  closing: {
    next: ['export_window', 'withdrawn'],
    description: 'has begun: calls are refused, and what runs is cancelled and refunded',
    isDriven: true,
  },
  export_window: {
    next: ['purging', 'withdrawn'],
    description: 'leaves time to export: its people can sign in and read until `export_until`; then all is deleted',
    isDriven: true,
  },
  purging: {
    // To the end only once the time of the last pass has come: `passed` says so.
    next: ['held', 'last_pass', 'certified'],
    description: 'deletes: paid credits are settled, then objects and records go',
    isDriven: true,
  },
  held: {
    next: ['purging'],
    description: 'keeps what a legal hold names; the rest is deleted, and it goes on when the last hold is lifted',
    isDriven: false,
  },
  /** Until whatever ran when calls ended has come to its own end. */
  last_pass: {
    next: ['purging'],
    description: 'has deleted all, and looks a last time at `last_pass_at` for what came late',
    isDriven: true,
  },
  certified: { next: [], description: 'is over; the certificate says what went and what stayed', isDriven: false },
  refused: { next: [], description: 'was refused; nothing has changed', isDriven: false },
  withdrawn: { next: [], description: 'was withdrawn; the account is as it was', isDriven: false },
} as const satisfies Record<string, State>;

export type TerminationState = keyof typeof TERMINATION_TABLE;
export const TERMINATION_STATES = Object.keys(TERMINATION_TABLE) as [TerminationState, ...TerminationState[]];

/** The states from which a termination may come to `state`. */
export function terminationPriors(state: TerminationState): TerminationState[] {
  return TERMINATION_STATES.filter(prior => (TERMINATION_TABLE[prior].next as readonly string[]).includes(state));
}

/** States in which the platform itself has something to do, once they are due. */
export const DRIVEN_STATES = TERMINATION_STATES.filter(state => TERMINATION_TABLE[state].isDriven);

/** States after which another may begin. */
export function isOver(state: TerminationState): boolean {
  return TERMINATION_TABLE[state].next.length === 0;
}

/**
 * From the end of the first pass to the last one. The longest that anything begun before may write: an execution lasts an
 * hour, a worker 8 minutes more with one clip, a link to upload 10 minutes, a function 15, such as one that makes the volume
 * of an export: the next is not begun. With room: three hours.
 */
export const LAST_PASS_MS = 3 * 3600_000;

/** What a hold may name. */
export const HOLD_KINDS = ['account', 'video', 'image', 'media', 'document', 'ledger'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** A copy that nobody can reach into ends by itself: the certificate says when all of them have. */
export const BACKUP_DAYS = 35;

/** What an authority was told of a case stays so long, with the case. */
export const REPORTED_YEARS = 10;

/** What stays after a purge, and why: for the certificate, the reference and the test that searches for the rest. */
export const STAYS = [
  {
    what: 'ledger entries and the state of credits by day, under the id of the account',
    why: 'books of account; reasons in words are erased',
    rule: 'retention of books',
    years: 10,
  },
  {
    what: 'invoices and credit notes, records of purchases and payments, and files of reports',
    why: 'books of account; an invoice names its customer',
    rule: 'retention of books',
    years: 10,
  },
  {
    what: 'events of the audit trail reduced to action and time, their hashes, seals and signed heads',
    why: 'a chain without its links proves nothing; what the hashes are of is erased',
    rule: 'accountability',
    years: 10,
  },
  {
    what: 'the record of the termination, of its holds and its certificate',
    why: 'shows that and when it was done',
    rule: 'accountability',
    years: 10,
  },
  {
    what: 'reports to an authority as they were prepared, with the case that each is of',
    why: 'shows what an authority was told; no other case stays, decided or open: what one still needs is kept by a legal hold',
    rule: 'legal claims and duties to report',
    years: REPORTED_YEARS,
  },
  {
    what: 'payments at the payment provider',
    why: 'its own books; the payment method that was saved there is forgotten',
    rule: 'retention of books',
    years: 10,
  },
  {
    what: 'logs of calls, of storage accesses and of executions, and messages that were put aside',
    why: 'they end by themselves; they hold ids and neither names nor addresses',
    rule: 'security of the service',
    days: 90,
  },
  {
    what: 'backups for recovery of tables',
    why: 'nobody can delete within them; they end by themselves',
    rule: 'recovery',
    days: BACKUP_DAYS,
  },
] as const;

/** So long Stripe may take to forget a payment method; after that the certificate says that it did not. */
export const FORGET_METHOD_MS = 24 * 3600_000;

/** Of one whose service was ended for a violation: by this alone it is recognised when it registers again. */
export const STAYS_OF_OFFENDERS = {
  what: 'a keyed hash of the e-mail address',
  why: 'recognises whoever was terminated for a violation and registers again; nothing else can be read from it',
  rule: 'protection of the service and of others',
  years: 10,
} as const;
