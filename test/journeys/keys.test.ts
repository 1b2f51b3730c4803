import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { keyActivity, listKeys } from '../../functions/keys/contract.ts';
import type { keyMade, keyObject, leakReport } from '../../functions/keys/object-contract.ts';
import { ApiClient, SMALL } from '../support/api-client.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { VideosClient } from '../support/videos-client.ts';

type Key = z.output<typeof keyObject>;
type Made = z.output<typeof keyMade>;
type Listed = z.output<typeof listKeys.output>;

let platform: Platform;
let owner: SignedInPerson;
let customer: Customer;
let stranger: SignedInPerson;

beforeAll(async () => {
  platform = await Platform.shared();
  owner = await personOf(platform, 'developer');
  stranger = await personOf(platform, 'developer');
  customer = await platform.customer({ owner });
  await platform.customer({ owner: stranger });
});

const make = async (asked: object = {}): Promise<Made> => {
  const reply = await owner.api.send<Made>('POST', '/keys', {
    name: 'a key',
    permissions: ['videos:create', 'videos:read'],
    ...asked,
  });
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return reply.body;
};
const read = async (id: string) => (await owner.api.send<Key>('GET', `/keys/${id}`)).body;
const clientOf = ({ key }: Made) => new ApiClient(platform.cloud.apiUrl, key);
const quote = (key: string) => new VideosClient(platform.cloud.apiUrl, key).refused('GET', '/videos');

describe('a key that a person makes (clause 2.4a)', () => {
  it('is shown once, is accepted, and is listed by its hint with its last use', async () => {
    const made = await make();
    expect(made.notice).toContain('only time');
    expect((await clientOf(made).generate()).ErrCode).toBe(0);

    const { body } = await owner.api.send<Listed>('GET', '/keys?limit=1');
    expect(body).toMatchObject({ object: 'list', has_more: true });
    const [listed] = body.data;
    expect(listed).toMatchObject({ id: made.id, hint: made.hint, state: 'active', spend_limit: null });
    expect(Math.abs(Date.parse(listed?.last_used_at ?? '') - Date.now())).toBeLessThan(60_000);
    expect(JSON.stringify(body)).not.toContain(made.key);

    const next = await owner.api.send<Listed>('GET', `/keys?limit=100&after=${made.id}`);
    expect(next.body).toMatchObject({ has_more: false });
    expect(next.body.data.map(({ name }) => name)).toContain('first key');
    expect(next.body.data.map(({ id }) => id)).not.toContain(made.id);
  });

  it('may do what it was made for and nothing else (clause 3.1)', async () => {
    const reader = await make({ permissions: undefined, read_only: true });
    expect(reader.permissions).toEqual(['videos:read', 'credits:read']);
    expect((await clientOf(reader).generate()).ErrCode).toBe(500020);

    const narrow = clientOf(await make({ functions: ['image_to_video'], models: ['v5'] }));
    expect((await narrow.generate()).ErrMsg).toContain('this key may not do text_to_video, but image_to_video');

    const elsewhere = clientOf(await make({ addresses: ['203.0.113.0/24'] }));
    expect(await elsewhere.generate()).toMatchObject({
      status: 401,
      ErrMsg: expect.stringContaining('may not be used'),
    });
    const here = clientOf(await make({ addresses: ['203.0.113.0/24', '127.0.0.0/8', '::1'] }));
    expect((await here.generate()).ErrCode).toBe(0);
  });

  it('spends no more than its limit, and has back what a failed job gives back (clause 2.4b)', async () => {
    const price = (await clientOf(await make()).generate()).Resp.credits;
    const made = await make({ spend_limit: price * 2 });
    const api = clientOf(made);
    const first = await api.generate();
    expect((await api.generate()).ErrCode).toBe(0);
    expect(await api.generate()).toMatchObject({ ErrCode: 500090, ErrMsg: expect.stringContaining('leaves 0') });
    expect(await read(made.id)).toMatchObject({ spend_limit: price * 2, spent: price * 2, spendable: 0 });

    const { status } = await new VideosClient(platform.cloud.apiUrl, made.key).send(
      'POST',
      `/videos/video_${first.Resp.video_id}/cancel`,
    );
    const spent = status === 200 ? price : price * 2;
    expect(await read(made.id)).toMatchObject({ spent, spendable: price * 2 - spent });

    const raised = await owner.api.send<Key>('PATCH', `/keys/${made.id}`, { spend_limit: price * 3 });
    expect(raised.body).toMatchObject({ spend_limit: price * 3, spent, spendable: price * 3 - spent });
    expect((await api.generate()).ErrCode).toBe(0);
    const lowered = await owner.api.send<Key>('PATCH', `/keys/${made.id}`, { spend_limit: 1 });
    expect(lowered.body).toMatchObject({ spend_limit: 1, spent: spent + price, spendable: 0 });
    expect((await api.generate()).ErrCode).toBe(500090);
  });

  it('is changed by its people from the next call on', async () => {
    const made = await make({ functions: ['extend'] });
    const wider = await owner.api.send<Key>('PATCH', `/keys/${made.id}`, { name: 'wider', functions: null });
    expect(wider.body).toMatchObject({ name: 'wider', functions: null, permissions: ['videos:create', 'videos:read'] });
    expect((await clientOf(made).generate()).ErrCode).toBe(0);
    await owner.api.send('PATCH', `/keys/${made.id}`, { read_only: true });
    expect((await clientOf(made).generate()).ErrCode).toBe(500020);
  });

  it('is refused from the moment that was set', async () => {
    const made = await make({ expires_at: new Date(Date.now() + 1_500).toISOString() });
    expect((await quote(made.key)).status).toBe(200);
    await pause(1_600);
    expect((await quote(made.key)).body.code).toBe('key_refused');
    expect(await read(made.id)).toMatchObject({ state: 'expired' });
    const late = await owner.api.refused('PATCH', `/keys/${made.id}`, { expires_in_days: 1 });
    expect(late).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
  });

  it('is revoked at once, for good, and revoking it again changes nothing', async () => {
    const made = await make();
    const { body } = await owner.api.send<Key>('DELETE', `/keys/${made.id}`);
    expect(body).toMatchObject({ state: 'revoked', revoked_at: expect.any(String) });
    expect((await quote(made.key)).body).toMatchObject({ code: 'key_refused', status: 401 });
    expect((await owner.api.send<Key>('DELETE', `/keys/${made.id}`)).body).toEqual({
      ...body,
      last_used_at: expect.any(String),
    });
    expect((await owner.api.refused('POST', `/keys/${made.id}/rotate`)).body.code).toBe('wrong_state');
  });
});

