/** What Athena here reads of SQL, and what it refuses: athena.ts says where Trino and DuckDB agree. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lake, startLake } from './athena-lake.ts';

let lake: Lake;

beforeAll(async () => {
  lake = await new Lake(await startLake()).make();
  await lake.table('jobs', {
    columns: { id: 'string', credits: 'bigint', cost: 'double', price: 'decimal(10,2)', day: 'date' },
  });
  await lake.put('jobs/a.parquet', [
    { name: 'id', data: ['a', 'b', 'c', 'd'], type: 'STRING' },
    { name: 'credits', data: [4_611_686_018_427_387_904n, 4_611_686_018_427_387_903n, 7n, null], type: 'INT64' },
    { name: 'cost', data: [0.1, 12_345_678.5, 2, 0.0001], type: 'DOUBLE' },
    { name: 'price', data: [1.5, 2.25, 0, null], type: 'DOUBLE' },
    { name: 'day', data: ['2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25'], type: 'STRING' },
  ]);
});
afterAll(() => lake.cloud.stop());

describe('a result writes', () => {
  test.each([
    ["SELECT sum(credits) FROM jobs WHERE id IN ('a', 'b')", 'bigint', '9223372036854775807'],
    ["SELECT sum(credits) + 1 FROM jobs WHERE id = 'c'", 'bigint', '8'],
    ["SELECT sum(credits) / 2 FROM jobs WHERE id = 'c'", 'bigint', '3'],
    ['SELECT count(*) FROM jobs', 'bigint', '4'],
    ['SELECT count(DISTINCT day) FROM jobs', 'bigint', '4'],
    ["SELECT cost FROM jobs WHERE id = 'a'", 'double', '0.1'],
    ["SELECT cost FROM jobs WHERE id = 'b'", 'double', '1.23456785E7'],
    ["SELECT cost FROM jobs WHERE id = 'c'", 'double', '2.0'],
    ["SELECT cost FROM jobs WHERE id = 'd'", 'double', '1.0E-4'],
    ["SELECT price FROM jobs WHERE id = 'b'", 'decimal', '2.25'],
    ['SELECT sum(price) FROM jobs', 'decimal', '3.75'],
    ['SELECT max(day) FROM jobs', 'date', '2026-11-25'],
    ["SELECT credits > 5 FROM jobs WHERE id = 'c'", 'boolean', 'true'],
    ["SELECT cast(credits AS varchar) || 'x' FROM jobs WHERE id = 'c'", 'varchar', '7x'],
    ["SELECT date_trunc('month', max(day)) FROM jobs", 'date', '2026-11-01'],
    ["SELECT date_trunc('week', DATE '2026-11-25')", 'date', '2026-11-23'],
    ["SELECT date_trunc('hour', TIMESTAMP '1969-11-25 10:11:12.345')", 'timestamp', '1969-11-25 10:00:00.000'],
    ['SELECT extract(year FROM max(day)) FROM jobs', 'bigint', '2026'],
    ["SELECT coalesce(nullif(credits, 7), 1) FROM jobs WHERE id = 'c'", 'bigint', '1'],
    ["SELECT CASE WHEN credits IS NULL THEN 'none' ELSE 'some' END FROM jobs WHERE id = 'd'", 'varchar', 'none'],
    ['SELECT n FROM (VALUES (1, 2), (3, 4)) AS t (n, m) WHERE m = 4', 'integer', '3'],
    ['SELECT id FROM jobs ORDER BY credits DESC OFFSET 3 LIMIT 1', 'varchar', 'd'],
    ['SELECT lag(id) OVER (ORDER BY day) FROM jobs ORDER BY day OFFSET 1 LIMIT 1', 'varchar', 'a'],
    ["SELECT id FROM jobs EXCEPT SELECT id FROM jobs WHERE id <> 'c'", 'varchar', 'c'],
    [
      'SELECT count(*) FROM usage.jobs a LEFT JOIN "AwsDataCatalog"."usage"."jobs" b ON a.id = b.id AND b.id = \'a\'',
      'bigint',
      '4',
    ],
    ["SELECT substr(id, 1) AS id FROM jobs WHERE id = 'a' GROUP BY id ORDER BY id", 'varchar', 'a'],
    [
      'SELECT max(day) AS last FROM jobs WHERE id IN (SELECT id FROM jobs WHERE credits > 5) ORDER BY last',
      'date',
      '2026-11-24',
    ],
    ["SELECT ' ; -- ? :: limit 1 offset 2'", 'varchar', ' ; -- ? :: limit 1 offset 2'],
    ['/* a ; ? */ (SELECT 1) -- the end ?', 'integer', '1'],
  ])('%s', async (sql, type, value) => {
    const { types, rows } = await lake.query(sql);
    expect({ type: types[0], rows }).toEqual({ type, rows: [[value]] });
  });

  test('quotes, lines, commas and the empty text as they are, and null as no value', async () => {
    const { rows } = await lake.query(`SELECT 'a "b"', 'c
,d', '', CAST(NULL AS varchar), 'ü'`);
    expect(rows).toEqual([['a "b"', 'c\n,d', '', null, 'ü']]);
    expect((await lake.query("SELECT credits FROM jobs WHERE id = 'd'")).rows).toEqual([[null]]);
  });
});

