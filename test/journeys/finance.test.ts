/**
 * Finance on the running platform: a day is exported out of the tables, reported by Athena, and its month closed. The
 * day's items are those of a generated month, written straight into the tables. A platform of its own: whole days of
 * all its tables are exported.
 */
import { createHash } from 'node:crypto';
import { BatchWriteItemCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { grant } from '../../functions/credits/ledger.ts';
import { usagePrefix } from '../../functions/credits/usage-count.ts';
import { dayPlus, dayShard } from '../../functions/data/day-shard.ts';
import { accountKey } from '../../functions/data/item-keys.ts';
import type { listReportEntries, readReport } from '../../functions/finance/contract.ts';
import type { readMonth } from '../../functions/finance/months-contract.ts';
import { sortable } from '../../functions/runtime/ids.ts';
import type { readLimits } from '../../functions/usage/limits-contract.ts';
import type { listLedger, readUsage } from '../../functions/usage/usage-contract.ts';
import { GeneratedMonth } from '../support/generated-month.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { Platform } from '../support/platform.ts';
import { TINY, VideosClient } from '../support/videos-client.ts';

type Report = z.output<typeof readReport.output>;
type Month = z.output<typeof readMonth.output>;
type Limits = z.output<typeof readLimits.output>;
type Usage = z.output<typeof readUsage.output>;
type Ledger = z.output<typeof listLedger.output>;
type Entries = z.output<typeof listReportEntries.output>;
interface Exported {
  readonly rows: Readonly<Record<string, number>>;
  readonly unexplained: number;
}

const MONTH = '2026-09';
const DAYS = ['2026-09-01', '2026-09-02'];
const month = new GeneratedMonth({ month: MONTH, jobs: 1500, accounts: 6 });
let platform: Platform;
let finance: SignedInPerson;

beforeAll(async () => {
  platform = await Platform.start();
  finance = await personOf(platform, 'finance');
  await write(
    'Ledger',
    DAYS.flatMap(day => month.booked(day)).map(entry => ({
      pk: entry.accountId,
      sk: entry.id,
      ...entry,
      bookedShard: dayShard(Date.parse(entry.bookedAt), entry.accountId),
    })),
  );
  await write(
    'Jobs',
    DAYS.flatMap(day => month.jobs(day)).map(job => ({
      pk: job.accountId,
      sk: `JOB#${sortable(job.jobId)}`,
      ...job,
      startedShard: dayShard(Date.parse(job.createdAt), job.accountId),
      endedShard: dayShard(Date.parse(job.endedAt), job.accountId),
    })),
  );
  for (const day of DAYS) {
    for (const accountId of month.accounts) {
      for await (const counts of month.usage(accountId, day)) {
        await write(
          'Core',
          counts.map(count => ({
            pk: accountKey(accountId).pk,
            sk: `${usagePrefix(day)}#${count.function}#${count.model}#${count.keyId}`,
            ...count,
          })),
        );
      }
    }
  }
});
afterAll(() => platform?.stop());

async function write(table: string, items: readonly object[]): Promise<void> {
  const client = new DynamoDBClient(platform.cloud.client);
  for (let at = 0; at < items.length; at += 25) {
    const requests = items
      .slice(at, at + 25)
      .map(item => ({ PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [platform.table(table)]: requests } }));
  }
  client.destroy();
}

const exportDay = (day: string) => platform.operate<Exported>('ExportDayFunction', { day });
const compare = (day: string) => platform.operate<{ different: string[] }>('ExportDayFunction', { day, compare: true });

