/**
 * The official Stripe client, with the keys that an operator put into the secret. Where there are none, everything else
 * of the platform works, and what needs them says what to do.
 */
import Stripe from 'stripe';
import * as z from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import { setting } from '../runtime/runtime.ts';
import { secretReader } from '../runtime/secret.ts';

export interface StripeAccess {
  readonly client: Stripe;
  /** With which webhooks are signed. */
  readonly webhookSecret: string;
}

/** As the stack makes it, both are empty. */
const Keys = z.object({ secretKey: z.string().min(1), webhookSecret: z.string().min(1) });

/**
 * Three attempts of 7 s and the pauses between them, of at most 0.5 and 1 s, are over before API Gateway's 29 s: a call that
 * Stripe lost is answered by us, in words.
 */
const PATIENCE = { timeout: 7_000, maxNetworkRetries: 2 } as const;

const readKeys = secretReader(setting('STRIPE_SECRET_ARN'), Keys);
/** Empty for Stripe itself. */
const apiUrl = setting('STRIPE_API_URL');

/** Throws a Refusal where payments are not set up. */
export async function stripeAccess(): Promise<StripeAccess> {
  const keys = await readKeys();
  if (!keys) {
    throw new Refusal(
      'payments_unavailable',
      'payments are not set up on this platform: its operator puts secretKey and webhookSecret of Stripe into the secret that the stack output StripeSecretArn names; until then pay as agreed with its finance',
    );
  }
  const client = new Stripe(keys.secretKey, { ...PATIENCE, ...placeOf(apiUrl), telemetry: false });
  return { client, webhookSecret: keys.webhookSecret };
}

/** Another host than Stripe's, such as a stand-in on loopback. */
function placeOf(
  url: string,
): Pick<NonNullable<ConstructorParameters<typeof Stripe>[1]>, 'host' | 'port' | 'protocol'> {
  if (url === '') return {};
  const { hostname, port, protocol } = new URL(url);
  const secure = protocol === 'https:';
  return { host: hostname, port: port || (secure ? 443 : 80), protocol: secure ? 'https' : 'http' };
}
