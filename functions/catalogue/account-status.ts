/**
 * An account's status: one table says which follow which, what the account may do in each, and what its people are told.
 * The conditions of transactions, the refusals and the tests derive from it. Only `active` may use the service.
 */
import type { Capability } from './permissions.ts';
import { SUPPORT } from './support.ts';

interface Row {
  /** The statuses that may come after it. */
  readonly next: readonly string[];
  /** `read` its own records, `apply` (register, verify, submit documents), manage `keys`, `pay`, `use` the service. */
  readonly capabilities: readonly Capability[];
  /** What a caller is told where the status does not allow what it asks for, and what helps. */
  readonly description: string;
  /** What the account's people can do now; null where nothing is left to do. */
  readonly nextStep: string | null;
}

export const STATUS_TABLE = {
  /** Registered; its e-mail address is not confirmed. */
  registered: {
    next: ['verified', 'closed', 'terminating'],
    capabilities: ['read', 'apply'],
    description: 'this account is not verified: confirm its e-mail address with POST /v1/account/email/confirmation',
    nextStep:
      'confirm the e-mail address with POST /v1/account/email/confirmation; POST /v1/account/email/verification sends another code',
  },
  verified: {
    next: ['submitted', 'closed', 'terminating'],
    capabilities: ['read', 'apply'],
    description: 'this account is not approved: submit its qualification with POST /v1/account/qualification',
    nextStep:
      'announce and send documents with POST /v1/account/qualification/documents, then submit them with POST /v1/account/qualification',
  },
  /** A reviewer has its documents. */
  submitted: {
    next: ['active', 'more_requested', 'refused', 'closed', 'terminating'],
    capabilities: ['read', 'apply'],
    description: 'this account is being reviewed; you are told by e-mail',
    nextStep: 'wait: a reviewer has your documents',
  },
  more_requested: {
    next: ['submitted', 'closed', 'terminating'],
    capabilities: ['read', 'apply'],
    description: 'this account is not approved: the reviewer asks for more, see GET /v1/account/qualification',
    nextStep: 'add what the reviewer asks for and submit again with POST /v1/account/qualification',
  },
  refused: {
    next: ['submitted', 'closed', 'terminating'],
    capabilities: ['read', 'apply'],
    description: 'this account was not approved: GET /v1/account/qualification says why',
    nextStep: 'read why at GET /v1/account/qualification; you may submit again',
  },
  active: {
    next: ['frozen', 'closed', 'terminating'],
    capabilities: ['read', 'apply', 'keys', 'pay', 'use'],
    description: 'this account is active',
    nextStep: null,
  },
  frozen: {
    next: ['active', 'closed', 'terminating'],
    capabilities: ['read'],
    description: `this account is frozen; write to ${SUPPORT}`,
    nextStep: `write to ${SUPPORT}`,
  },
  /** It is being ended: catalogue/terminations.ts says how. Where that is withdrawn, it is again what it was. */
  terminating: {
    next: [],
    capabilities: ['read'],
    description: 'this account is being ended: GET /v1/account/termination says what comes next',
    nextStep: 'read what comes next, and until when you may export, at GET /v1/account/termination',
  },
  closed: {
    next: ['terminating'],
    capabilities: ['read'],
    description: 'this account is closed',
    nextStep: null,
  },
} as const satisfies Record<string, Row>;

export type AccountStatus = keyof typeof STATUS_TABLE;
export const ACCOUNT_STATUSES = Object.keys(STATUS_TABLE) as AccountStatus[];

export function allows(status: AccountStatus, capability: Capability): boolean {
  return (STATUS_TABLE[status].capabilities as readonly Capability[]).includes(capability);
}

/** The statuses of accounts that may do this. */
export function statusesThatAllow(capability: Capability): AccountStatus[] {
  return ACCOUNT_STATUSES.filter(status => allows(status, capability));
}

/** What a caller is told of a status that does not allow what it asks for, and what helps; undefined: there is no account. */
export function describeStatus(status: AccountStatus | undefined): string {
  if (status === undefined) return 'this person has no account yet: register one with POST /v1/account';
  return STATUS_TABLE[status].description;
}

/**
 * What operators do to a status, from where to where, and what it means to a reader; accounts/email-templates.ts has the
 * e-mail that tells the owner. Approval is another matter: it needs a submission.
 */
export const STATUS_ACTIONS = {
  freeze: { from: ['active'], to: 'frozen', description: 'stops all use' },
  unfreeze: { from: ['frozen'], to: 'active', description: 'undoes that' },
  close: { from: statusesBefore('closed'), to: 'closed', description: 'is for good' },
} as const satisfies Record<string, StatusAction>;

interface StatusAction {
  readonly from: readonly AccountStatus[];
  readonly to: AccountStatus;
  readonly description: string;
}

export type StatusActionName = keyof typeof STATUS_ACTIONS;
export const STATUS_ACTION_NAMES = Object.keys(STATUS_ACTIONS) as [StatusActionName, ...StatusActionName[]];

/** The statuses from which an account may come to `status`. */
export function statusesBefore(status: AccountStatus): AccountStatus[] {
  return ACCOUNT_STATUSES.filter(name => (STATUS_TABLE[name].next as readonly AccountStatus[]).includes(status));
}

/** Statuses in which an account waits for something before it is approved. */
export const APPLYING = ['registered', 'verified', 'submitted', 'more_requested', 'refused'] as const;

export function isApplying(status: AccountStatus): status is (typeof APPLYING)[number] {
  return (APPLYING as readonly AccountStatus[]).includes(status);
}
