/** What Stripe reports: an open route, since Stripe has no key of the platform and signs instead. */
import * as z from 'zod';
import type { OpenRoute } from '../http/route.ts';
import { STRIPE_WEBHOOK_PATH } from './contract.ts';

const refused = z.object({ error: z.string().describe('Why.') });

export const stripeWebhook = {
  method: 'POST',
  path: STRIPE_WEBHOOK_PATH,
  summary: 'Takes what Stripe reports of purchases. Stripe calls it, and nobody else.',
  input: z.looseObject({
    id: z.string().describe('The id of the event.'),
    type: z.string().describe('What happened, such as `checkout.session.completed`.'),
    data: z.record(z.string(), z.unknown()).describe('The object that it happened to.'),
  }),
  signature: 'stripe-signature',
  answers: {
    200: {
      description: 'Understood, and done where anything is to be done.',
      contentType: 'application/json',
      output: z.object({ received: z.literal(true).describe('That it need not be sent again.') }),
    },
    400: { description: 'The signature is not right, or too old.', contentType: 'application/json', output: refused },
    500: { description: 'It failed: send it again.', contentType: 'application/json', output: refused },
    503: { description: 'Not now: send it again.', contentType: 'application/json', output: refused },
  },
  example: {
    body: {
      id: 'evt_1Qa2b3C4d5E6f7G8',
      type: 'checkout.session.completed',
      data: { object: { id: 'cs_live_a1B2c3', object: 'checkout.session', payment_status: 'paid' } },
    },
    answer: { received: true },
  },
} as const satisfies OpenRoute;
