/** The audit trail over the running platform: what was done stands in it, sealed, and a change of it shows. */

import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteCommand, DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import type { readRequest } from '../../functions/audit/contract.ts';
import { SMALL } from '../support/api-client.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { TINY, VideosClient } from '../support/videos-client.ts';

interface Verdict {
  readonly intact: boolean;
  readonly events: number;
  readonly seals: number;
  readonly newest: string | null;
  readonly anchored: { readonly number: number; readonly hash: string } | null;
  readonly faults: readonly { readonly kind: string; readonly eventId?: string; readonly number?: number }[];
}
interface Page {
  readonly data: readonly {
    readonly id: string;
    readonly at: string;
    readonly action: string;
    readonly actor: { readonly kind: string; readonly id: string };
    readonly subject: string | null;
    readonly reason: string | null;
    readonly address: string | null;
  }[];
  readonly has_more: boolean;
  readonly last_id: string | null;
}
type Request = z.output<typeof readRequest.output>;

let platform: Platform;
let owner: SignedInPerson;
let customer: Customer;

beforeAll(async () => {
  platform = await Platform.shared();
  owner = await personOf(platform, 'developer');
  customer = await platform.customer({ owner });
});

const verify = () => platform.operate<Verdict>('VerifyAuditFunction', { accountId: customer.accountId });

/** The verdict once the stream has brought `events` events. */
async function sealed(events: number): Promise<Verdict> {
  for (const deadline = Date.now() + 30_000; ; await pause(200)) {
    const verdict = await verify();
    const trail = await platform.items<{ sk: string; events?: unknown[] }>('Seals', customer.accountId);
    const inSeals = trail.flatMap(item => (item.sk.startsWith('SEAL#') ? (item.events ?? []) : [])).length;
    if (inSeals >= events) return verify();
    if (Date.now() > deadline) throw new Error(`${inSeals} of ${events} events are sealed: ${JSON.stringify(verdict)}`);
  }
}

it('2.4c each use of a key and each refused call is recorded, with who, from where and why', async () => {
  await customer.api.balance();
  await customer.api.generate({ ...SMALL, duration: 77 });
  await owner.api.refused('GET', '/videos/video_123456789012345');
  const { body } = await owner.api.send<Page>('GET', '/audit');
  const told = body.data.map(({ action, subject, reason }) => [action, subject, reason]);
  expect(told.slice(0, 2)).toEqual([
    ['call.refused', 'GET /v1/videos/{id}', 'not_found'],
    ['call.refused', 'POST /openapi/v2/video/text/generate', 'invalid_parameter'],
  ]);
  // Both at one moment: an account is opened with its first key.
  expect(told.slice(2).sort()).toEqual([
    ['account.opened', customer.accountId, null],
    ['key.created', customer.keyId, null],
  ]);
  expect(body.data[0]?.actor).toEqual({ kind: 'person', id: owner.personId });
  expect(body.data[1]).toMatchObject({ actor: { kind: 'key', id: customer.keyId }, address: '127.0.0.1' });
  // What changed nothing stands apart, so that no number of calls hides a change.
  const calls = await owner.api.send<Page>('GET', '/audit?of=calls');
  expect(calls.body.data.map(({ action, subject }) => [action, subject])).toEqual([
    ['call.made', 'GET /v1/audit'],
    ['key.used', 'GET /openapi/v2/account/balance'],
  ]);
});

it('is narrowed to actions, an actor, a target and a time, page by page', async () => {
  const read = async (query: string, api = owner.api, path = '/audit') =>
    (await api.send<Page>('GET', `${path}?${query}`)).body;
  const actions = async (query: string) => (await read(query)).data.map(({ action }) => action);
  expect(await actions('action=key.created,account.opened')).toHaveLength(2);
  expect(await actions(`actor=${customer.keyId}`)).toEqual(['call.refused']);
  expect(await actions(`target=${customer.keyId}`)).toEqual(['key.created']);
  const [newest] = (await read('limit=1')).data;
  expect(await actions(`from=${newest?.at}`)).toEqual([newest?.action]);
  expect(await actions(`to=${new Date(Date.parse(newest?.at ?? '') - 1).toISOString()}`)).toHaveLength(3);
  expect(await actions('action=key.revoked')).toEqual([]);
  const first = await read('action=call.refused&limit=1');
  const second = await read(`action=call.refused&limit=1&after=${first.last_id}`);
  expect([...first.data, ...second.data].map(({ action }) => action)).toEqual(['call.refused', 'call.refused']);
  expect((await read(`action=call.refused&after=${second.last_id}`)).data).toEqual([]);
  for (const [query, param] of [
    ['action=key.eaten', 'action.0'],
    ['from=yesterday', 'from'],
    ['from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z', 'from'],
  ] as const) {
    expect((await owner.api.refused('GET', `/audit?${query}`)).body, query).toMatchObject({ status: 400, param });
  }
});

