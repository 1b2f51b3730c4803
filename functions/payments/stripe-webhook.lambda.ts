import { setTimeout as pause } from 'node:timers/promises';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import Stripe from 'stripe';
import { Refusal } from '../catalogue/refusal.ts';
import { headerOf } from '../http/caller.ts';
import { bodyOf } from '../http/request-context.ts';
import { logger, now, random, setting } from '../runtime/runtime.ts';
import { putConcern } from './concerns-store.ts';
import { type Fact, subjectOf } from './purchase.ts';
import { applyReport } from './report-store.ts';
import { type About, aboutMetadata, refundFact, toldBy } from './reported.ts';
import { stripeAccess } from './stripe-access.ts';

const TABLES = { core: setting('CORE_TABLE'), ledger: setting('LEDGER_TABLE'), audit: setting('AUDIT_TABLE') };
/** Seconds that an event may be old: a recorded one cannot be sent again later. Stripe signs each attempt anew. */
const TOLERANCE = 300;

/**
 * Called by Stripe, which signs what it says. Whatever is understood is answered 200, also where it is refused: saying no
 * to Stripe only makes it ask again. Anything else fails, and Stripe sends the event again for up to three days.
 */
export async function handler(call: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  try {
    const { client, webhookSecret } = await stripeAccess();
    const signature = headerOf(call, 'stripe-signature') ?? '';
    const event = client.webhooks.constructEvent(bodyOf(call), signature, webhookSecret, TOLERANCE);
    await take(client, event);
    return answer(200, { received: true });
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) {
      logger.warn('webhook refused', { reason: 'signature' });
      return answer(400, { error: 'the signature is not of the webhook secret that is set up here, or is too old' });
    }
    if (error instanceof Refusal) return answer(503, { error: error.message });
    logger.error('webhook failed', error as Error);
    return answer(500, { error: 'it was not taken; send it again' });
  }
}

async function take(client: Stripe, event: Stripe.Event): Promise<void> {
  const told = toldBy(event);
  if (told.kind === 'fact') await report(event, told.about, told.fact);
  if (told.kind === 'refunds_of') {
    // What stands now, not what the event said: so their order is nothing.
    const { metadata } = await client.paymentIntents.retrieve(told.payment);
    for await (const refund of client.refunds.list({ payment_intent: told.payment, limit: 100 })) {
      const fact = refundFact(refund);
      if (fact) await report(event, aboutMetadata(metadata), fact);
    }
  }
}

async function report({ id: eventId, created, type }: Stripe.Event, about: About, fact: Fact): Promise<void> {
  const eventAt = new Date(created * 1000).toISOString();
  if (about.accountId === '' || about.purchaseId === '') {
    const why = `${type} is of no purchase that was begun here; nothing was credited`;
    const subject = subjectOf(fact, eventId);
    await putConcern(TABLES.core, { concern: 'unknown_purchase', why, subject, at: eventAt });
    return;
  }
  const outcome = await applyReport(TABLES, { ...about, fact, eventId, eventAt }, { now: now(), random, pause });
  logger.info('payment reported', { ...about, eventId, type, fact: fact.kind, outcome });
}

function answer(statusCode: number, body: object): APIGatewayProxyResult {
  return { statusCode, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