describe('bill: a day', () => {
  it('is exported with every entry and job, and again with the same bytes', async () => {
    const { rows, unexplained } = await exportDay('2026-09-01');
    expect(rows).toMatchObject({
      ledger_entries: month.booked('2026-09-01').length,
      jobs_started: month.jobs('2026-09-01').length,
    });
    // Nothing came through API Gateway: what was written into the tables made no request.
    expect(unexplained).toBe(month.accounts.length);
    expect(await compare('2026-09-01')).toEqual({ day: '2026-09-01', different: [] });
    expect(await exportDay('2026-09-01')).toMatchObject({ rows, unexplained });
    await exportDay('2026-09-02');
  });

  it('is not exported before it is over', async () => {
    const today = new Date().toISOString().slice(0, 10);
    await expect(exportDay(today)).rejects.toThrow(/must be over/);
  });

  it('whose export failed is exported again at once', async () => {
    const s3 = new S3Client(platform.cloud.client);
    const counts = { Bucket: platform.output('ReportsBucket'), Key: 'csv/gateway_usage/day=2026-10-05/data.csv' };
    await s3.send(new PutObjectCommand({ ...counts, Body: 'header\r\np,trial,k,,many,0\r\n' }));
    await expect(exportDay('2026-10-05')).rejects.toThrow(/requests is not a whole number/);
    await s3.send(new DeleteObjectCommand(counts));
    s3.destroy();
    expect(await exportDay('2026-10-05')).toMatchObject({ unexplained: 0 });
  });

  it('is reported by Athena to the credit, and each number lists its entries', async () => {
    const { status, body } = await finance.api.send<Report>('GET', '/reports/revenue?from=2026-09-01&to=2026-09-02');
    expect({ status, body }).toMatchObject({ status: 200 });
    const captured = DAYS.flatMap(day => month.booked(day)).filter(({ kind }) => kind === 'capture');
    const credits = captured.reduce((sum, { postings }) => sum + Math.max(...postings.map(({ amount }) => amount)), 0);
    expect(body).toMatchObject({ missing_days: [], complete_from: '2026-09-01' });
    expect(body.totals).toEqual({ jobs_charged: captured.length, credits_charged: credits, list_usd_cents: credits });
    const [row] = body.rows;
    const listed = await finance.api.send<Entries>(
      'GET',
      `${row?.trace?.replace(`${platform.cloud.apiUrl}/v1`, '')}&limit=1000`,
    );
    expect(listed.body.data.reduce((sum, entry) => sum + Number(entry.revenue), 0)).toBe(row?.values.credits_charged);
  });

  it('that goes on is reported as far as it is booked, as provisional, with names, reasons and fees', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const { accountId } = await platform.customer({ credits: 500 });
    const book = (what: string, body: object) =>
      finance.api.send('POST', `/operators/accounts/${accountId}/${what}`, body);
    await book('adjustments', { credits: -20, reference: 'CASE-1', reason: 'credited twice' });
    const money = { amount: 4800, currency: 'eur', reference: 'SEPA 1', value_date: '2026-09-14' };
    await book('payments', { credits: 5000, ...money, reason: 'bank transfer' });
    const named = { account_id: accountId, account_name: 'journey', status: 'provisional' };
    const query = `from=${today}&to=${today}&account_id=${accountId}`;
    const entries = await finance.api.send<Entries>('GET', `/reports/entries?${query}&kind=adjustment`);
    expect(entries.body.data).toMatchObject([{ ...named, reason: 'credited twice', reference: 'CASE-1' }]);
    const { body } = await finance.api.send<Report>('GET', `/reports/accounts?${query}`);
    expect(body).toMatchObject({ missing_days: [], provisional: [{ day: today, as_of: expect.any(String) }] });
    expect(body.rows.map(({ values }) => values)).toMatchObject([
      { ...named, currency: '', credits_given: 500, credits_adjusted: -20 },
      { ...named, currency: 'eur', credits_bought: 5000, paid: 4800 },
    ]);
    // By the day on which the money came, and not by that of the booking.
    const fees = async (at: string) =>
      (await finance.api.send<Report>('GET', `/reports/fees-paid?at=${at}&account_id=${accountId}`)).body.rows.map(
        ({ values }) => values.fees,
      );
    expect([await fees('2026-09-13'), await fees('2026-09-14')]).toEqual([[], [4800]]);
    await book('payments/reversals', { reference: 'SEPA 1', value_date: '2026-09-20', reason: 'it bounced' });
    // What is known of today is some seconds old.
    await vi.waitFor(async () => expect(await fees('2026-09-20')).toEqual([0]), 20_000);
    expect(await fees('2026-09-19')).toEqual([4800]);
  });

  it('is reported in money: what was sold, paid back, earned and is still to earn', async () => {
    const days = 'from=2026-09-01&to=2026-09-02';
    const { body: earned } = await finance.api.send<Report>('GET', `/reports/revenue-recognised?${days}`);
    const { body: deferred } = await finance.api.send<Report>('GET', '/reports/deferred-revenue?at=2026-09-02');
    const sum = ({ rows }: Report, column: string) =>
      rows.reduce((total, { values }) => total + (values.currency === 'usd' ? Number(values[column]) : 0), 0);
    const paid = DAYS.flatMap(day => month.booked(day)).reduce((total, { money }) => total + (money?.amount ?? 0), 0);
    expect(sum(earned, 'sold') - sum(earned, 'refunded')).toBe(paid);
    expect(sum(earned, 'recognised')).toBeGreaterThan(0);
    expect(sum(earned, 'recognised') + sum(deferred, 'deferred')).toBe(paid);
  });

  it('says which days are not exported, and from which on they all are', async () => {
    const read = async (path: string) => (await finance.api.send<Report>('GET', `/reports/${path}`)).body;
    const revenue = await read('revenue?from=2026-08-31&to=2026-09-02');
    expect(revenue).toMatchObject({ missing_days: ['2026-08-31'], complete_from: '2026-09-01' });
    const outstanding = await read('credits-outstanding?at=2026-09-03');
    expect(outstanding).toMatchObject({ missing_days: ['2026-09-03'], complete_from: null });
  });

  it('is sent as CSV where that is requested', async () => {
    const { headers, body } = await finance.api.send<string>(
      'GET',
      '/reports/credits-outstanding?at=2026-09-02',
      undefined,
      {
        accept: 'text/csv',
      },
    );
    expect(headers.get('content-type')).toMatch(/^text\/csv/);
    expect(headers.get('missing-days')).toBe('0');
    const [header, ...lines] = body.trim().split('\r\n');
    expect(header).toBe('account_id,account_name,status,available,held,outstanding,list_usd_cents');
    expect(headers.get('provisional-days')).toBe('0');
    expect(lines.length).toBe(month.accounts.length);
  });

  it.each([
    ['/reports/revenue?from=2026-09-01', 'to'],
    ['/reports/revenue?from=2026-09-02&to=2026-09-01', 'from'],
    ['/reports/fees-paid?at=2126-09-01', 'at'],
    ['/reports/files/2026-09-01/secrets', 'dataset'],
    ['/reports/files/2026-09-01/accounts?form=xls', 'form'],
    ['/reports/fees-paid?from=2026-09-01&to=2026-09-02', 'from'],
    ['/reports/secrets?from=2026-09-01&to=2026-09-02', 'report'],
    ["/reports/revenue?from=2026-09-01&to=2026-09-02'", 'to'],
    ['/reports/entries?from=2026-09-01&to=2026-09-02&after=nonsense', 'after'],
  ])('%s is refused by %s', async (path, field) => {
    const { status, body } = await finance.api.refused('GET', path);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(field);
  });

  it('is found by a text that would end the query, as a text', async () => {
    const account = encodeURIComponent("' OR 'a' = 'a");
    const { status, body } = await finance.api.send<Report>(
      'GET',
      `/reports/accounts?from=2026-09-01&to=2026-09-02&account_id=${account}`,
    );
    expect({ status, rows: body.rows }).toEqual({ status: 200, rows: [] });
  });
});

