import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetWorkGroupCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Lake, RESULTS, startLake } from './athena-lake.ts';
import { until } from './states-machine.ts';

const ROWS = 2500;
/** Minutes of work, were nobody to stop it: 2500^4 sums. */
const ENDLESS = 'SELECT sum(a.n * b.n * c.n * d.n) FROM numbers a, numbers b, numbers c, numbers d';

let lake: Lake;

async function fill(given: Lake): Promise<Lake> {
  await given.make({ BytesScannedCutoffPerQuery: 10_000_000 });
  await given.table('numbers', { columns: { n: 'bigint', text: 'string' } });
  return given;
}
const numbers = () => [
  { name: 'n', data: Array.from({ length: ROWS }, (_, n) => BigInt(n)), type: 'INT64' as const },
  { name: 'text', data: Array.from({ length: ROWS }, (_, n) => `"${n}"\n`), type: 'STRING' as const },
];

beforeEach(async () => {
  lake = await fill(new Lake(await startLake()));
  await lake.put('numbers/a.parquet', numbers());
});
afterEach(() => lake.cloud.stop());

const stateOf = async (QueryExecutionId: string) =>
  (await lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))).QueryExecution?.Status?.State;
const inState = (id: string, state: string) => until(async () => ((await stateOf(id)) === state ? true : undefined));
const stop = (QueryExecutionId: string) => lake.athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));

describe('results', () => {
  test('come in pages, the header once, each row once', async () => {
    const QueryExecutionId = await lake.start('SELECT n, text FROM numbers ORDER BY n');
    await lake.ended(QueryExecutionId);
    const pages: number[] = [];
    const found: (string | undefined)[][] = [];
    let NextToken: string | undefined;
    do {
      const page = await lake.athena.send(
        new GetQueryResultsCommand({ QueryExecutionId, ...(NextToken && { NextToken }) }),
      );
      const rows = page.ResultSet?.Rows ?? [];
      pages.push(rows.length);
      found.push(...rows.map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue)));
      ({ NextToken } = page);
    } while (NextToken);
    expect(pages).toEqual([1000, 1000, 501]);
    expect(found[0]).toEqual(['n', 'text']);
    expect(found.slice(1)).toEqual(Array.from({ length: ROWS }, (_, n) => [`${n}`, `"${n}"\n`]));
  });

  test('are refused while the query runs, after a failure, with a strange token and once the object is gone', async () => {
    const results = (QueryExecutionId: string, more: object = {}) =>
      lake.athena.send(new GetQueryResultsCommand({ QueryExecutionId, ...more }));
    const running = await lake.start(ENDLESS);
    await expect(results(running)).rejects.toThrow(/not yet finished. Current state: (QUEUED|RUNNING)/);
    await stop(running);
    await expect(results(running)).rejects.toThrow(/did not finish successfully. Final query state: CANCELLED/);
    const done = await lake.start('SELECT 1');
    await lake.ended(done);
    await expect(results(done, { NextToken: 'x' })).rejects.toThrow(/NextToken is not one of this query/);
    await expect(results(done, { MaxResults: 1001 })).rejects.toThrow(/MaxResults should be between 1 and 1000/);
    await expect(results('none')).rejects.toThrow(/QueryExecution none was not found/);
    await lake.s3.send(new DeleteObjectCommand({ Bucket: RESULTS, Key: `q/${done}.csv` }));
    await expect(results(done)).rejects.toThrow(/Could not find results/);
  });
});

