/**
 * Lists of videos with a filter, and usage by metadata, of an account with many: exact by metadata at the cost of a page, and
 * bounded and honest by everything else.
 */
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endedWrites, startedWrites, usageCounts } from '../../functions/credits/usage-store.ts';
import { jobKey, pairedJobKey } from '../../functions/data/item-keys.ts';
import { documents } from '../../functions/data/table.ts';
import { commit } from '../../functions/data/transaction.ts';
import { ALL_JOBS, type JobFilter } from '../../functions/generation/job-filter.ts';
import { listJobs } from '../../functions/generation/job-list-store.ts';
import { REQUEST } from '../rules/sample-job.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { asked } from '../support/read-meter.ts';

const MANY = 3300;
const RARE = { customer: '42' };
/** Videos of the rare customer, and one of them that was deleted. */
const RARE_ONES = [3, 1000, 2000, 3299];
const DELETED = 2000;
/** Of the other customer's, those that the index has. */
const COMMON = 150;
const FIRST_ID = 10 ** 15;
const ACCOUNT = 'acct_1';

let product: ProductTables;
let jobs: string;

beforeAll(async () => {
  product = await startProductTables();
  jobs = product.tables.jobs;
  const items = Array.from({ length: MANY }, (_, number) => {
    const jobId = FIRST_ID + number;
    const metadata = RARE_ONES.includes(number) ? RARE : { customer: '43' };
    const state = number === DELETED ? 'deleted' : number === 5 ? 'failed' : 'succeeded';
    return { ...jobKey(ACCOUNT, jobId), accountId: ACCOUNT, jobId, state, metadata, request: REQUEST };
  });
  const indexed = items.filter((_, number) => number < COMMON || RARE_ONES.includes(number));
  const index = indexed.map(({ jobId, metadata: { customer } }) => ({
    ...pairedJobKey(ACCOUNT, ['customer', customer], jobId),
    jobId,
  }));
  await write([...items, ...index]);
}, 60_000);
afterAll(() => product?.stop());

async function write(items: readonly object[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / 25) }, (_, batch) =>
    items.slice(batch * 25, batch * 25 + 25),
  )[Symbol.iterator]();
  const writer = async (): Promise<void> => {
    for (const batch of batches) {
      const requests = batch.map(Item => ({ PutRequest: { Item } }));
      await documents.send(new BatchWriteCommand({ RequestItems: { [jobs]: requests } }));
    }
  };
  await Promise.all(Array.from({ length: 4 }, writer));
}

interface Asking {
  readonly ascending?: boolean;
  readonly after?: number | undefined;
  readonly limit?: number;
}
const list = (filter: Partial<JobFilter>, { ascending = false, after, limit = 20 }: Asking = {}) =>
  asked(() =>
    listJobs(jobs, ACCOUNT, { filter: { ...ALL_JOBS, ...filter }, after, limit, ascending, now: Date.now() }),
  );
const numbers = (found: { jobs: readonly { jobId: number }[] }) => found.jobs.map(({ jobId }) => jobId - FIRST_ID);

describe('a list by a pair of metadata', () => {
  it.each([false, true])(
    'finds all of it in two calls, whatever else the account has (ascending: %j)',
    async ascending => {
      const { result, calls } = await list({ metadata: RARE }, { ascending });
      const living = RARE_ONES.filter(number => number !== DELETED);
      expect(numbers(result)).toEqual(ascending ? living : living.toReversed());
      expect([result.more, calls]).toEqual([false, 2]);
    },
  );

  it('has pages that follow each other, and says where each ends', async () => {
    const first = await list({ metadata: RARE }, { limit: 1 });
    expect([numbers(first.result), first.result.more, first.result.last]).toEqual([[3299], true, FIRST_ID + 3299]);
    const rest = await list({ metadata: RARE }, { after: first.result.last, limit: 5 });
    expect([numbers(rest.result), rest.result.more]).toEqual([[1000, 3], false]);
    const up = await list({ metadata: RARE }, { limit: 1, ascending: true });
    const onwards = await list({ metadata: RARE }, { after: up.result.last, limit: 5, ascending: true });
    expect([numbers(up.result), numbers(onwards.result), onwards.result.more]).toEqual([[3], [1000, 3299], false]);
    const common = await list({ metadata: { customer: '43' } }, { limit: 100 });
    expect([common.result.jobs.length, common.result.more]).toEqual([100, true]);
    expect(common.calls).toBeLessThanOrEqual(4);
  });

  it('is narrowed by times and by other members', async () => {
    const between = { first: FIRST_ID + 4, last: FIRST_ID + 2500 };
    expect(numbers((await list({ metadata: RARE, ...between })).result)).toEqual([1000]);
    expect(numbers((await list({ metadata: RARE, states: ['failed'] })).result)).toEqual([]);
    expect(numbers((await list({ metadata: { ...RARE, project: 'x' } })).result)).toEqual([]);
    expect(numbers((await list({ metadata: { customer: '44' } })).result)).toEqual([]);
  });
});

