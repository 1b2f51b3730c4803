/**
 * An account's status: one table says which follow which, and what the account may do in each. The conditions of
 * transactions, the refusals and the tests derive from it. Only `active` may use the service.
 */
import type { Capability } from './permissions.ts';

interface Row {
  /** The statuses that may come after it. */
  readonly next: readonly string[];
  /** `read` its own records, `apply` (register, verify, hand in documents), manage `keys`, `pay`, `use` the service. */
  readonly capabilities: readonly Capability[];
}

export const STATUS_TABLE = {
  /** Registered; its e-mail address is not confirmed. */
  registered: { next: ['verified', 'closed'], capabilities: ['read', 'apply'] },
  verified: { next: ['submitted', 'closed'], capabilities: ['read', 'apply'] },
  /** A reviewer has its documents. */
  submitted: { next: ['active', 'more_requested', 'refused', 'closed'], capabilities: ['read', 'apply'] },
  more_requested: { next: ['submitted', 'closed'], capabilities: ['read', 'apply'] },
  refused: { next: ['submitted', 'closed'], capabilities: ['read', 'apply'] },
  active: { next: ['frozen', 'closed'], capabilities: ['read', 'apply', 'keys', 'pay', 'use'] },
  frozen: { next: ['active', 'closed'], capabilities: ['read'] },
  closed: { next: [], capabilities: ['read'] },
} as const satisfies Record<string, Row>;

export type AccountStatus = keyof typeof STATUS_TABLE;
export const ACCOUNT_STATUSES = Object.keys(STATUS_TABLE) as AccountStatus[];

export function allows(status: AccountStatus, capability: Capability): boolean {
  return (STATUS_TABLE[status].capabilities as readonly Capability[]).includes(capability);
}

/** What operators do to a status, from where to where. Approval is another matter: it needs a submission. */
export const STATUS_ACTIONS = {
  freeze: { from: ['active'], to: 'frozen' },
  unfreeze: { from: ['frozen'], to: 'active' },
  close: { from: statusesBefore('closed'), to: 'closed' },
} as const satisfies Record<string, { from: readonly AccountStatus[]; to: AccountStatus }>;

/** The statuses from which an account may come to `status`. */
export function statusesBefore(status: AccountStatus): AccountStatus[] {
  return ACCOUNT_STATUSES.filter(name => (STATUS_TABLE[name].next as readonly AccountStatus[]).includes(status));
}

/** Statuses in which an account waits for something before it is approved. */
export const APPLYING = ['registered', 'verified', 'submitted', 'more_requested', 'refused'] as const;
