/**
 * How service to one account ends. Invariants:
 * - a termination moves along its table alone, and each move is conditional on the state that it was decided on;
 * - from `closing` on nothing can be called; until `purging` nothing is lost;
 * - what a hold names stays; all else goes, whatever else is held;
 * - it is certified only after a last pass that nothing that began before could outlive. Pure.
 */

import * as z from 'zod';
import type { AccountStatus } from '../catalogue/account-status.ts';
import { Refusal } from '../catalogue/refusal.ts';
import {
  isOver,
  LAST_PASS_MS,
  TERMINATION_CAUSES,
  TERMINATION_TABLE,
  type TerminationCause,
  type TerminationState,
  terminationPriors,
} from '../catalogue/terminations.ts';
import { cursorOf } from '../http/cursor.ts';
import type { PurgePhase } from './purge-phases.ts';

export interface Termination {
  readonly terminationId: string;
  readonly accountId: string;
  readonly cause: TerminationCause;
  readonly state: TerminationState;
  /** Why, in words; erased with the account. */
  readonly reason?: string;
  /** Who asked for it or ordered it; erased where that is no staff. */
  readonly requestedBy?: string;
  /** ISO 8601, as all times here. */
  readonly requestedAt: string;
  readonly decidedBy?: string;
  readonly decidedAt?: string;
  readonly closesAt?: string;
  readonly closedAt?: string;
  readonly exportUntil?: string;
  readonly purgeStartedAt?: string;
  readonly lastPassAt?: string;
  readonly certifiedAt?: string;
  readonly certificateId?: string;
  /** What the account was before calls ended. */
  readonly statusBefore?: AccountStatus;
  /** The e-mail about the last move. */
  readonly mailId?: string;
  /** What a purge is at, and where in it. */
  readonly phase?: PurgePhase;
  readonly cursor?: string;
  /** When somebody should look at it. */
  readonly dueAt: string;
  /** Raised by each move. */
  readonly revision: number;
  /** Raised by each hold that is placed or lifted: what was decided on other holds is not done. */
  readonly holdsRevision: number;
  /** Epoch ms: until then a page of objects may be under way. */
  readonly pageUntil?: number;
  /** Its keys at API Gateway, which are gone: what was counted by them names them. */
  readonly gatewayKeyIds?: readonly string[];
  /** Rows that went or were reduced, by table and kind. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Where a list of terminations goes on. */
export const PLACES = cursorOf(
  z.strictObject({ accountId: z.string().regex(/^acct_[0-9A-Za-z]+$/), dueAt: z.iso.datetime() }),
);

/** Fields that a move sets; undefined takes one away. */
export type Move = { readonly [Field in keyof Termination]?: Termination[Field] | undefined } & {
  readonly state: TerminationState;
};

const DAY_MS = 24 * 3600_000;
const iso = (moment: number): string => new Date(moment).toISOString();

/** Throws where it cannot come to that state from the one that it is in. */
export function assertMove({ state }: Pick<Termination, 'state'>, to: TerminationState): void {
  if (terminationPriors(to).includes(state)) return;
  throw new Refusal('wrong_state', `this termination ${TERMINATION_TABLE[state].description}`);
}

/** What a decision to end service does, `now` being epoch ms: at once, or after the notice that its cause wants. */
export function decided(cause: TerminationCause, now: number, closesAt?: string): Move {
  const earliest = now + TERMINATION_CAUSES[cause].noticeDays * DAY_MS;
  const closes = Math.max(earliest, closesAt === undefined ? 0 : Date.parse(closesAt));
  if (closes <= now) return closed(cause, now);
  return { state: 'approved', decidedAt: iso(now), closesAt: iso(closes), dueAt: iso(closes) };
}

/** Calls end. */
export function closed(cause: TerminationCause, now: number): Move {
  const exportUntil = iso(now + TERMINATION_CAUSES[cause].windowDays * DAY_MS);
  return { state: 'closing', closedAt: iso(now), exportUntil, dueAt: iso(now) };
}

/** Work has stopped: what is left of the window is for exports. */
export function opened({ exportUntil = '' }: Pick<Termination, 'exportUntil'>): Move {
  return { state: 'export_window', dueAt: exportUntil };
}

/** All phases are through: a first pass is followed by a last one, which is the end of it where nothing is held. */
export function passed(
  { lastPassAt }: Pick<Termination, 'lastPassAt'>,
  { isHeld, now }: { readonly isHeld: boolean; readonly now: number },
): Move {
  if (isHeld) return { state: 'held', phase: undefined, cursor: undefined, dueAt: iso(now) };
  if (lastPassAt !== undefined && Date.parse(lastPassAt) <= now) {
    return { state: 'certified', phase: undefined, cursor: undefined, certifiedAt: iso(now), dueAt: iso(now) };
  }
  const at = iso(now + LAST_PASS_MS);
  return { state: 'last_pass', phase: undefined, cursor: undefined, lastPassAt: at, dueAt: at };
}

/** Throws where one is under way already. */
export function refuseSecond(current: Termination | undefined): void {
  if (!current || isOver(current.state)) return;
  throw new Refusal('wrong_state', `a termination of this account ${TERMINATION_TABLE[current.state].description}`);
}

const PROPOSED_MS = 7 * DAY_MS;

/** Whether one operator has ordered it and another may join; after a week a proposal is nobody's any more. */
export function isProposed(current: Termination | undefined, now: number): boolean {
  return current?.state === 'proposed' && Date.parse(current.requestedAt) > now - PROPOSED_MS;
}

/** Whether a second operator who orders this joins the first: for the same reason, and for the same day. */
export function isJoined(
  current: Termination | undefined,
  { cause, reason, closesAt, now }: { cause: TerminationCause; reason: string; closesAt?: string; now: number },
): boolean {
  if (!current || !isProposed(current, now)) return false;
  return current.cause === cause && current.reason === reason && current.closesAt === closesAt;
}

/** Throws where its people cannot take it back, or no longer. */
export function refuseWithdrawal(current: Termination): void {
  const { cause } = current;
  if (!TERMINATION_CAUSES[cause].isOwners) {
    throw new Refusal('wrong_state', `this was not asked for by the account: ${TERMINATION_CAUSES[cause].description}`);
  }
  assertMove(current, 'withdrawn');
}

/** As its people and operators read it. */
export function describeTermination(termination: Termination) {
  const { terminationId, accountId, cause, state, reason } = termination;
  return {
    id: terminationId,
    object: 'account.termination' as const,
    account_id: accountId,
    cause,
    state,
    reason: reason ?? null,
    next_step: `It ${TERMINATION_TABLE[state].description}.`,
    requested_at: termination.requestedAt,
    closes_at: termination.closedAt ?? termination.closesAt ?? null,
    export_until: termination.exportUntil ?? null,
    purge_started_at: termination.purgeStartedAt ?? null,
    last_pass_at: termination.lastPassAt ?? null,
    certified_at: termination.certifiedAt ?? null,
    certificate_id: termination.certificateId ?? null,
  };
}
