/** What is recorded of calls, over the product's own tables: one write for each, and what changed nothing stands apart from changes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditEvent } from '../../functions/audit/event.ts';
import { eventsByAccount } from '../../functions/audit/event.ts';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import type { Call } from '../../functions/http/api-handler.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { asked } from '../support/read-meter.ts';

let product: ProductTables;
let command: typeof import('../../functions/audit/record-call-command.ts');
let now = Date.UTC(2026, 10, 29);

beforeAll(async () => {
  product = await startProductTables();
  command = await import('../../functions/audit/record-call-command.ts');
});
afterAll(() => product?.stop());

const from = { address: '203.0.113.7', client: 'curl' };
const KEY = { kind: 'key', id: 'key_1', accountId: 'acct_1' };
const PERSON = { kind: 'person', id: 'user_1', accountId: 'acct_1' };
const STAFF = { kind: 'person', id: 'staff_1', accountId: '' };
let requests = 0;

/** Records a call of this caller a second after the one before; answers its request's id. */
async function call(caller: object, refusal?: Refusal): Promise<string> {
  const requestId = `request_${++requests}`;
  const seen = { method: 'GET', route: '/v1/videos/{id}', requestId, status: refusal ? 404 : 200, video: 'video_5' };
  now += 1000;
  const random = (bytes: number) => new Uint8Array(bytes).fill(requests);
  const dependencies = { auditTable: product.tables.audit, now: () => now, random };
  const { calls } = await asked(() =>
    command.recordCall(dependencies, { ...seen, caller: { ...caller, ...from } as Call['caller'] }, refusal),
  );
  expect(calls).toBe(1);
  return requestId;
}
const stored = async (partition: string) =>
  (await product.items<AuditEvent & { expiresAt?: number }>(product.tables.audit, partition)).map(
    ({ requestId, action, expiresAt }) => [requestId, action, expiresAt !== undefined],
  );

it('a call that changed nothing, and the repeated refusals of a person, end by themselves; other refusals are kept and sealed', async () => {
  const refusal = new Refusal('not_found', 'there is none');
  const used = await call(KEY);
  const refused = [await call(KEY, refusal), await call(KEY, refusal)];
  const [first, again] = [await call(PERSON, refusal), await call(PERSON, refusal)];
  const made = await call(PERSON);
  now += 60_000;
  const later = await call(PERSON, refusal);
  expect(await stored('acct_1')).toEqual([
    ...refused.map(id => [id, 'call.refused', false]),
    [first, 'call.refused', false],
    [later, 'call.refused', false],
  ]);
  expect(await stored('CALLS#acct_1')).toEqual([
    [used, 'key.used', true],
    [again, 'call.refused', true],
    [made, 'call.made', true],
  ]);
  const inserted = await product.inserted<Record<string, unknown>>(product.tables.audit);
  const items = inserted.map(({ sequence, item }) => ({ change: 'INSERT' as const, sequence, item }));
  const old = { pk: 'acct_1', sk: 'EVENT#evt_0', action: 'key.used', accountId: 'acct_1' };
  const sealed = eventsByAccount([...items, { change: 'INSERT', sequence: 1n, item: old }]);
  expect([...sealed].map(([accountId, events]) => [accountId, events.map(({ event }) => event.requestId)])).toEqual([
    ['acct_1', [...refused, first, later]],
  ]);
});

it('calls of staff, and of people who have no account, are their own', async () => {
  const ids = [await call(STAFF), await call(STAFF, new Refusal('no_permission', 'this is for operator'))];
  expect(await stored('CALLS#staff_1')).toEqual([
    [ids[0], 'call.made', true],
    [ids[1], 'call.refused', true],
  ]);
  expect(await stored('staff_1')).toEqual([]);
});

it('of what was not found, there is a digest of what the path named: the same for the same, and never its text', async () => {
  const [caller, random] = [{ ...KEY, accountId: 'acct_2', ...from }, () => new Uint8Array(14).fill(++requests)];
  const dependencies = { auditTable: product.tables.audit, now: () => (now += 1000), random };
  const seen = { method: 'GET', route: '/v1/videos/{id}', requestId: 'request', status: 404 };
  const none = new Refusal('not_found', 'there is none');
  const calls = [
    [none, 'video_5 & co'],
    [none, 'video_5 & co'],
    [none, 'video_6'],
    [new Refusal('no_permission', 'not this'), 'video_6'],
  ] as const;
  for (const [refusal, named] of calls) {
    await command.recordCall(dependencies, { ...seen, named, caller: caller as Call['caller'] }, refusal);
  }
  const events = await product.items<AuditEvent>(product.tables.audit, 'acct_2');
  const [one, again, other, refused] = events.map(({ detail }) => detail?.sought);
  expect(one).toMatch(/^[\w-]{16}$/);
  expect([again, other === one, refused]).toEqual([one, false, undefined]);
});
