/**
 * The payment method that an account has saved at Stripe is forgotten as its owner would end it: noted as not to be charged any
 * more, and then forgotten by what tops up, which tries again while Stripe does not answer. What it still does not after a day
 * is counted, and the certificate says so.
 */
import { FORGET_METHOD_MS } from '../catalogue/terminations.ts';
import { endAutoTopUpBy } from '../payments/auto-top-up-command.ts';
import { findAutoTopUp } from '../payments/auto-top-up-store.ts';
import { PLATFORM } from './move-command.ts';
import { change, type Outcome, type Purging } from './purging-command.ts';

export const NOT_FORGOTTEN = 'stripe/METHOD';

/** Done once Stripe has forgotten it, or has had its time. */
export async function forgetMethod(purging: Purging): Promise<Outcome> {
  const { dependencies, termination } = purging;
  const { accountId, purgeStartedAt = '', rows } = termination;
  const { core } = dependencies.tables;
  // Again it is as it is.
  await endAutoTopUpBy(dependencies, accountId, PLATFORM);
  const { open, retired = [] } = await findAutoTopUp(core, accountId);
  if (!open && retired.length === 0) return 'done';
  if (dependencies.now() < Date.parse(purgeStartedAt) + FORGET_METHOD_MS) return 'wait';
  if (retired.length > 0) await change(purging, { rows: { ...rows, [NOT_FORGOTTEN]: retired.length } });
  return 'done';
}