describe('a rotation (clause 2.4a)', () => {
  it('has both keys accepted for the overlap, on one spend limit', async () => {
    const price = (await clientOf(await make()).generate()).Resp.credits;
    const old = await make({ name: 'rotated', spend_limit: price * 3, functions: ['text_to_video'] });
    expect((await clientOf(old).generate()).ErrCode).toBe(0);
    const { status, body: fresh } = await owner.api.send<Made>('POST', `/keys/${old.id}/rotate`, {
      overlap_seconds: 2,
    });
    expect(status).toBe(201);
    expect(fresh).toMatchObject({ name: 'rotated', functions: ['text_to_video'], replaces: old.id });
    expect(fresh).toMatchObject({ spend_limit: price * 3, spent: price, spendable: price * 2 });

    expect((await clientOf(fresh).generate()).ErrCode).toBe(0);
    expect((await clientOf(old).generate()).ErrCode).toBe(0);
    for (const made of [old, fresh]) expect((await clientOf(made).generate()).ErrCode).toBe(500090);
    expect((await owner.api.refused('PATCH', `/keys/${old.id}`, { name: 'no' })).body.detail).toContain(fresh.id);

    await owner.api.send('PATCH', `/keys/${fresh.id}`, { spend_limit: price * 4 });
    await pause(2_100);
    expect(await clientOf(old).generate()).toMatchObject({ status: 401, ErrMsg: expect.stringContaining('expired') });
    expect((await clientOf(fresh).generate()).ErrCode).toBe(0);
    expect(await read(old.id)).toMatchObject({ state: 'expired', replaced_by: fresh.id, spent: price * 4 });
  });

  it('without an overlap ends the old key with it', async () => {
    const old = await make();
    const { body: fresh } = await owner.api.send<Made>('POST', `/keys/${old.id}/rotate`, { overlap_seconds: 0 });
    expect((await quote(old.key)).body.code).toBe('key_refused');
    expect((await quote(fresh.key)).status).toBe(200);
    expect(await read(old.id)).toMatchObject({ state: 'revoked' });
  });
});

