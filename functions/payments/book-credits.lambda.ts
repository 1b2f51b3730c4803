import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { pageOfIds } from '../http/page.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { type BookingResult, bookAdjustment, bookGrant, bookPayment } from './book-credits-command.ts';
import {
  adjustCredits,
  grantCredits,
  listPaymentExceptions,
  recordPayment,
  reversePayment,
} from './bookings-contract.ts';
import { latestExceptions } from './payment-exceptions-store.ts';
import { reversePayment as reverse } from './reverse-payment-command.ts';

const TABLES = { core: setting('CORE_TABLE'), ledger: setting('LEDGER_TABLE'), audit: setting('AUDIT_TABLE') };
const DEPENDENCIES = { tables: TABLES, now, random };
const LIMIT = 50;

export const handler = restHandler(
  route(recordPayment, async ({ caller, input }) => responseOf(await bookPayment(DEPENDENCIES, caller, input))),
  route(reversePayment, async ({ caller, input }) => responseOf(await reverse(DEPENDENCIES, caller, input))),
  route(adjustCredits, async ({ caller, input }) => responseOf(await bookAdjustment(DEPENDENCIES, caller, input))),
  route(grantCredits, async ({ caller, input }) => responseOf(await bookGrant(DEPENDENCIES, caller, input))),
  route(listPaymentExceptions, async ({ input: { limit = LIMIT, after } }) => {
    const { exceptions, more } = await latestExceptions(TABLES.core, { after, limit });
    const data = exceptions.map(({ id, kind, why, subject, at, accountId = null, purchaseId = null }) => ({
      id,
      object: 'payment_exception' as const,
      kind,
      why,
      subject,
      at,
      account_id: accountId,
      purchase_id: purchaseId,
    }));
    return { body: pageOfIds(data, more) };
  }),
);

function responseOf({ entry, replayed }: BookingResult) {
  return {
    body: entry,
    status: entry.state === 'awaiting_second_person' ? 202 : 200,
    ...(replayed && { headers: { 'idempotent-replayed': 'true' } }),
  };
}