describe('a query', () => {
  test('is started once for one ClientRequestToken, and refused with other parameters', async () => {
    const ClientRequestToken = 'a'.repeat(32);
    const first = await lake.start('SELECT 1', { ClientRequestToken });
    expect(await lake.start('SELECT 1', { ClientRequestToken })).toBe(first);
    await lake.ended(first);
    expect(await lake.start('SELECT 1', { ClientRequestToken })).toBe(first);
    await expect(lake.start('SELECT 2', { ClientRequestToken })).rejects.toThrow(/Idempotent parameters do not match/);
  });

  test('waits while two others run, and is cancelled in either state', async () => {
    const [one, two, three, four] = await Promise.all([1, 2, 3, 4].map(() => lake.start(ENDLESS)));
    await inState(String(one), 'RUNNING');
    await inState(String(two), 'RUNNING');
    expect(await stateOf(String(three))).toBe('QUEUED');
    await stop(String(three));
    expect(await lake.ended(String(three))).toMatchObject({ Status: { State: 'CANCELLED' } });
    await stop(String(one));
    expect(await lake.ended(String(one))).toMatchObject({
      Status: { State: 'CANCELLED', StateChangeReason: 'Query cancelled by user' },
    });
    await inState(String(four), 'RUNNING');
    await Promise.all([stop(String(two)), stop(String(four))]);
    // One that has ended stays what it is.
    const done = await lake.run('SELECT 1');
    await stop(String(done.QueryExecutionId));
    expect(await stateOf(String(done.QueryExecutionId))).toBe('SUCCEEDED');
  });

  test('says what it was and how long it took', async () => {
    const query = await lake.run('SELECT n FROM numbers WHERE n = ?', { ExecutionParameters: ['1'] });
    expect(query).toMatchObject({
      Query: 'SELECT n FROM numbers WHERE n = ?',
      StatementType: 'DML',
      ExecutionParameters: ['1'],
      WorkGroup: 'lake',
      QueryExecutionContext: { Catalog: 'awsdatacatalog', Database: 'usage' },
      Status: { State: 'SUCCEEDED', SubmissionDateTime: expect.any(Date), CompletionDateTime: expect.any(Date) },
      Statistics: { EngineExecutionTimeInMillis: expect.any(Number), QueryQueueTimeInMillis: expect.any(Number) },
    });
  });

  test('that a restart cut short has failed, and one that waited runs', async () => {
    const running = [await lake.start(ENDLESS), await lake.start(ENDLESS)];
    for (const id of running) await inState(id, 'RUNNING');
    const waiting = await lake.start('SELECT 40 + 2');
    const folder = join(lake.cloud.context.dataDir, 'athena');
    mkdirSync(join(folder, 'left', 'behind'), { recursive: true });
    lake = new Lake(await lake.cloud.restart());
    for (const id of running) {
      expect(await lake.ended(id)).toMatchObject({
        Status: { State: 'FAILED', StateChangeReason: expect.stringMatching(/stopped while this query ran/) },
      });
    }
    expect(await lake.ended(waiting)).toMatchObject({ Status: { State: 'SUCCEEDED' } });
    await until(async () => (readdirSync(folder).length === 0 ? true : undefined));
  });

  test('that takes too long has failed', async () => {
    await lake.cloud.stop();
    lake = await fill(new Lake(await startLake({ timeoutMs: 300 })));
    await lake.put('numbers/a.parquet', numbers());
    const { Status } = await lake.run(ENDLESS);
    expect(Status).toMatchObject({ State: 'FAILED', StateChangeReason: 'Query timeout' });
  });

  test('that would read more than its workgroup allows is cancelled', async () => {
    // It is refused before it is read, so it need not be Parquet.
    await lake.put('numbers/b.parquet', 'x'.repeat(10_000_000));
    const { Statistics, Status } = await lake.run('SELECT count(*) FROM numbers');
    expect(Statistics?.DataScannedInBytes).toBeGreaterThan(10_000_000);
    expect(Status).toMatchObject({ State: 'CANCELLED', StateChangeReason: 'Bytes scanned limit was exceeded' });
  });
});

describe('a workgroup', () => {
  const make = (configuration: object, more: object = {}) =>
    lake.cloud.make('AWS::Athena::WorkGroup', 'Own', { Name: 'own', WorkGroupConfiguration: configuration, ...more });
  const outputOf = async (OutputLocation: string) => {
    const query = await lake.run('SELECT 1', { WorkGroup: 'own', ResultConfiguration: { OutputLocation } });
    return query.ResultConfiguration?.OutputLocation;
  };

  test('that enforces its configuration decides where results go; another lets the query', async () => {
    const ResultConfiguration = { OutputLocation: `s3://${RESULTS}/own` };
    await make({ ResultConfiguration });
    expect(await outputOf(`s3://${RESULTS}/elsewhere/`)).toMatch(/^s3:\/\/results\/own\/[\w-]+\.csv$/);
    await make({ ResultConfiguration, EnforceWorkGroupConfiguration: false });
    expect(await outputOf(`s3://${RESULTS}/elsewhere/`)).toMatch(/^s3:\/\/results\/elsewhere\/[\w-]+\.csv$/);
    await make({ EnforceWorkGroupConfiguration: false });
    await expect(lake.start('SELECT 1', { WorkGroup: 'own' })).rejects.toThrow(/No output location provided/);
    await expect(outputOf('s3://nowhere/')).rejects.toThrow(/Unable to verify\/create output bucket nowhere/);
  });

  test('is described; one that is disabled or not there takes no query', async () => {
    const { WorkGroup } = await lake.athena.send(new GetWorkGroupCommand({ WorkGroup: 'lake' }));
    expect(WorkGroup).toMatchObject({
      Name: 'lake',
      State: 'ENABLED',
      Configuration: {
        ResultConfiguration: { OutputLocation: `s3://${RESULTS}/q/` },
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 10_000_000,
      },
    });
    await make({}, { State: 'DISABLED' });
    await expect(lake.start('SELECT 1', { WorkGroup: 'own' })).rejects.toThrow(/WorkGroup own is disabled/);
    await expect(lake.start('SELECT 1', { WorkGroup: 'none' })).rejects.toThrow(/WorkGroup none is not found/);
  });

  test.each([
    [{ RequesterPaysEnabled: true }, /does not know RequesterPaysEnabled/],
    [{ BytesScannedCutoffPerQuery: 1 }, /BytesScannedCutoffPerQuery: should be 10000000 or more/],
    [{ EngineVersion: { SelectedEngineVersion: 'PySpark engine version 3' } }, /SelectedEngineVersion/],
  ])('with %j is refused by name', async (configuration, reason) => {
    await expect(make(configuration)).rejects.toThrow(reason);
  });
});
