/**
 * Payments that do not fit, as finance finds them. A platform of its own: its stage pays at a stand-in of Stripe, and
 * all concerns are listed.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { listPaymentExceptions } from '../../functions/payments/bookings-contract.ts';
import { personOf } from '../support/people.ts';
import { Shop } from '../support/shop.ts';

type Exceptions = z.output<typeof listPaymentExceptions.output>;

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open();
  await shop.putKeys();
});
afterAll(() => shop?.close());

describe('finance is shown', () => {
  it('refunds that failed after they were taken: each once, whichever event reports it, page by page', async () => {
    const buyer = await shop.buyer();
    const { purchase, session } = await shop.begin(buyer);
    await shop.deliver(shop.stripe.event('completed', session));
    for (const amount of [100, 200, 300]) {
      for (const event of shop.stripe.refund(session, amount)) await shop.deliver(event);
    }
    const failed = shop.stripe.endRefunds(session, 'failed');
    const [first = {}] = failed;
    expect(await shop.deliver(first)).toBe(200);
    const later = failed.map((event, hours) => ({ ...event, created: Math.floor(Date.now() / 1000) + hours * 3600 }));
    expect(new Set(await Promise.all(later.map(event => shop.deliver(event))))).toEqual(new Set([200]));

    const finance = await personOf(shop.platform, 'finance');
    const listed: Exceptions['data'][number][] = [];
    for (let more = true; more; ) {
      const after = listed.at(-1)?.id;
      const path = `/operators/payment-exceptions?limit=2${after === undefined ? '' : `&after=${after}`}`;
      const { body } = await finance.api.send<Exceptions>('GET', path);
      expect(body.data.length).toBeLessThanOrEqual(2);
      listed.push(...body.data);
      more = body.has_more;
    }
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
    expect(listed.map(({ at }) => at)).toEqual(
      listed
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    const own = listed.filter(one => one.purchase_id === purchase.id);
    expect(own.map(({ kind }) => kind)).toEqual(Array(3).fill('refund_failed'));
    expect(new Set(own.map(({ subject }) => subject)).size).toBe(3);
    const never = await finance.api.refused('GET', '/operators/payment-exceptions?after=no+id');
    expect(never).toMatchObject({ status: 400, body: { code: 'invalid_parameter', param: 'after' } });
  });
});
