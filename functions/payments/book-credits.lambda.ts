import { setTimeout as pause } from 'node:timers/promises';
import { restHandler } from '../audit/api-handlers.ts';
import { type AuditAction, auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { type Booked, bookEntry } from '../credits/booking-store.ts';
import { adjustment, availableBy, type Entry, grant, purchase } from '../credits/ledger.ts';
import type { TransactWrite } from '../data/table.ts';
import { type RouteResponse, route } from '../http/api-handler.ts';
import { tokenOfKey } from '../http/idempotency-key.ts';
import { type Caller, headerOf, type RequestContext } from '../http/request-context.ts';
import { prefixedId } from '../runtime/ids.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { latestConcerns } from './concerns-store.ts';
import { adjustCredits, grantCredits, listPaymentConcerns, recordPayment } from './finance-contract.ts';
import { describeEntry, isSameEntry, type LedgerEntry } from './ledger-entry.ts';
import { isSamePayment, referenceWrite } from './payment-reference.ts';

const TABLES = { core: setting('CORE_TABLE'), ledger: setting('LEDGER_TABLE'), audit: setting('AUDIT_TABLE') };
const CONCERNS = 50;

/** What finance enters by hand, each with who did it and why. */
export const handler = restHandler(
  route(recordPayment, async ({ caller, input: { id, credits, reason, ...money } }) => {
    const entry = purchase(`by_hand:${money.reference}`, credits, money);
    const payment = { accountId: id, credits, ...money };
    const once = referenceWrite(TABLES.core, payment);
    return book(caller, {
      id,
      entry,
      reason,
      action: 'credits.purchased',
      once,
      same: isSamePayment.bind(null, payment),
    });
  }),
  route(adjustCredits, async ({ caller, input: { id, credits, reason }, event }) => {
    const entry = adjustment(referenceOf(event), credits);
    return book(caller, { id, entry, reason, action: 'credits.adjusted', same: isSameEntry.bind(null, entry) });
  }),
  route(grantCredits, async ({ caller, input: { id, credits, reason }, event }) => {
    const entry = grant(referenceOf(event), credits);
    return book(caller, { id, entry, reason, action: 'credits.granted', same: isSameEntry.bind(null, entry) });
  }),
  route(listPaymentConcerns, async ({ input: { limit = CONCERNS, after } }) => {
    const { concerns, more } = await latestConcerns(TABLES.core, { after, limit });
    const data = concerns.map(({ id, concern, why, subject, at, accountId, purchaseId }) => ({
      ...{ id, object: 'payment_concern' as const, concern, why, subject, at },
      ...{ account_id: accountId ?? null, purchase_id: purchaseId ?? null },
    }));
    return { body: { object: 'list' as const, data, has_more: more } };
  }),
);

interface Booking {
  readonly id: string;
  readonly entry: Entry;
  readonly reason: string;
  readonly action: AuditAction;
  readonly once?: TransactWrite;
  readonly same: (stands: Readonly<Record<string, unknown>>) => boolean;
}

async function book(caller: Caller, booking: Booking): Promise<RouteResponse<LedgerEntry>> {
  const { id: accountId, entry, reason, action, once, same } = booking;
  const at = now();
  const { kind, keyId, address, client } = caller;
  const event = auditEvent(
    { kind, id: keyId, address, client },
    { accountId, action, subject: entry.id, reason, detail: { credits: availableBy(entry) } },
    { now: at, random },
  );
  const booked = await bookEntry(TABLES, { accountId, entry, event, ...(once && { once }) }, { now: at, pause });
  if (booked.kind !== 'booked' && !(booked.kind === 'stands' && same(booked.item))) throw refusalOf(booked, booking);
  const replayed = booked.kind === 'stands' ? { headers: { 'idempotent-replayed': 'true' } } : {};
  return { body: describeEntry(accountId, entry), ...replayed };
}

function refusalOf(booked: Exclude<Booked, { kind: 'booked' }>, { id, entry }: Booking): Refusal {
  if (booked.kind === 'no_account') return new Refusal('not_found', `there is no account ${id}`, 'id');
  if (booked.kind === 'insufficient') {
    return new Refusal(
      'insufficient_credits',
      `the account has ${booked.available} credits that can be taken, and ${-availableBy(entry)} were to be; credits must not be below -${booked.available}`,
      'credits',
    );
  }
  const what = entry.money ? `the reference ${entry.money.reference}` : 'this Idempotency-Key';
  return new Refusal(
    'idempotency_mismatch',
    `${what} was used before with another account, credits or amount; nothing was booked now`,
    entry.money ? 'reference' : 'Idempotency-Key',
  );
}

/** The entry is named by the caller's key, for ever; without one each call is another entry. */
function referenceOf(event: RequestContext<unknown>['event']): string {
  return tokenOfKey(headerOf(event, 'idempotency-key')) ?? prefixedId('ref', now(), random);
}