describe('bill: a month', () => {
  const close = (reason?: string) =>
    finance.api.send<Month>('POST', `/reports/months/${MONTH}/close`, reason ? { reason } : {});

  it('says what is left to do, and is exported by the close, by finance alone: what nobody explains is to have a reason', async () => {
    const { body: before } = await finance.api.send<Month>('GET', `/reports/months/${MONTH}`);
    expect(before.days.map(({ state }) => state)).toEqual(['reconciled', 'reconciled', ...Array(28).fill('missing')]);
    expect(before.blocked_by).toMatch(/2026-09-01, 2026-09-02 .* nobody explains/);
    let reply = await close();
    for (let calls = 1; reply.status === 202 && calls < 20; calls++) {
      expect(reply.body.blocked_by).toMatch(/being exported: send the same call again/);
      reply = await close();
    }
    expect(reply).toMatchObject({
      status: 409,
      body: { code: 'wrong_state', detail: expect.stringMatching(/2026-09-01, 2026-09-02.* nobody explains/) },
    });
    const { body: after } = await finance.api.send<Month>('GET', `/reports/months/${MONTH}`);
    expect(new Set(after.days.map(({ state }) => state))).toEqual(new Set(['reconciled']));
  });

  it('links to its files, which are as they were exported, for a while and for who has the link', async () => {
    const { body } = await finance.api.send<Month>('GET', `/reports/months/${MONTH}`);
    for (const dataset of ['ledger_entries', 'reconciliation']) {
      const csv = body.days[0]?.files.find(one => one.dataset === dataset)?.csv ?? expect.fail();
      const link = await finance.api.send<{ url: string; sha256: string }>('GET', csv.link.replace(/^.*\/v1/, ''));
      const file = await fetch(link.body.url);
      expect(
        createHash('sha256')
          .update(Buffer.from(await file.arrayBuffer()))
          .digest('hex'),
      ).toBe(csv.sha256);
      expect([link.body.sha256, file.headers.get('content-disposition')]).toEqual([
        csv.sha256,
        `attachment; filename="${dataset}-2026-09-01.csv"`,
      ]);
    }
    const absent = await finance.api.refused('GET', '/reports/files/2026-08-01/ledger_entries');
    expect([absent.status, absent.body.detail]).toEqual([409, expect.stringContaining('is not exported')]);
  });

  it('before the first account is not there to be closed', async () => {
    const early = await finance.api.refused('POST', '/reports/months/2025-03/close', {});
    expect([early.status, early.body.detail]).toEqual([409, expect.stringContaining('there is nothing in 2025-03')]);
    expect((await finance.api.send<Month>('GET', '/reports/months/2025-03')).body.days[0]?.state).toBe('not_needed');
  });

  it('with a file that is not stored as it was exported has it exported again by the close', async () => {
    const s3 = new S3Client(platform.cloud.client);
    const object = { Bucket: platform.output('ReportsBucket'), Key: 'csv/jobs_ended/day=2026-09-03/data.csv' };
    await s3.send(new PutObjectCommand({ ...object, Body: 'late' }));
    let reply = await close();
    for (let calls = 1; reply.status === 202 && calls < 20; calls++) reply = await close();
    expect(reply.status).toBe(409);
    const stored = await s3.send(new GetObjectCommand(object));
    s3.destroy();
    expect(await stored.Body?.transformToString()).toMatch(/^job_id,/);
  });

  it('is closed once with its hash, and comes out again byte for byte', async () => {
    const closed = await close('written into the tables by hand');
    expect({ status: closed.status, body: closed.body }).toMatchObject({ status: 200, body: { state: 'closed' } });
    expect(closed.body.hash).toMatch(/^[0-9a-f]{64}$/);
    const { body } = await finance.api.send<Month>('GET', `/reports/months/${MONTH}`);
    expect(body).toMatchObject({
      state: 'closed',
      hash: closed.body.hash,
      reproduces: true,
      closed_by: finance.personId,
    });
    expect((await compare('2026-09-02')) as object).toMatchObject({ different: [] });
    expect((await close('again')).status).toBe(409);
  });

  it('says what was deferred before and after it, as the report at its end does', async () => {
    const { body } = await finance.api.send<Month>('GET', `/reports/months/${MONTH}`);
    const { body: report } = await finance.api.send<Report>('GET', '/reports/deferred-revenue?at=2026-09-30');
    const deferred = report.rows.reduce(
      (total, { values }) => total + (values.currency === 'usd' ? Number(values.deferred) : 0),
      0,
    );
    const [{ sold = 0, refunded = 0, recognised = 0 } = {}] = body.revenue;
    expect(body.revenue).toEqual([
      { currency: 'usd', deferred_before: 0, sold, refunded, recognised, deferred_after: deferred },
    ]);
    expect(sold - refunded - recognised).toBe(deferred);
  });

  it('is not exported over', async () => {
    await expect(exportDay('2026-09-02')).rejects.toThrow(/closed/);
  });

  it('names its files that were changed or deleted since, and its manifest', async () => {
    const s3 = new S3Client(platform.cloud.client);
    const Bucket = platform.output('ReportsBucket');
    const { hash } = (await finance.api.send<Month>('GET', `/reports/months/${MONTH}`)).body;
    const changed = 'csv/ledger_entries/day=2026-09-01/data.csv';
    const deleted = 'parquet/focus_costs/day=2026-09-02/data.parquet';
    const manifest = `months/${MONTH}/${hash}.json`;
    await s3.send(new PutObjectCommand({ Bucket, Key: changed, Body: 'other', ChecksumAlgorithm: 'SHA256' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: deleted }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: manifest }));
    s3.destroy();
    const { status, body } = await finance.api.send<Month>('GET', `/reports/months/${MONTH}`);
    expect({ status, body }).toMatchObject({ status: 200, body: { state: 'closed', reproduces: false } });
    expect(body.changed).toEqual([manifest, changed, deleted]);
  });

  it('no longer reproduces where a record of it was changed', async () => {
    const client = new DynamoDBClient(platform.cloud.client);
    await client.send(
      new UpdateItemCommand({
        TableName: platform.table('Core'),
        Key: marshall({ pk: `FINANCE#${MONTH}`, sk: 'DAY#2026-09-02' }),
        UpdateExpression: 'SET datasets.ledger_entries.csv.sha256 = :other',
        ExpressionAttributeValues: marshall({ ':other': '0'.repeat(64) }),
      }),
    );
    client.destroy();
    const { body } = await finance.api.send<Month>('GET', `/reports/months/${MONTH}`);
    expect(body.reproduces).toBe(false);
    expect((await compare('2026-09-02')).different).toEqual(['csv/ledger_entries/day=2026-09-02/data.csv']);
  });
});