test('placeholders take SQL literals in their order', async () => {
  const ExecutionParameters = ["'it''s; ?'", '-2.5', "DATE '2026-11-24'", 'NULL'];
  const { rows } = await lake.query("SELECT ?, ? + 1, ?, '?', ? IS NULL", { ExecutionParameters });
  expect(rows).toEqual([["it's; ?", '-1.5', '2026-11-24', '?', 'true']]);
  for (const [parameters, reason] of [
    [["'a' OR 1 = 1"], /ExecutionParameters\[0\] should be an SQL literal/],
    [['a'], /ExecutionParameters\[0\]/],
    [['1', '2'], /expected 1 but found 2/],
    [undefined, /expected 1 but found 0/],
  ] as const) {
    const more = parameters ? { ExecutionParameters: [...parameters] } : {};
    await expect(lake.start('SELECT ?', more)).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringMatching(reason),
    });
  }
});

describe('is refused when it is submitted', () => {
  test.each([
    ["COPY (SELECT 1) TO '/tmp/x'", /not COPY/],
    ["ATTACH '/tmp/x.db'", /not ATTACH/],
    ['INSTALL httpfs', /not INSTALL/],
    ['SET memory_limit = 1', /not SET/],
    ['PRAGMA version', /not PRAGMA/],
    ['INSERT INTO jobs SELECT 1', /not INSERT/],
    ['CREATE TABLE x AS SELECT 1', /not CREATE/],
    ['DROP TABLE jobs', /not DROP/],
    ['FROM jobs', /not FROM/],
    ['EXPLAIN SELECT 1', /not EXPLAIN/],
    ["SELECT 1; COPY (SELECT 1) TO '/tmp/x'", /Only one sql statement/],
    ['SELECT 1::bigint', /the operator ::/],
    ['SELECT $$a$$', /the sign \$/],
    ["SELECT E'\\'' || ?", /begins with a letter/],
    ['SELECT id FROM jobs LIMIT 1 OFFSET 2', /LIMIT before OFFSET/],
  ])('%s', async (sql, reason) => {
    await expect(lake.start(sql)).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringMatching(reason),
    });
  });
});

