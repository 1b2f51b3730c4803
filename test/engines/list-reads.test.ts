/**
 * Every list costs the same reads for an account that holds little and for one that holds a lot of what is listed: 10,000 in
 * `npm test`, 100,000 in `npm run lists`.
 */
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailsOf } from '../../functions/accounts/mails-store.ts';
import { findTerms } from '../../functions/accounts/search-store.ts';
import { alertsOf } from '../../functions/alerts/alerts-store.ts';
import { eventsOfAccount, eventsOfActor, findCall, putCall } from '../../functions/audit/audit-store.ts';
import { callsPartition } from '../../functions/audit/event.ts';
import { ledgerPage } from '../../functions/credits/ledger-store.ts';
import { dayShard } from '../../functions/data/day-shard.ts';
import { accountKey, jobKey } from '../../functions/data/item-keys.ts';
import { documents } from '../../functions/data/table.ts';
import { ALL_JOBS } from '../../functions/generation/job-filter.ts';
import { listJobs } from '../../functions/generation/job-list-store.ts';
import { purchasesOf } from '../../functions/payments/purchases-store.ts';
import { exportsOf } from '../../functions/retention/exports-store.ts';
import { momentOf } from '../../functions/runtime/ids.ts';
import { accountOfJob, jobsPage } from '../../functions/support/jobs-store.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { asked } from '../support/read-meter.ts';

const FEW = 10;
const MANY = Number(process.env.LISTED ?? 10_000);
const LIMIT = 5;
const AT = Date.UTC(2026, 10, 1);

let product: ProductTables;

beforeAll(async () => {
  product = await startProductTables();
});
afterAll(() => product?.stop());

type TableName = keyof ProductTables['tables'];
type Page = Promise<{ readonly count: number }>;

interface List {
  readonly table: TableName;
  /** The item of this number, of the same size whatever the number. */
  readonly item: (accountId: string, number: number) => Record<string, unknown>;
  readonly read: (table: string, accountId: string) => Page;
}

const digits = (number: number): string => String(number).padStart(8, '0');
const moment = (number: number): string => new Date(AT + number * 1000).toISOString();
const page = { limit: LIMIT };

const LISTS: Readonly<Record<string, List>> = {
  'GET /v1/videos': {
    table: 'jobs',
    item: (accountId, number) => ({ ...jobKey(accountId, 10 ** 15 + number), state: 'succeeded', accountId }),
    read: async (table, accountId) => {
      const { jobs } = await listJobs(table, accountId, {
        ...page,
        filter: ALL_JOBS,
        after: undefined,
        ascending: false,
        now: Date.now(),
      });
      return { count: jobs.length };
    },
  },
  'GET /v1/ledger': {
    table: 'ledger',
    item: (accountId, number) => ({ pk: accountId, sk: `job#${digits(number)}#hold`, bookedAt: moment(number) }),
    read: async (table, accountId) => {
      const period = { from: moment(0), to: moment(MANY) };
      return { count: (await ledgerPage(table, accountId, { ...page, ...period })).entries.length - 1 };
    },
  },
  'GET /v1/audit': {
    table: 'audit',
    item: (accountId, number) => ({
      pk: accountId,
      sk: `EVENT#evt_${digits(number)}`,
      eventId: `evt_${digits(number)}`,
      accountId,
      actorId: `key_of_${accountId}`,
    }),
    read: async (table, accountId) => ({ count: (await eventsOfAccount(table, accountId, page)).events.length }),
  },
  'GET /v1/audit?of=calls': {
    table: 'audit',
    item: (accountId, number) => ({
      pk: callsPartition(accountId),
      sk: `EVENT#evt_${digits(number)}`,
      eventId: `evt_${digits(number)}`,
      accountId,
    }),
    read: async (table, accountId) => {
      const { events } = await eventsOfAccount(table, accountId, { ...page, areCalls: true });
      return { count: events.length };
    },
  },
  'GET /v1/operators/accounts/{id}/videos': {
    table: 'jobs',
    item: (accountId, number) => ({ ...jobKey(accountId, 10 ** 15 + number), state: 'deleted', accountId }),
    read: async (table, accountId) => {
      const { jobs } = await jobsPage(table, accountId, { ...page, after: undefined });
      return { count: jobs.length };
    },
  },
  'GET /v1/operators/accounts/{id}/emails': {
    table: 'core',
    item: (accountId, number) => ({ pk: accountKey(accountId).pk, sk: `MAIL#${digits(number)}` }),
    read: async (table, accountId) => ({ count: (await mailsOf(table, accountId, page)).mails.length }),
  },
  'POST /v1/operators/search': {
    table: 'core',
    // Found by a name that begins with the account's id, so that one account has few of them and one many.
    item: (accountId, number) => ({ pk: 'FIND#name', sk: `${accountId} ${digits(number)}#acct_1` }),
    read: async (table, accountId) => ({ count: (await findTerms(table, 'name', accountId, LIMIT)).length }),
  },
  'GET /v1/alerts': {
    table: 'core',
    item: (accountId, number) => ({ pk: accountKey(accountId).pk, sk: `ALERT#${digits(number)}` }),
    read: async (table, accountId) => ({ count: (await alertsOf(table, accountId, page)).alerts.length }),
  },
  'GET /v1/account/exports': {
    table: 'core',
    item: (accountId, number) => ({ pk: accountKey(accountId).pk, sk: `EXPORT#${digits(number)}` }),
    read: async (table, accountId) => ({ count: (await exportsOf(table, accountId, page)).exports.length }),
  },
  'GET /v1/credits/purchases': {
    table: 'core',
    item: (accountId, number) => ({ pk: accountKey(accountId).pk, sk: `PURCHASE#${digits(number)}` }),
    read: async (table, accountId) => ({ count: (await purchasesOf(table, accountId, page)).purchases.length }),
  },
};