describe('bill: an account', () => {
  it('reads its use of today by the counts of its transactions, and its ledger newest first', async () => {
    const { api, keyId } = await platform.customer({ credits: 1000 });
    const client = new VideosClient(api.url, api.key);
    const { body: video } = await client.create(TINY);
    const today = new Date().toISOString().slice(0, 10);
    const usage = await client.send<Usage>('GET', `/usage?from=${today}&to=${today}&group_by=function,key`);
    const held = { started: 1, credits_held: video.credits_held };
    expect(usage.body.data).toMatchObject([{ function: 'text_to_video', key_id: keyId, ...held }]);
    expect(usage.body.totals).toMatchObject(held);
    const first = await client.send<Ledger>('GET', '/ledger?limit=1&kind=hold');
    expect(first.body.data).toMatchObject([{ kind: 'hold', video_id: video.id, held: video.credits_held }]);
    const all = await client.send<Ledger>('GET', '/ledger?limit=1');
    const next = await client.send<Ledger>('GET', `/ledger?limit=100&after=${all.body.last_id}`);
    expect([...all.body.data, ...next.body.data].at(-1)).toMatchObject({ kind: 'grant', available: 1000 });
  });

  it.each([
    ['/usage?from=2026-09-02&to=2026-09-01', 'from'],
    ['/usage?from=2026-01-01&to=2026-04-03', 'to'],
    ['/usage?from=2026-02-30&to=2026-04-03', 'from'],
    ['/usage?from=2026-09-01&to=2026-09-01&group_by=colour', 'group_by'],
    ['/ledger?kind=theft', 'kind'],
  ])('is refused %s by %s', async (path, field) => {
    const { api } = await platform.customer();
    const { status, body } = await new VideosClient(api.url, api.key).refused('GET', path);
    expect({ status, detail: body.detail }).toMatchObject({ status: 400, detail: expect.stringContaining(field) });
  });
});

