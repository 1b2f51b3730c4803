/** What follows from using the API: agreement to terms that nobody accepted by a call, and the notice with the first video. */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { mailsTo, UNDELIVERABLE } from '../support/applicant.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { TINY, VideosClient } from '../support/videos-client.ts';

let platform: Platform;
let person: SignedInPerson;
let customer: Customer;
let client: VideosClient;

beforeAll(async () => {
  platform = await Platform.shared();
  person = await personOf(platform, 'developer');
  customer = await platform.customer({ owner: person });
  client = new VideosClient(platform.cloud.apiUrl, customer.api.key);
});

/** What `read` answers once it is something. */
async function eventually<Value>(read: () => Promise<Value | undefined>): Promise<Value> {
  for (let tries = 0; tries < 200; tries++) {
    const value = await read();
    if (value !== undefined) return value;
    await pause(100);
  }
  throw new Error('it never came');
}
const acceptances = async () =>
  (await person.api.send<{ data: { how: string; accepted_by: string }[] }>('GET', '/account/terms')).body.data;
const notices = async () =>
  (await mailsTo(platform, person.email)).filter(({ subject }) => subject.includes('videos made by AI'));

describe('0.1 an account that accepted no terms by a call', () => {
  it('agrees to those in effect by starting a video, which is recorded once: who, when, version, how', async () => {
    expect(await acceptances()).toEqual([]);
    const { body } = await client.create(TINY);
    const accepted = await eventually(async () => (await acceptances())[0]);
    expect(accepted).toMatchObject({ version: '2026-11-01', how: 'continued_use', accepted_by: customer.keyId });
    await client.ended(body.id);
  });
});

describe('5.3 the notice of what AI output can do', () => {
  it('comes by e-mail with the first video, once for a version of the terms', async () => {
    const notice = await eventually(async () => (await notices())[0]);
    expect(notice.text).toContain('2026-11-01');
    const events = () => platform.items<{ action?: string }>('Audit', customer.accountId);
    await eventually(async () => (await events()).find(({ action }) => action === 'notice.delivered'));
    const { body } = await client.create(TINY);
    await client.ended(body.id);
    // Longer than the stream takes.
    await pause(4000);
    expect(await notices()).toHaveLength(1);
    expect(await acceptances()).toHaveLength(1);
  });
});

describe('a notice that cannot be sent', () => {
  it('is in the way of nothing: others agree, and get theirs', async () => {
    const without = await personOf(platform, 'developer');
    const silent = await platform.customer({ owner: { ...without, email: UNDELIVERABLE } });
    const first = new VideosClient(platform.cloud.apiUrl, silent.api.key);
    await first.ended((await first.create(TINY)).body.id);
    person = await personOf(platform, 'developer');
    customer = await platform.customer({ owner: person });
    client = new VideosClient(platform.cloud.apiUrl, customer.api.key);
    await client.ended((await client.create(TINY)).body.id);
    expect(await eventually(async () => (await acceptances())[0])).toMatchObject({ how: 'continued_use' });
    expect(await eventually(async () => (await notices())[0])).toBeDefined();
    const { body } = await without.api.send<{ data: object[] }>('GET', '/account/terms');
    expect(body.data).toEqual([expect.objectContaining({ how: 'continued_use' })]);
  });
});
