/**
 * Auto top-up: where an account's credits fall below what its people set, a package is bought with a payment method that one of
 * them saved, within what they allow for a UTC month. Whatever comes twice, late or never:
 * - at most one such purchase of an account is open, and a new one waits until it is paid or given up;
 * - of an open one at most one payment can go through: before it is tried again, or paid by hand, the way before is closed;
 * - what was begun in a month and is not given up never exceeds the month's limit; one that is tried again in another month
 *   counts in that one;
 * - one that fails is tried again one, three and seven days after it first failed, and then auto top-up is switched off.
 * All of it stands in one item, and each change is refused where another was first. Pure.
 */
import type { z } from 'zod';
import { type CreditPackage, packageOf } from '../catalogue/packages.ts';
import { dayPlus } from '../data/day-shard.ts';
import type { autoTopUpObject } from './auto-top-up-contract.ts';

/** A payment method at Stripe, saved for payments without its owner. */
export interface SavedMethod {
  readonly methodId: string;
  /** Such as `card`, and of a card its brand and last digits. */
  readonly type: string;
  readonly brand?: string;
  readonly last4?: string;
}

export interface TopUpSettings {
  /** Credits. */
  readonly below: number;
  readonly package: string;
  /** In the smallest unit of the package's currency. */
  readonly monthlyLimit: number;
  /** The person, and when, ISO 8601. */
  readonly setBy: string;
  readonly setAt: string;
}

export interface OpenTopUp {
  readonly purchaseId: string;
  /** What it costs. */
  readonly amount: number;
  /** ISO 8601. */
  readonly since: string;
  /** From 1. */
  readonly attempt: number;
  /** It is being charged, or it was declined and waits for its next try. */
  readonly state: 'charging' | 'declined';
  readonly methodId: string;
  /** When somebody is to look at it again, ISO 8601. */
  readonly dueAt: string;
  readonly firstFailedAt?: string;
  /** Where it is paid by hand, and until when, ISO 8601. */
  readonly page?: { readonly sessionId: string; readonly url: string; readonly until: string };
}

export interface AutoTopUp {
  readonly accountId: string;
  /** Raised by each change. */
  readonly revision: number;
  /** The account at Stripe. */
  readonly customerId?: string;
  readonly method?: SavedMethod & { readonly savedBy: string; readonly savedAt: string };
  readonly settings?: TopUpSettings;
  /** What was begun in a UTC month, `2026-11`, and whether the account was told that its limit is reached. */
  readonly month?: { readonly month: string; readonly spent: number; readonly isTold?: boolean };
  readonly open?: OpenTopUp;
  /** The last failure, until a payment goes through. */
  readonly failure?: { readonly code: string; readonly at: string; readonly attempts: number };
  /** Methods that are not to be charged any more, which Stripe is to forget. */
  readonly retired?: readonly string[];
  /** Since when it is switched off by us. */
  readonly switchedOff?: { readonly at: string };
  /** The last e-mail about it, which may not be sent yet. */
  readonly mailId?: string;
}

/** Days after the first failure. */
export const RETRY_DAYS = [1, 3, 7] as const;
const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

export type TopUpDecision =
  | { readonly kind: 'nothing' }
  /** It is due, and would exceed the month's limit; `isNew` where the account was not told in this month. */
  | { readonly kind: 'limit'; readonly isNew: boolean }
  | { readonly kind: 'buy'; readonly offer: CreditPackage; readonly methodId: string };

/** Whether a purchase is to begin. `now` is epoch ms. */
export function decideTopUp(
  state: AutoTopUp,
  { available, amount, now }: { readonly available: number; readonly amount: number; readonly now: number },
): TopUpDecision {
  const { settings, method, open, switchedOff } = state;
  const offer = settings && packageOf(settings.package);
  if (!settings || !offer || !method || open || switchedOff || available >= settings.below) return { kind: 'nothing' };
  if (!isWithin(state, amount, now)) return { kind: 'limit', isNew: !monthOf(state, now).isTold };
  return { kind: 'buy', offer, methodId: method.methodId };
}

function isWithin(state: AutoTopUp, amount: number, now: number): boolean {
  return monthOf(state, now).spent + amount <= (state.settings?.monthlyLimit ?? 0);
}

function monthOf({ month }: AutoTopUp, now: number) {
  const current = new Date(now).toISOString().slice(0, 7);
  return month?.month === current ? month : { month: current, spent: 0 };
}

/** The account is told once a month that the limit is reached. */
export function told(state: AutoTopUp, mailId: string, now: number): AutoTopUp {
  return changed(state, { month: { ...monthOf(state, now), isTold: true }, mailId });
}

export function begun(
  state: AutoTopUp,
  { purchaseId, amount, methodId }: Pick<OpenTopUp, 'purchaseId' | 'amount' | 'methodId'>,
  now: number,
): AutoTopUp {
  const since = new Date(now).toISOString();
  const open = { purchaseId, amount, since, attempt: 1, state: 'charging', methodId, dueAt: later(now) } as const;
  return changed(state, { open, month: counted(state, amount, now) });
}

/** What is charged in another month than it was begun in counts in that; one that is open has room there, as it is alone. */
export function carried(state: AutoTopUp, now: number): AutoTopUp {
  const { open, month } = state;
  if (!open || month?.month === monthOf(state, now).month) return state;
  return changed(state, { month: counted(state, open.amount, now) });
}

/** A payment that is under way is looked at again, since what is reported of it may be lost. */
export function waiting(state: AutoTopUp, now: number): AutoTopUp {
  return state.open ? changed(state, { open: { ...state.open, dueAt: later(now) } }) : state;
}