/** Fills an account with what is listed. */
async function fill({ table, item }: List, accountId: string, count: number): Promise<void> {
  const batches = Array.from({ length: Math.ceil(count / 25) }, (_, batch) =>
    Array.from({ length: Math.min(25, count - batch * 25) }, (_, index) => item(accountId, batch * 25 + index)),
  );
  const next = batches[Symbol.iterator]();
  const write = async (): Promise<void> => {
    for (const items of next) {
      const requests = items.map(Item => ({ PutRequest: { Item } }));
      await documents.send(new BatchWriteCommand({ RequestItems: { [product.tables[table]]: requests } }));
    }
  };
  await Promise.all(Array.from({ length: 4 }, write));
}

describe.each(Object.entries(LISTS))('%s', (_name, list) => {
  it(`asks as much of an account with ${FEW} as of one with ${MANY}`, async () => {
    await fill(list, 'acct_a_few', FEW);
    await fill(list, 'acct_a_lot', MANY);
    const few = await asked(() => list.read(product.tables[list.table], 'acct_a_few'));
    const many = await asked(() => list.read(product.tables[list.table], 'acct_a_lot'));
    expect(many.result).toEqual({ count: LIMIT });
    expect(many).toEqual(few);
    expect(few.calls).toBe(1);
  }, 120_000);
});

it(`GET /v1/keys/{id}/activity asks as much of a key with ${FEW} uses as of one with ${MANY}`, async () => {
  const read = (accountId: string) =>
    asked(async () => {
      const actor = { accountId, actorId: `key_of_${accountId}` };
      return (await eventsOfActor(product.tables.audit, actor, page)).events.length;
    });
  const [few, many] = [await read('acct_a_few'), await read('acct_a_lot')];
  expect(many).toEqual(few);
  expect(few).toMatchObject({ calls: 1, result: LIMIT });
});

it('the audit trail by action, actor or target asks one bounded read, and goes on from where it looked', async () => {
  const read = (filter: object, after?: string) =>
    asked(() => eventsOfAccount(product.tables.audit, 'acct_a_lot', { ...page, after, filter }));
  for (const filter of [{ actions: ['key.created'] }, { actor: { id: 'nobody' } }, { target: 'nothing' }]) {
    const { calls, units, result } = await read(filter);
    expect({ calls, found: result.events.length }).toEqual({ calls: 1, found: 0 });
    expect(units).toBeLessThan(20);
    expect(result.next).toBe(`evt_${digits(MANY - 300)}`);
    expect((await read(filter, result.next)).result.next).toBe(`evt_${digits(MANY - 600)}`);
  }
  const mine = await read({ actor: { id: 'key_of_acct_a_lot' } });
  expect(mine.result.events).toHaveLength(LIMIT);
  expect(mine.result.next).toBe(mine.result.events.at(-1)?.eventId);
});

it('a video is found by its id in one read of each partition of its day, whoever started how many beside it', async () => {
  const { jobs } = product.tables;
  const jobId = 250473926504802;
  const at = new Date(momentOf(jobId)).toISOString();
  const started = (accountId: string, number: number) => ({
    ...jobKey(accountId, number),
    accountId,
    jobId: number,
    startedShard: dayShard(Date.parse(at), accountId),
    createdAt: at,
  });
  expect(await accountOfJob(jobs, jobId)).toBeUndefined();
  await product.put(jobs, started('acct_found', jobId));
  const alone = await asked(() => accountOfJob(jobs, jobId));
  for (let other = 1; other <= FEW; other++) await product.put(jobs, started(`acct_${other}`, jobId + other));
  const among = await asked(() => accountOfJob(jobs, jobId));
  expect([alone, among].map(({ calls, result }) => ({ calls, result }))).toEqual(
    Array(2).fill({ calls: 16, result: 'acct_found' }),
  );
});

it('GET /v1/requests/{id} asks two reads, and tells of no other call', async () => {
  const { audit } = product.tables;
  const call = {
    eventId: 'evt_1',
    accountId: 'acct_1',
    at: '2026-11-29T12:00:00.000Z',
    action: 'key.used',
    actorKind: 'key',
    actorId: 'key_1',
    requestId: 'request_1',
  } as const;
  await putCall(audit, call);
  expect(await asked(() => findCall(audit, 'request_1'))).toMatchObject({ calls: 2, result: call });
  expect(await findCall(audit, 'request_2')).toBeUndefined();
});
