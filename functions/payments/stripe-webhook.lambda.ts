import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Refusal } from '../catalogue/refusal.ts';
import { headerOf } from '../http/caller.ts';
import { bodyOf } from '../http/request-context.ts';
import { logger, now, random, setting } from '../runtime/runtime.ts';
import { reportPayment } from './report-payment-command.ts';
import { savedMethodOf } from './stripe-charges-client.ts';
import { hostedInvoice, refundsOf, stripeReader, verifiedEvent } from './stripe-client.ts';

const TABLES = { core: setting('CORE_TABLE'), ledger: setting('LEDGER_TABLE'), audit: setting('AUDIT_TABLE') };
const stripe = stripeReader({ secretArn: setting('STRIPE_SECRET_ARN'), apiUrl: setting('STRIPE_API_URL') });

/**
 * Called by Stripe, which signs its events. Whatever is understood is answered 200, also where it is refused: refusing an
 * event only makes Stripe send it again. Anything else fails, and Stripe sends the event again for up to three days.
 */
export async function handler(call: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const response = responseTo.bind(null, call);
  try {
    const access = await stripe();
    const event = verifiedEvent(access, bodyOf(call), headerOf(call, 'stripe-signature') ?? '');
    if (!event) {
      logger.warn('webhook refused', { reason: 'signature' });
      return response(400, { error: 'the signature is not of the webhook secret that is set up here, or is too old' });
    }
    const asked = {
      refundsOf: refundsOf.bind(null, access),
      savedMethodOf: savedMethodOf.bind(null, access),
      invoiceOf: hostedInvoice.bind(null, access),
    };
    await reportPayment({ tables: TABLES, now, random, ...asked }, event);
    return response(200, { received: true });
  } catch (error) {
    if (error instanceof Refusal) return response(503, { error: error.message });
    logger.error('webhook failed', error as Error);
    return response(500, { error: 'it was not processed; send it again' });
  }
}

function responseTo(call: APIGatewayProxyEvent, statusCode: number, body: object): APIGatewayProxyResult {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': call.requestContext.requestId,
  };
  return { statusCode, headers, body: JSON.stringify(body) };
}