it('tells of each call by the x-request-id of its answer, in both dialects, to its owner and to operators', async () => {
  const idOf = ({ headers }: { headers: Headers }): string => headers.get('x-request-id') ?? '';
  const read = (api: typeof owner.api, id: string) => api.send<Request>('GET', `/requests/${id}`);
  const key = new VideosClient(platform.cloud.apiUrl, customer.api.key);
  const started = await customer.api.generate(SMALL);
  // The agreement to the terms follows a video some time after it: once it stands, nothing comes in between below.
  const agreements = async () => (await owner.api.send<Page>('GET', '/audit?action=terms.accepted')).body.data.length;
  await expect.poll(agreements, { timeout: 30_000, interval: 200 }).toBe(1);
  const refused = await key.create({ ...TINY, seconds: '77' });
  const own = await owner.api.refused('GET', '/videos/video_123456789012345');
  const anonymous = await fetch(`${platform.cloud.apiUrl}/v1/videos`);
  for (const reply of [started, refused, own, anonymous]) expect(idOf(reply)).toMatch(/^[0-9a-f-]{36}$/);
  expect((await read(owner.api, idOf(started))).body).toMatchObject({
    id: idOf(started),
    method: 'POST',
    route: '/openapi/v2/video/text/generate',
    status: 200,
    code: null,
    video_id: `video_${started.Resp.video_id}`,
    account_id: customer.accountId,
    actor: { kind: 'key', id: customer.keyId },
  });
  expect((await read(key, idOf(refused))).body).toMatchObject({ status: 400, code: 'invalid_parameter' });
  const missing = { status: 404, code: 'not_found', video_id: 'video_123456789012345' };
  expect((await read(owner.api, idOf(own))).body).toMatchObject(missing);

  // Another account's id is like one that never was; operators may read it, which is recorded.
  const [stranger, operator] = await Promise.all([personOf(platform, 'developer'), personOf(platform, 'operator')]);
  await platform.customer({ owner: stranger });
  const never = await stranger.api.refused('GET', '/requests/0b6f1a52-7c1e-4a57-9d55-3f3f5b6a1c11');
  const others = await stranger.api.refused('GET', `/requests/${idOf(started)}`);
  expect([never.status, others.status]).toEqual([404, 404]);
  expect(others.body.detail).toBe(never.body.detail.replace('0b6f1a52-7c1e-4a57-9d55-3f3f5b6a1c11', idOf(started)));
  expect((await read(operator.api, idOf(started))).body).toMatchObject({ account_id: customer.accountId });
  const { body } = await owner.api.send<Page>('GET', '/audit?action=account.viewed&limit=1');
  expect(body.data[0]).toMatchObject({ action: 'account.viewed', subject: idOf(started), actor: { id: 'staff' } });
  // Staff own their calls, and one another's are for operators.
  expect((await read(operator.api, idOf(others))).status).toBe(200);
  const listed = await operator.api.refused('GET', '/operators/accounts');
  expect((await read(operator.api, idOf(listed))).body).toMatchObject({
    account_id: null,
    actor: { id: operator.personId },
  });
});

it('2.4c a call with a key that was revoked is in the trail of its account', async () => {
  const other = await platform.operate<{ keyId: string; apiKey: string }>('IssueKeyFunction', {
    accountId: customer.accountId,
  });
  await platform.operate('RevokeKeyFunction', { accountId: customer.accountId, keyId: other.keyId });
  const answer = await fetch(`${platform.cloud.apiUrl}/v1/videos`, { headers: { 'api-key': other.apiKey } });
  expect(answer.status).toBe(401);
  const again = await fetch(`${platform.cloud.apiUrl}/v1/videos`, { headers: { 'api-key': other.apiKey } });
  expect(again.status).toBe(401);
  const { body } = await owner.api.send<Page>('GET', '/audit?limit=2');
  expect(body.data[0]).toMatchObject({ action: 'call.refused', actor: { id: other.keyId }, reason: 'key_refused' });
  // Whoever repeats it within a minute drowns nothing.
  const refusals = await platform.items<{ actorId?: string; action?: string }>('Audit', customer.accountId);
  const repeated = refusals.filter(({ actorId, action }) => actorId === other.keyId && action === 'call.refused');
  expect(repeated).toHaveLength(1);
  expect(body.has_more).toBe(true);
});

