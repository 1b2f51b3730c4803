/** Calls of the Videos dialect that are repeated, and dry runs. */
import { beforeAll, describe, expect, it } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import { creditsOf } from '../support/credits.ts';
import { picture } from '../support/pictures.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { type Quote, TINY, VideosClient } from '../support/videos-client.ts';

let platform: Platform;
let customer: Customer;
let videos: VideosClient;

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer();
  videos = clientOf(customer);
});

const clientOf = ({ api }: Customer): VideosClient => new VideosClient(api.url, api.key);

/** All that a call could have changed for the account. */
async function world(): Promise<unknown> {
  const { accountId } = customer;
  return {
    jobs: await platform.items('Jobs', accountId),
    credits: await creditsOf(platform, accountId),
    records: await platform.everything('Idempotency'),
  };
}

describe('an Idempotency-Key', () => {
  it('makes a repeated call the same call: one video, one charge, the first response word for word', async () => {
    const key = { 'idempotency-key': `order 66 / ${crypto.randomUUID()}` };
    const before = await customer.api.balance();
    const first = await videos.create(TINY, key);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    await videos.ended(first.body.id);
    const again = await videos.create({ ...TINY, seconds: 1 }, key);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(before - (await customer.api.balance())).toBe(5);
    const other = await videos.refused('POST', '/videos', { ...TINY, prompt: 'another' }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } });
  });

  it('holds for calls that meet', async () => {
    const key = { 'idempotency-key': crypto.randomUUID() };
    const replies = await Promise.all(Array.from({ length: 5 }, () => videos.create(TINY, key)));
    expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(replies.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(4);
    await videos.ended(replies[0]?.body.id ?? '');
  });

  it('compares a file by what is in it, and stores it once', async () => {
    const key = { 'idempotency-key': crypto.randomUUID() };
    const send = async (width: number) => {
      const form = new FormData();
      for (const [member, value] of Object.entries(TINY)) form.set(member, String(value));
      form.set('input_reference', new Blob([(await picture(width, 90)) as Uint8Array<ArrayBuffer>]), 'a.png');
      return videos.create(form, key);
    };
    const images = async () =>
      (await platform.items<{ sk: string }>('Jobs', customer.accountId)).filter(({ sk }) => sk.startsWith('IMAGE#'))
        .length;
    const before = await images();
    const first = await send(160);
    expect((await send(160)).body).toEqual(first.body);
    expect((await send(170)).status).toBe(422);
    expect((await images()) - before).toBe(1);
    await videos.ended(first.body.id);
  });

  it('is known although what the first call started from is gone since', async () => {
    const { body: first } = await videos.create();
    await videos.ended(first.id);
    const key = { 'idempotency-key': crypto.randomUUID() };
    const remix = () => videos.send('POST', `/videos/${first.id}/remix`, { prompt: 'at night' }, key);
    const answered = await remix();
    await videos.ended(answered.body.id);
    await videos.send('DELETE', `/videos/${first.id}`);
    const again = await remix();
    expect(again).toMatchObject({ status: 200, body: answered.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await videos.send('POST', `/videos/${first.id}/remix`, { prompt: 'at night' })).status).toBe(404);
  });

  it.each([[' '], ['x'.repeat(256)], ['a\tb']])('that is %j is refused', async text => {
    const reply = await videos.refused('POST', '/videos', TINY, { 'idempotency-key': text });
    expect(reply).toMatchObject({ status: 400, body: { param: 'Idempotency-Key' } });
  });
});

describe('a dry run', () => {
  it('says the price and what it would leave, and changes nothing', async () => {
    const before = await world();
    const asked = { prompt: 'a harbour', model: 'sora-2', seconds: 8, size: '1280x720' };
    const reply = await videos.send<Quote>('POST', '/videos?dry_run=true', asked);
    const available = await customer.api.balance();
    const started = reply.body.today.started;
    expect(started).toBeGreaterThan(0);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        object: 'video.quote',
        model: 'v6',
        seconds: '8',
        size: '1280x720',
        credits: 96,
        would_be_admitted: true,
        refusal: null,
        balance: { available, after: available - 96 },
        running: { now: 0, limit: PLANS.scale.concurrency },
        today: { remaining: PLANS.scale.generationsPerDay - started, limit: PLANS.scale.generationsPerDay },
      },
    });
    expect(reply.headers.get('ratelimit')).toMatch(
      new RegExp(`^"videos";r=${PLANS.scale.generationsPerDay - started};t=\\d+$`),
    );
    const preferred = await videos.send<Quote>('POST', '/videos', asked, { prefer: 'respond-async, dry-run' });
    expect(preferred.body).toEqual(reply.body);
    expect(preferred.headers.get('preference-applied')).toBe('dry-run');
    expect(await world()).toEqual(before);
  });

  it('says what would refuse it, and refuses what is not valid', async () => {
    const poor = clientOf(await platform.customer({ credits: 1 }));
    const { body } = await poor.send<Quote>('POST', '/videos', { ...TINY, dry_run: true });
    expect(body).toMatchObject({
      would_be_admitted: false,
      refusal: { code: 'insufficient_credits' },
      balance: { after: -4 },
    });
    expect((await poor.send('POST', '/videos?dry_run=true', { ...TINY, seconds: 99 })).status).toBe(400);
  });
});
