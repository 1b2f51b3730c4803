/**
 * An account on which everything happens at once, while the tables answer conflicts and throttling at a seeded rate, as
 * real ones do under contention. A platform of its own: all of its tables meet contention.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../functions/generation/job.ts';
import { creditsOf } from '../support/credits.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type Buyer, type PurchaseObject, Shop } from '../support/shop.ts';
import { TINY, type Video, VideosClient } from '../support/videos-client.ts';

const CONTENTION = { seed: 20261129, conflictRate: 0.4, throttleRate: 0.01 };
const SUBMISSIONS = 16;
const CANCELLED = 5;
const GRANTS = [11, 22, 33, 44, 55];
const ROTATIONS = 4;

let shop: Shop;
let buyer: Buyer;
let operator: SignedInPerson;
let finance: SignedInPerson;

beforeAll(async () => {
  shop = await Shop.open();
  await shop.putKeys();
  buyer = await shop.buyer(50_000);
  operator = await personOf(shop.platform, 'operator');
  finance = await personOf(shop.platform, 'finance');
});
afterAll(() => shop?.close());

interface Reply<Body> {
  readonly status: number;
  readonly body: Body;
}

/** Every refusal that was not asked to be sent again. */
const refused: string[] = [];
let busy = 0;

/** Sends a call until it is done, as a client does that is told `busy`, or that as many videos are being made as may be. */
async function untilDone<Body>(send: () => Promise<Reply<Body>>): Promise<Body> {
  for (let tries = 1; ; tries++) {
    const { status, body } = await send();
    if (status < 300) return body;
    const { code } = body as { code?: string };
    if (code === 'busy') busy++;
    else if (code !== 'concurrency_reached') refused.push(`${status} ${JSON.stringify(body)}`);
    if (refused.length > 0 || tries > 60) throw new Error(`not done: ${status} ${JSON.stringify(body)}`);
    await pause(100 + 20 * tries);
  }
}

describe('an account under contention', () => {
  it('adds up, whatever happens to it at once', async () => {
    const { platform } = shop;
    const { accountId } = buyer;
    const api = new VideosClient(platform.cloud.apiUrl, buyer.api.key);
    const met = platform.cloud.contention(CONTENTION);

    const submit = async (index: number): Promise<Video> => {
      const headers = { 'idempotency-key': `contention-${index}` };
      const [one, other] = await Promise.all([
        untilDone(() => api.create(TINY, headers)),
        untilDone(() => api.create(TINY, headers)),
      ]);
      expect(other.id).toBe(one.id);
      return one;
    };
    const submitAndCancel = async (index: number): Promise<Video> => {
      const video = await submit(index);
      const { status } = await api.send('POST', `/videos/${video.id}/cancel`);
      // Cancelled, or it had ended before.
      expect([200, 409, 503]).toContain(status);
      return video;
    };
    const grant = (credits: number): Promise<unknown> =>
      untilDone(() =>
        finance.api.send('POST', `/operators/accounts/${accountId}/grants`, {
          credits,
          reason: 'a journey',
          reference: `grant-${credits}`,
        }),
      );
    const purchase = async (credits: number): Promise<void> => {
      const key = { 'idempotency-key': `purchase-${credits}` };
      const order = { package: `credits_${credits}` };
      const { id } = await untilDone(() =>
        buyer.person.api.send<PurchaseObject>('POST', '/credits/purchases', order, key),
      );
      const session = shop.stripe.sessions.find(({ reference }) => reference === id);
      if (!session) throw new Error(`no session for ${id}`);
      const event = shop.stripe.event('completed', session);
      // Stripe sends an event until it is taken, and sometimes again.
      let taken = 0;
      for (let tries = 0; taken < 2 && tries < 40; tries++) {
        if ((await shop.deliver(event)) === 200) taken++;
        else await pause(100);
      }
      expect(taken).toBe(2);
    };
    const rotate = async (index: number): Promise<string> => {
      const body = { name: `key ${index}`, permissions: ['videos:read'] };
      const made = await untilDone(() => buyer.person.api.send<{ id: string }>('POST', '/keys', body));
      const next = await untilDone(() =>
        buyer.person.api.send<{ id: string }>('POST', `/keys/${made.id}/rotate`, { overlap_seconds: 0 }),
      );
      return next.id;
    };
    const changePlan = (plan: string): Promise<unknown> =>
      untilDone(() => operator.api.send('PUT', `/operators/accounts/${accountId}/plan`, { plan, reason: 'a journey' }));

    const [videos, keys] = await Promise.all([
      Promise.all(
        Array.from({ length: SUBMISSIONS }, (_, index) => (index < CANCELLED ? submitAndCancel(index) : submit(index))),
      ),
      Promise.all(Array.from({ length: ROTATIONS }, (_, index) => rotate(index))),
      Promise.all(GRANTS.map(grant)),
      Promise.all([purchase(1000), purchase(5000)]),
      changePlan('enterprise').then(() => changePlan('scale')),
    ]);
    expect(refused).toEqual([]);
    expect(new Set(videos.map(({ id }) => id)).size).toBe(SUBMISSIONS);

    const open = async (): Promise<Job[]> =>
      (await platform.items<Job & { sk: string }>('Jobs', accountId)).filter(
        ({ sk, state }) => sk.startsWith('JOB#') && !['succeeded', 'failed', 'cancelled'].includes(state),
      );
    for (const deadline = Date.now() + 120_000; (await open()).length > 0 && Date.now() < deadline; ) await pause(250);
    expect(met.conflicts).toBeGreaterThan(40);

    const { account, entries } = await creditsOf(platform, accountId);
    expect(account).toMatchObject({ running: 0, held: 0, plan: 'scale' });
    const ofKind = (kind: string) => entries.filter(entry => entry.kind === kind);
    expect(ofKind('hold')).toHaveLength(SUBMISSIONS);
    expect(ofKind('capture').length + ofKind('release').length).toBe(SUBMISSIONS);
    expect(ofKind('purchase')).toHaveLength(2);
    // One grant opened the account.
    expect(ofKind('grant')).toHaveLength(GRANTS.length + 1);

    const listed = await buyer.person.api.send<{ data: { id: string; state: string }[] }>('GET', '/keys?limit=100');
    const state = new Map(listed.body.data.map(key => [key.id, key.state]));
    expect(keys.map(id => state.get(id))).toEqual(keys.map(() => 'active'));
    expect([...state.values()].filter(each => each === 'active')).toHaveLength(1 + ROTATIONS);
    process.stdout.write(`contention: ${JSON.stringify(met)}, answered busy ${busy} times\n`);
  });
});