it('pages without gap or repetition', async () => {
  const seen: string[] = [];
  for (let after: string | undefined; ; ) {
    const { body } = await owner.api.send<Page>('GET', `/audit?limit=2${after ? `&after=${after}` : ''}`);
    seen.push(...body.data.map(({ id }) => id));
    after = seen.at(-1);
    if (!body.has_more) break;
  }
  const { body } = await owner.api.send<Page>('GET', '/audit?limit=100');
  expect(seen).toEqual(body.data.map(({ id }) => id));
});

it('another account sees nothing of it, and an operator sees it whole', async () => {
  const stranger = await personOf(platform, 'developer');
  await platform.customer({ owner: stranger });
  const { body } = await stranger.api.send<Page>('GET', '/audit');
  expect(body.data.map(({ action }) => action).sort()).toEqual(['account.opened', 'key.created']);
  const operator = await personOf(platform, 'operator');
  const plan = { plan: 'enterprise', reason: 'They asked for more.' };
  await operator.api.send('PUT', `/operators/accounts/${customer.accountId}/plan`, plan);
  const seen = await operator.api.send<Page>('GET', `/operators/accounts/${customer.accountId}/audit?limit=100`);
  const own = await owner.api.send<Page>('GET', '/audit?limit=100');
  expect(seen.body.data[0]).toMatchObject({ action: 'account.plan_changed', actor: { id: operator.personId } });
  // What staff did and why, and neither which of them nor from where.
  const hidden = { actor: { kind: 'person', id: 'staff' }, address: null, client: null };
  const asOwner = (event: Page['data'][number]) =>
    event.actor.id.startsWith('staff_') ? { ...event, ...hidden } : event;
  expect(own.body.data).toEqual(seen.body.data.map(asOwner));
  const byStaff = await owner.api.send<Page>('GET', '/audit?actor=staff');
  expect(byStaff.body.data.map(({ action }) => action)).toContain('account.plan_changed');
  const byOne = await owner.api.send<Page>('GET', `/audit?actor=${operator.personId}`);
  expect(byOne.body.data).toEqual([]);
});

it('is sealed in a chain that verifies, and that shows an event that was changed afterwards, and that all of it was taken away', async () => {
  const { body } = await owner.api.send<Page>('GET', '/audit?limit=100');
  const kept = body.data.filter(({ action }) => action !== 'key.used');
  const verdict = await sealed(kept.length);
  expect(verdict).toMatchObject({ intact: true, events: kept.length, faults: [] });
  expect(verdict.newest).toMatch(/^[0-9a-f]{64}$/);
  expect(verdict.anchored).toMatchObject({ number: verdict.seals, hash: verdict.newest });

  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(platform.cloud.client));
  const eventId = kept[0]?.id ?? '';
  await documents.send(
    new UpdateCommand({
      TableName: platform.table('Audit'),
      Key: { pk: customer.accountId, sk: `EVENT#${eventId}` },
      UpdateExpression: 'SET actorId = :other',
      ExpressionAttributeValues: { ':other': 'user_somebody_else' },
    }),
  );
  expect(await verify()).toMatchObject({ intact: false, faults: [{ kind: 'event_changed', eventId }] });

  // Everything goes from the tables; a delete marker hides the heads in their bucket, and takes none of them away.
  const trail = await platform.items<{ sk: string }>('Audit', customer.accountId);
  const chain = await platform.items<{ sk: string }>('Seals', customer.accountId);
  for (const [table, items] of [['Audit', trail] as const, ['Seals', chain] as const]) {
    for (const { sk } of items) {
      const Key = { pk: customer.accountId, sk };
      await documents.send(new DeleteCommand({ TableName: platform.table(table), Key }));
    }
  }
  const s3 = new S3Client({ ...platform.cloud.client, forcePathStyle: true });
  const Bucket = platform.output('AuditHeadsBucket');
  const Prefix = `heads/${customer.accountId}/`;
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  expect(Versions).toHaveLength(verdict.seals);
  for (const { Key, VersionId } of Versions) {
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await expect(s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))).rejects.toThrow('Access Denied');
  }
  const emptied = await verify();
  expect(emptied).toMatchObject({ intact: false, events: 0, seals: 0, anchored: verdict.anchored });
  const missing = emptied.faults.filter(({ kind }) => kind === 'seal_missing');
  expect(missing.map(({ number }) => number)).toEqual(Array.from(Versions, (_, index) => index + 1));
  s3.destroy();
  documents.destroy();
});