describe('what was done with a key', () => {
  it('is listed call by call, to its owner alone (clause 2.4c)', async () => {
    const made = await make();
    await clientOf(made).generate();
    await quote(made.key);
    await clientOf(made)
      .balance()
      .catch(() => undefined);
    const activity = await owner.api.send<z.output<typeof keyActivity.output>>(
      'GET',
      `/keys/${made.id}/activity?limit=2`,
    );
    expect(activity.body).toMatchObject({ has_more: true });
    expect(activity.body.data.map(({ action, subject, reason }) => [action, subject, reason])).toEqual([
      ['call.refused', 'GET /openapi/v2/account/balance', 'no_permission'],
      ['key.used', 'GET /v1/videos', null],
    ]);
    expect(activity.body.data[0]).toMatchObject({ address: expect.stringMatching(/127|::1/), actor: { id: made.id } });
    const rest = await owner.api.send<z.output<typeof keyActivity.output>>(
      'GET',
      `/keys/${made.id}/activity?after=${activity.body.data[1]?.id}`,
    );
    expect(rest.body.data.map(({ subject }) => subject)).toEqual(['POST /openapi/v2/video/text/generate']);
  });

  it('is counted when it is reported as leaked, and the key ends at once (clauses 2.2, 2.4d)', async () => {
    const made = await make();
    const ids = [await clientOf(made).generate(), await clientOf(made).generate()].map(({ Resp }) => Resp.video_id);
    for (const id of ids) expect((await clientOf(made).ended(id)).Resp.status).toBe(1);
    const { body } = await owner.api.send<z.output<typeof leakReport>>('POST', `/keys/${made.id}/report-leak`, {
      reason: 'it was in a public repository',
    });
    expect(body.key).toMatchObject({ id: made.id, state: 'revoked' });
    expect(body).toMatchObject({ complete: true, activity: `${platform.cloud.apiUrl}/v1/keys/${made.id}/activity` });
    expect(body.total).toMatchObject({ started: 2, succeeded: 2, failed: 0 });
    expect(body.total.credits_charged).toBeGreaterThan(0);
    expect(body.by_function).toEqual([{ function: 'text_to_video', model: SMALL.model, ...body.total }]);
    expect((await quote(made.key)).body.code).toBe('key_refused');
    const events = await platform.items<{ action: string; subject?: string; reason?: string }>(
      'Audit',
      customer.accountId,
    );
    const recorded = events.filter(({ subject }) => subject === made.id).map(({ action, reason }) => [action, reason]);
    expect(recorded).toEqual([
      ['key.created', undefined],
      ['key.reported_leaked', 'it was in a public repository'],
    ]);
  });
});

describe('the key of another account (clause 3.1)', () => {
  const NEVER = 'key_019f2a6a0c00Tq5vWxYz7AbCdE';
  it.each<[string, string, object?]>([
    ['GET', ''],
    ['PATCH', '', { name: 'mine' }],
    ['DELETE', ''],
    ['POST', '/rotate'],
    ['POST', '/report-leak'],
    ['GET', '/activity'],
  ])('answers %s %s exactly like one that never was', async (method, path, body) => {
    const made = await make();
    const other = await stranger.api.refused(method, `/keys/${made.id}${path}`, body);
    const never = await stranger.api.refused(method, `/keys/${NEVER}${path}`, body);
    expect(other.status).toBe(404);
    const said = (reply: typeof other) =>
      JSON.stringify({ ...reply.body, instance: '' })
        .replaceAll(made.id, 'ID')
        .replaceAll(NEVER, 'ID');
    expect(said(other)).toBe(said(never));
    expect(await read(made.id)).toMatchObject({ state: 'active', name: 'a key' });
  });

  it('is not managed by keys, whatever they may do', async () => {
    const { status, body } = await new VideosClient(platform.cloud.apiUrl, customer.api.key).refused('POST', '/keys', {
      name: 'more',
      read_only: true,
    });
    expect(status).toBe(403);
    expect(body.detail).toContain('no API key may do this');
  });
});

it('at most fifty keys are active at once, and a revoked one makes room (clause 2.4b)', async () => {
  const many = await personOf(platform, 'developer');
  await platform.customer({ owner: many });
  const asked = { name: 'one of many', read_only: true };
  const replies = await Promise.all(Array.from({ length: 60 }, () => many.api.send<Made>('POST', '/keys', asked)));
  for (let n = 0; n < 60; n++) {
    // Some met: what was busy is sent again.
    if (replies[n]?.status === 503) replies[n] = await many.api.send<Made>('POST', '/keys', asked);
  }
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(49);
  const refused = await many.api.refused('POST', '/keys', asked);
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'wrong_state', detail: expect.stringContaining('50 living keys') },
  });
  const [first] = replies.filter(({ status }) => status === 201);
  await many.api.send('DELETE', `/keys/${first?.body.id}`);
  expect((await many.api.send('POST', '/keys', asked)).status).toBe(201);
});
