/** The audit trail over the running platform: what was done stands in it, sealed, and a change of it shows. */

import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteCommand, DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, it } from 'vitest';
import { SMALL } from '../support/api-client.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';

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
    readonly action: string;
    readonly actor: { readonly kind: string; readonly id: string };
    readonly subject: string | null;
    readonly reason: string | null;
    readonly address: string | null;
  }[];
  readonly has_more: boolean;
}

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
  expect(told.slice(0, 3)).toEqual([
    ['call.refused', 'GET /v1/videos/{id}', 'not_found'],
    ['call.refused', 'POST /openapi/v2/video/text/generate', 'invalid_parameter'],
    ['key.used', 'GET /openapi/v2/account/balance', null],
  ]);
  // Both at one moment: an account is opened with its first key.
  expect(told.slice(3).sort()).toEqual([
    ['account.opened', customer.accountId, null],
    ['key.created', customer.keyId, null],
  ]);
  expect(body.data[0]?.actor).toEqual({ kind: 'person', id: owner.personId });
  expect(body.data[1]).toMatchObject({ actor: { kind: 'key', id: customer.keyId }, address: '127.0.0.1' });
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
  const [changed, ...others] = seen.body.data;
  expect(changed).toMatchObject({ action: 'account.plan_changed', actor: { id: operator.personId } });
  // What staff did and why, and neither which of them nor from where.
  const hidden = { actor: { kind: 'person', id: 'staff' }, address: null, client: null };
  expect(own.body.data).toEqual([{ ...changed, ...hidden }, ...others]);
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
