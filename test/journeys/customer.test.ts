/**
 * A customer's whole way, from nothing to a usage report; each step is refused while the one before is missing. A
 * platform of its own: its stage pays at a stand-in of Stripe.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import type { keyMade } from '../../functions/keys/object-contract.ts';
import { OPENING_CREDITS } from '../../functions/qualification/qualification.ts';
import type { readUsage } from '../../functions/usage/usage-contract.ts';
import { announce, codeFor, PDF, registrationOf, submissionOf, upload } from '../support/applicant.ts';
import { creditsOf } from '../support/credits.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type PurchaseObject, Shop } from '../support/shop.ts';
import { TINY, VideosClient } from '../support/videos-client.ts';

type Key = z.output<typeof keyMade>;
type Usage = z.output<typeof readUsage.output>;

let shop: Shop;
let person: SignedInPerson;
let operator: SignedInPerson;
let accountId: string;
let key: Key;
let charged: number;

beforeAll(async () => {
  shop = await Shop.open();
  await shop.putKeys();
  person = await personOf(shop.platform, 'developer');
  operator = await personOf(shop.platform, 'operator');
});
afterAll(() => shop?.close());

const STEPS = {
  verify: ['POST', '/account/email/confirmation', { code: 'AAAA-AAAA' }],
  qualify: ['POST', '/account/qualification', submissionOf('doc_1')],
  key: ['POST', '/keys', { name: 'first key', permissions: ['videos:create', 'videos:read', 'credits:read'] }],
  buy: ['POST', '/credits/purchases', { package: 'credits_1000' }],
  video: ['POST', '/videos', TINY],
  usage: ['GET', '/usage?from=2026-11-01&to=2026-11-02', undefined],
} as const;

/** What each of these steps is refused with, at this point of the way. */
async function refusals(...steps: (keyof typeof STEPS)[]): Promise<string[]> {
  return Promise.all(
    steps.map(async step => {
      const [method, path, body] = STEPS[step];
      const { status, body: problem } = await person.api.refused(method, path, body);
      expect(status, `${step}: ${JSON.stringify(problem)}`).toBeGreaterThanOrEqual(400);
      return problem.detail;
    }),
  );
}

const all = (words: RegExp, count: number) => Array.from({ length: count }, () => expect.stringMatching(words));

it('2.1 one who signed in registers first: everything else says so', async () => {
  expect(await refusals('verify', 'qualify', 'key', 'buy', 'video', 'usage')).toEqual(all(/POST \/v1\/account/, 6));
  const { status, body } = await person.api.send<{ id: string }>('POST', '/account', registrationOf(person.email));
  expect(status).toBe(201);
  accountId = body.id;
});

it('2.3 then confirms the address: what comes after says so', async () => {
  expect(await refusals('key', 'buy', 'video')).toEqual(all(/email\/confirmation/, 3));
  const code = await codeFor(shop.platform, person.email);
  expect((await person.api.send('POST', '/account/email/confirmation', { code })).status).toBe(200);
});

it('1.1a then hands in documents, which an operator approves: no key, no purchase and no video before', async () => {
  expect(await refusals('key', 'buy', 'video')).toEqual(all(/\/v1\/account\/qualification/, 3));
  const document = await announce(person, PDF);
  expect(await upload(document, PDF)).toBe(200);
  expect((await person.api.send('POST', '/account/qualification', submissionOf(document.id))).status).toBe(200);
  expect(await refusals('key', 'buy', 'video')).toEqual(all(/being reviewed/, 3));
  const decision = { submission: 1, decision: 'approve', reason: 'In order.', commercial_authorisation: true };
  const { status } = await operator.api.send('POST', `/operators/accounts/${accountId}/qualification`, decision);
  expect(status).toBe(200);
});

it('2.4a then makes a first key, shown once', async () => {
  const { status, body } = await person.api.send<Key>('POST', '/keys', STEPS.key[2]);
  expect(status, JSON.stringify(body)).toBe(201);
  key = body;
});

it('bill: then buys credits, which are there when Stripe has said so', async () => {
  const { body: purchase } = await person.api.send<PurchaseObject>('POST', '/credits/purchases', STEPS.buy[2]);
  const session = shop.stripe.sessions.find(({ reference }) => reference === purchase.id);
  if (!session) throw new Error(JSON.stringify(purchase));
  expect((await creditsOf(shop.platform, accountId)).account.available).toBe(OPENING_CREDITS);
  expect(await shop.deliver(shop.stripe.event('completed', session))).toBe(200);
  expect((await creditsOf(shop.platform, accountId)).account.available).toBe(OPENING_CREDITS + 1000);
});

it('1.2 then makes the first video with its key', async () => {
  const api = new VideosClient(shop.platform.cloud.apiUrl, key.key);
  const { status, body } = await api.create();
  expect(status, JSON.stringify(body)).toBe(200);
  const video = await api.ended(body.id);
  expect(video.status).toBe('completed');
  charged = video.credits_charged;
  expect(charged).toBeGreaterThan(0);
});

it('2.4c bill: and reads in the report of usage what that cost, by function, model and key, as the ledger has it', async () => {
  const api = new VideosClient(shop.platform.cloud.apiUrl, key.key);
  const day = new Date().toISOString().slice(0, 10);
  // The video may have been made around midnight.
  const from = new Date(Date.now() - 24 * 3600 * 1000).toISOString().slice(0, 10);
  const path = `/usage?from=${from}&to=${day}&group_by=function,model,key`;
  const { body } = await api.send<Usage>('GET', path);
  expect(body.data).toHaveLength(1);
  expect(body.data[0]).toMatchObject({
    function: 'text_to_video',
    model: 'v6',
    key_id: key.id,
    started: 1,
    succeeded: 1,
    failed: 0,
    credits_held: charged,
    credits_charged: charged,
    credits_released: 0,
  });
  const { account, entries } = await creditsOf(shop.platform, accountId);
  expect(account).toMatchObject({ available: OPENING_CREDITS + 1000 - charged, held: 0, running: 0 });
  expect(entries.map(({ kind }) => kind).sort()).toEqual(['capture', 'grant', 'hold', 'purchase']);
});