describe('bill: credits that are given', () => {
  const today = new Date().toISOString().slice(0, 10);
  const yesterday = dayPlus(today, -1);

  it('end on the day that finance says, after today, and else in a year', async () => {
    const { accountId } = await platform.customer({ credits: 10 });
    const give = (reference: string, more: object = {}) =>
      finance.api.send<{ expires_on: string }>('POST', `/operators/accounts/${accountId}/grants`, {
        credits: 5,
        reference,
        reason: 'for the outage',
        ...more,
      });
    expect((await give('G-1', { expires_on: dayPlus(today, 30) })).body.expires_on).toBe(dayPlus(today, 30));
    const first = await give('G-2');
    expect([first.body.expires_on, (await give('G-2')).body]).toEqual([dayPlus(today, 365), first.body]);
    const { status, body } = await give('G-3', { expires_on: today });
    expect({ status, body }).toMatchObject({ status: 400, body: { detail: expect.stringContaining('expires_on') } });
  });

  it('are shown apart from those that are bought, and what is left of them ends with its day, once', async () => {
    const customer = await platform.customer({ credits: 500 });
    const { accountId } = customer;
    const api = new VideosClient(customer.api.url, customer.api.key);
    const limits = async () => (await api.send<Limits>('GET', '/limits')).body.credits;
    expect(await limits()).toEqual({ available: 500, held: 0, lots: null });
    // Given yesterday until today: written into the tables, for nobody can give so little time.
    const at = Date.parse(`${yesterday}T12:00:00Z`);
    const given = grant('by_hand:seed', 40, { expiresOn: today });
    const place = { pk: accountId, sk: given.id, bookedShard: dayShard(at, accountId) };
    await write('Ledger', [{ ...given, ...place, bookedAt: new Date(at).toISOString() }]);
    const client = new DynamoDBClient(platform.cloud.client);
    await client.send(
      new UpdateItemCommand({
        TableName: platform.table('Core'),
        Key: marshall(accountKey(accountId)),
        UpdateExpression: 'ADD available :given',
        ExpressionAttributeValues: marshall({ ':given': 40 }),
      }),
    );
    client.destroy();
    await exportDay(yesterday);
    const lots = { as_of: yesterday, granted: 40, paid: 0, next_expiry: { expires_on: today, credits: 40 } };
    expect(await limits()).toEqual({ available: 540, held: 0, lots });
    await platform.operate('ExpireCreditsFunction', {});
    await platform.operate('ExpireCreditsFunction', {});
    expect((await limits()).available).toBe(500);
    const { body } = await api.send<Ledger>('GET', '/ledger?kind=expiry');
    expect(body.data).toMatchObject([{ kind: 'expiry', available: -40, corrects: given.id }]);
  });
});