describe('fails by name', () => {
  test.each([
    ["SELECT * FROM read_csv('/etc/passwd')", /does not know table function/],
    ["SELECT * FROM '/etc/passwd'", /TABLE_NOT_FOUND.*usage\.\/etc\/passwd/],
    ["SELECT * FROM read_parquet('**')", /table function/],
    ["SELECT content FROM read_text('/etc/passwd')", /table function/],
    ['SELECT * FROM duckdb_settings()', /table function/],
    ['SELECT * FROM information_schema.tables', /SCHEMA_NOT_FOUND.*information_schema/],
    ["WITH x AS (INSERT INTO jobs VALUES ('a') RETURNING id) SELECT * FROM x", /SYNTAX_ERROR|NOT_SUPPORTED/],
    ["SELECT current_setting('memory_limit')", /the function current_setting/],
    ['SELECT approx_distinct(id) FROM jobs', /the function approx_distinct; it knows .*count, /],
    ['SELECT approx_percentile(cost, 0.5) FROM jobs', /approx_percentile/],
    ["SELECT id FROM jobs WHERE id ILIKE 'a'", /the function ~~\*/],
    ['SELECT current_date', /current_date/],
    ["SELECT day + INTERVAL '1' DAY FROM jobs", /INTERVAL|to_days/],
    ['SELECT [1, 2]', /list_value|expression/],
    ['SELECT id, row_number() OVER (ORDER BY id) AS n FROM jobs QUALIFY n = 1', /QUALIFY/],
    ['SELECT * EXCLUDE (id) FROM jobs', /EXCLUDE/],
    ['SELECT id, count(*) FROM jobs GROUP BY ALL', /GROUP BY ALL/],
    ['SELECT DISTINCT ON (id) id FROM jobs', /DISTINCT ON/],
    ['SELECT 1 UNION ALL BY NAME SELECT 2', /UNION BY NAME/],
    ['WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM x) SELECT * FROM x', /recursive cte/],
    ['SELECT cast(id AS uuid) FROM jobs', /the type UUID/],
    ["SELECT date_trunc('month', day) AS month, count(*) FROM jobs GROUP BY month", /COLUMN_NOT_FOUND: Column 'month'/],
    ['SELECT credits + 1 AS more FROM jobs WHERE more > 1', /COLUMN_NOT_FOUND: Column 'more'/],
    ['SELECT credits AS more, more + 1 FROM jobs', /COLUMN_NOT_FOUND: Column 'more'/],
    ['SELECT * FROM nothing', /TABLE_NOT_FOUND: Table 'awsdatacatalog\.usage\.nothing' does not exist/],
    ['SELECT * FROM elsewhere.jobs', /SCHEMA_NOT_FOUND: Schema 'elsewhere'/],
    ['SELECT nothing FROM jobs', /SYNTAX_ERROR: .*nothing/],
    ['SELECT FROM WHERE', /SYNTAX_ERROR/],
    ['SELECT sum(credits) FROM jobs', /NUMERIC_VALUE_OUT_OF_RANGE/],
    ["SELECT cast('x' AS bigint)", /INVALID_CAST_ARGUMENT/],
  ])('%s', async (sql, reason) => {
    const { Status } = await lake.run(sql);
    expect(Status).toMatchObject({ State: 'FAILED', AthenaError: { ErrorCategory: 2, Retryable: false } });
    expect(Status?.StateChangeReason).toMatch(reason);
  });
});

test('an object that is not what its table says fails the query, without a path of this machine', async () => {
  await lake.table('broken', { columns: { id: 'string' } });
  await lake.put('broken/a.parquet', 'this is no parquet file at all, is it');
  const { Status } = await lake.run('SELECT id FROM broken');
  expect(Status?.StateChangeReason).toMatch(/^HIVE_BAD_DATA/);
  expect(Status?.StateChangeReason).not.toContain(lake.cloud.context.dataDir);
});

test('DuckDB itself reaches nothing but its folder, whatever it is asked', async () => {
  const { openDuckDb } = await import('../../lib/local/athena/duckdb.ts');
  const folder = mkdtempSync(join(tmpdir(), 'duck-'));
  const duck = await openDuckDb(folder, 'usage');
  const target = join(tmpdir(), 'duck-escape.csv');
  for (const sql of [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/hostname')",
    `COPY (SELECT 1) TO '${target}'`,
    `COPY (SELECT 1) TO '${folder}/../duck-escape.csv'`,
    `ATTACH '${target}.db'`,
    'INSTALL httpfs',
    'LOAD httpfs',
    'SET enable_external_access = true',
    "SET allowed_directories = ['/']",
    "SET memory_limit = '100GB'",
    'RESET memory_limit',
    "SELECT * FROM glob('/etc/*')",
  ]) {
    await expect(duck.run(sql), sql).rejects.toThrow(/disabled|locked|Permission|not found|cannot/i);
  }
  const limits = "SELECT current_setting('memory_limit'), current_setting('threads')::VARCHAR";
  expect(await duck.rows(limits)).toEqual([['366.2 MiB', '2']]);
  duck.close();
  expect(existsSync(target)).toBe(false);
});
