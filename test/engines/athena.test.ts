/** A process of its own: it looks at what is loaded when. */
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lake, RESULTS, startLake } from './athena-lake.ts';

let lake: Lake;

beforeAll(async () => {
  lake = await new Lake(await startLake()).make();
  await lake.table('events', { columns: { id: 'string', credits: 'bigint', at: 'timestamp' } });
  await lake.put('events/one.parquet', [
    { name: 'id', data: ['a', 'b', 'c'], type: 'STRING' },
    { name: 'credits', data: [1n, 9_007_199_254_740_993n, null], type: 'INT64' },
    { name: 'at', data: [0, 1, 2].map(n => new Date(Date.UTC(2026, 10, 24, 10, n))), type: 'TIMESTAMP' },
  ]);
});
afterAll(() => lake.cloud.stop());

test('the first query loads DuckDB, not the start', async () => {
  const loaded = () => {
    const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
    return sharedObjects.some(path => path.includes('duckdb'));
  };
  expect(loaded()).toBe(false);
  await lake.query('SELECT 1');
  expect(loaded()).toBe(true);
});

test('a query over Parquet objects answers a header, rows, types and what it read', async () => {
  const answer = await lake.query('SELECT id, credits, "at" FROM events ORDER BY id');
  expect(answer.header).toEqual(['id', 'credits', 'at']);
  expect(answer.types).toEqual(['varchar', 'bigint', 'timestamp']);
  expect(answer.rows).toEqual([
    ['a', '1', '2026-11-24 10:00:00.000'],
    ['b', '9007199254740993', '2026-11-24 10:01:00.000'],
    ['c', null, '2026-11-24 10:02:00.000'],
  ]);
  expect(answer.scanned).toBeGreaterThan(100);
});

test('the result is a CSV object at the output location, named for the query', async () => {
  const { ResultConfiguration, QueryExecutionId } = await lake.run("SELECT id, credits FROM events WHERE id = 'c'");
  expect(ResultConfiguration?.OutputLocation).toBe(`s3://${RESULTS}/q/${QueryExecutionId}.csv`);
  const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket: RESULTS, Key: `q/${QueryExecutionId}.csv` }));
  expect(await Body?.transformToString()).toBe('"id","credits"\n"c",\n');
});