describe('a list by status', () => {
  it('looks at 3,000 videos for a page, and says how far it looked where it found nothing', async () => {
    const { result, calls } = await list({ states: ['failed'] });
    expect([numbers(result), result.more, result.last, calls]).toEqual([[], true, FIRST_ID + 300, 10]);
    const seen: number[] = [];
    let pages = 0;
    for (let after: number | undefined, more = true; more; pages++) {
      const page = (await list({ states: ['failed'] }, { after })).result;
      seen.push(...numbers(page));
      ({ last: after, more } = page);
    }
    expect([seen, pages]).toEqual([[5], 2]);
  });

  it('stops reading once the page is full', async () => {
    expect((await list({ states: ['succeeded'] })).calls).toBe(1);
  });
});

it('a list without a filter goes on behind as many deleted videos as there are', async () => {
  const account = 'acct_deleted';
  const items = Array.from({ length: 1200 }, (_, number) => ({
    ...jobKey(account, FIRST_ID + number),
    jobId: FIRST_ID + number,
    state: number === 0 ? 'succeeded' : 'deleted',
  }));
  await write(items);
  const read = (after?: number) =>
    listJobs(jobs, account, { filter: ALL_JOBS, after, limit: 20, ascending: false, now: Date.now() });
  const first = await read();
  expect([first.jobs.length, first.more]).toEqual([0, true]);
  expect(numbers(await read(first.last))).toEqual([0]);
});

describe('usage by metadata', () => {
  const DAYS = { from: '2026-09-30', to: '2026-11-02' };
  const made = { function: 'text_to_video', model: 'v6', keyId: 'key_1', accountId: 'acct_usage' } as const;
  const start = (day: string, metadata: Record<string, string>) =>
    commit(startedWrites(product.tables.core, { ...made, metadata }, 7, Date.parse(`${day}T12:00:00Z`)));
  const started = async (subject?: { key: string; value?: string }, days = DAYS) => {
    const { counts, next } = await usageCounts(product.tables.core, 'acct_usage', { ...days, subject });
    expect(next).toBeUndefined();
    return counts.map(count => [count.day, count.pair?.[1], count.started]);
  };

  it('counts what has the pair on the days of the period, and the rest as ever', async () => {
    await start('2026-09-29', { customer: '42' });
    await start('2026-09-30', { customer: '42' });
    await start('2026-11-02', { customer: '42', project: '7' });
    await start('2026-11-02', { customer: '42' });
    await start('2026-11-02', { customer: '43' });
    await start('2026-11-03', { customer: '42' });
    await start('2026-11-02', {});
    const end = { state: 'succeeded', credits: 7, released: false, deliverable: { durationSeconds: 1 } } as const;
    const at = Date.parse('2026-11-02T13:00:00Z');
    await commit(endedWrites(product.tables.core, { ...made, metadata: { customer: '42' } }, end, at));
    expect(await started({ key: 'customer', value: '42' })).toEqual([
      ['2026-09-30', '42', 1],
      ['2026-11-02', '42', 2],
    ]);
    expect((await started({ key: 'customer' })).toSorted()).toEqual([
      ['2026-09-30', '42', 1],
      ['2026-11-02', '42', 2],
      ['2026-11-02', '43', 1],
    ]);
    expect(await started({ key: 'project' })).toEqual([['2026-11-02', '7', 1]]);
    expect(await started()).toEqual([
      ['2026-09-30', undefined, 1],
      ['2026-11-02', undefined, 4],
    ]);
    const { counts } = await usageCounts(product.tables.core, 'acct_usage', {
      ...DAYS,
      subject: { key: 'customer', value: '42' },
    });
    expect(counts.at(-1)).toMatchObject({ charged: 7, seconds: 1, succeeded: 1 });
  });

  it('reads a pair of 92 days in five calls, however many other customers there are', async () => {
    const subject = { key: 'customer', value: '42' };
    const period = { from: '2026-10-31', to: '2027-01-30', subject };
    expect((await asked(() => usageCounts(product.tables.core, 'acct_usage', period))).calls).toBe(4);
  });
});