/** When the next try of a purchase is that was declined for the `attempt`th time; undefined after the last. */
export function nextTry(firstFailedAt: string, attempt: number): string | undefined {
  const days = RETRY_DAYS[attempt - 1];
  return days === undefined ? undefined : new Date(Date.parse(firstFailedAt) + days * DAY_MS).toISOString();
}

/** `page` is where it is paid by hand until it is tried again; the last failure has none, and gives it up. */
export function declined(
  state: AutoTopUp,
  { code, page, mailId }: { readonly code: string; readonly page: OpenTopUp['page']; readonly mailId: string },
  now: number,
): AutoTopUp {
  const { open } = state;
  if (!open) return state;
  const at = new Date(now).toISOString();
  const firstFailedAt = open.firstFailedAt ?? at;
  const failure = { code, at, attempts: open.attempt };
  const dueAt = nextTry(firstFailedAt, open.attempt);
  if (dueAt === undefined || !page) return { ...givenUp(state, now), failure, switchedOff: { at }, mailId };
  return changed(state, { open: { ...open, state: 'declined', firstFailedAt, dueAt, page }, failure, mailId });
}

/** Whether an open one that was declined is to be tried again; else it is given up, since nobody wants or allows it any more. */
export function isRetried(state: AutoTopUp, available: number, now: number): boolean {
  const { open, settings, method } = state;
  if (!open || !settings || !method || available >= settings.below) return false;
  return isWithin(released(state), open.amount, now);
}

export function retried(state: AutoTopUp, now: number): AutoTopUp {
  const { open, method } = state;
  if (!open || !method) return state;
  const { page: _page, ...rest } = open;
  return changed(state, {
    open: { ...rest, attempt: open.attempt + 1, state: 'charging', methodId: method.methodId, dueAt: later(now) },
    month: counted(released(state), open.amount, now),
  });
}

/** The purchase is not pursued any more, and does not count. */
export function givenUp(state: AutoTopUp, now: number): AutoTopUp {
  return changed(state, { open: undefined, month: monthOf(released(state), now) });
}

/** A purchase was paid; where it is the open one, the next may begin. */
export function paidFor(state: AutoTopUp, purchaseId: string): AutoTopUp {
  if (state.open?.purchaseId !== purchaseId) return state;
  return changed(state, { open: undefined, failure: undefined });
}

/** The one before is not charged any more. */
export function methodSaved(state: AutoTopUp, method: NonNullable<AutoTopUp['method']>): AutoTopUp {
  return changed(state, { method, retired: retiredWith(state, method.methodId) });
}

function retiredWith({ method, retired = [] }: AutoTopUp, kept?: string): readonly string[] | undefined {
  const all = new Set([...retired, ...(method ? [method.methodId] : [])]);
  if (kept !== undefined) all.delete(kept);
  return all.size > 0 ? [...all] : undefined;
}

export function forgotten(state: AutoTopUp): AutoTopUp {
  return changed(state, { retired: undefined });
}

/** Set again, it is on again. */
export function settingsSet(state: AutoTopUp, settings: TopUpSettings): AutoTopUp {
  return changed(state, { settings, switchedOff: undefined });
}

/** Ended by its people, with the payment method; what is open is given up when it is looked at, unless it is paid by then. */
export function ended(state: AutoTopUp, now: number): AutoTopUp {
  const open = state.open && { ...state.open, dueAt: new Date(now).toISOString() };
  const none = { settings: undefined, method: undefined, failure: undefined, switchedOff: undefined };
  return changed(state, { ...none, retired: retiredWith(state), open });
}

export function customerMade(state: AutoTopUp, customerId: string): AutoTopUp {
  return changed(state, { customerId });
}

/** Without what is open, where the month counts it. */
function released(state: AutoTopUp): AutoTopUp {
  const { month, open } = state;
  if (!month || !open) return state;
  return { ...state, month: { ...month, spent: Math.max(0, month.spent - open.amount) } };
}

function counted(state: AutoTopUp, amount: number, now: number): NonNullable<AutoTopUp['month']> {
  const month = monthOf(state, now);
  return { ...month, spent: month.spent + amount };
}

function later(now: number): string {
  return new Date(now + HOUR_MS).toISOString();
}

type Changes = { readonly [Field in keyof AutoTopUp]?: AutoTopUp[Field] | undefined };

function changed(state: AutoTopUp, by: Changes): AutoTopUp {
  const merged = { ...state, ...by, revision: state.revision + 1 };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as unknown as AutoTopUp;
}

/** As its people read it. */
export function describeAutoTopUp(state: AutoTopUp, now: number): z.output<typeof autoTopUpObject> {
  const { settings, method, open, failure, switchedOff } = state;
  const currency = settings && packageOf(settings.package)?.currency;
  return {
    object: 'auto_top_up',
    status: statusOf(state),
    below: settings?.below ?? null,
    package: settings?.package ?? null,
    monthly_limit: settings?.monthlyLimit ?? null,
    currency: currency ?? null,
    spent_this_month: monthOf(state, now).spent,
    month_ends: `${dayPlus(`${monthOf(state, now).month}-28`, 4).slice(0, 7)}-01T00:00:00.000Z`,
    payment_method: method
      ? { type: method.type, brand: method.brand ?? null, last4: method.last4 ?? null, saved_at: method.savedAt }
      : null,
    purchase: open?.purchaseId ?? null,
    next_try_at: open?.state === 'declined' ? open.dueAt : null,
    checkout_url: open?.page && Date.parse(open.page.until) > now ? open.page.url : null,
    last_failure: failure ?? null,
    switched_off_at: switchedOff?.at ?? null,
  };
}

function statusOf({ settings, open, switchedOff }: AutoTopUp) {
  if (switchedOff) return 'switched_off';
  if (!settings) return 'off';
  if (!open) return 'on';
  return open.state === 'declined' ? 'retrying' : 'charging';
}
