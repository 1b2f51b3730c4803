import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET, Lake, startLake } from './athena-lake.ts';

let lake: Lake;
const size: Record<string, number> = {};

const usage = (credits: readonly number[]) => [
  { name: 'account', data: credits.map((_, n) => `acct_${n}`), type: 'STRING' as const },
  { name: 'credits', data: credits.map(BigInt), type: 'INT64' as const },
];
const columns = { account: 'string', credits: 'bigint' };

beforeAll(async () => {
  lake = await new Lake(await startLake()).make();
  await lake.table('hive', { columns, partitionKeys: { day: 'string', hour: 'int' } });
  let n = 0;
  for (const day of ['2026-11-22', '2026-11-23', '2026-11-24']) {
    for (const hour of [1, 2]) {
      n += 1;
      const key = `hive/day=${day}/hour=${hour}/part.parquet`;
      size[`${day}/${hour}`] = await lake.put(key, usage(Array.from({ length: n }, () => n)));
    }
  }
});
afterAll(() => lake.cloud.stop());

describe('a table in Hive directories', () => {
  const sum = (...keys: string[]) => keys.reduce((total, key) => total + (size[key] ?? Number.NaN), 0);

  test.each([
    ["day = '2026-11-24'", ['2026-11-24/1', '2026-11-24/2'], '61'],
    ["day = '2026-11-24' AND hour = 2", ['2026-11-24/2'], '36'],
    ["day >= '2026-11-23' AND hour IN (1)", ['2026-11-23/1', '2026-11-24/1'], '34'],
    ["day BETWEEN '2026-11-22' AND '2026-11-23' AND hour <> 1", ['2026-11-22/2', '2026-11-23/2'], '20'],
    ["day LIKE '%-22' AND credits > 1", ['2026-11-22/1', '2026-11-22/2'], '4'],
    [
      "substr(day, 9) = '22' OR (day = '2026-11-23' AND hour = 1)",
      ['2026-11-22/1', '2026-11-22/2', '2026-11-23/1'],
      '14',
    ],
    ["day = '2020-01-01'", [], null],
  ])('reads for %s what can match and nothing else', async (where, keys, total) => {
    const { rows, scanned } = await lake.query(`SELECT sum(credits) AS total FROM hive WHERE ${where}`);
    expect(rows).toEqual([[total]]);
    expect(scanned).toBe(sum(...keys));
  });

  test('answers what all partitions together would, whatever the predicate', async () => {
    interface Row {
      readonly day: string;
      readonly hour: number;
      readonly credits: number;
    }
    type Predicate = { readonly sql: string; readonly holds: (row: Row) => boolean };
    const day = fc.constantFrom('2026-11-22', '2026-11-23', '2026-11-24', '2026-12-01');
    const number = fc.integer({ min: 0, max: 6 });
    const { predicate } = fc.letrec<{ predicate: Predicate; leaf: Predicate }>(tie => ({
      leaf: fc.oneof(
        day.map(value => ({ sql: `day = '${value}'`, holds: (row: Row) => row.day === value })),
        day.map(value => ({ sql: `day > '${value}'`, holds: (row: Row) => row.day > value })),
        fc.array(day, { minLength: 1, maxLength: 3 }).map(values => ({
          sql: `day IN (${values.map(value => `'${value}'`)})`,
          holds: (row: Row) => values.some(value => value === row.day),
        })),
        number.map(value => ({ sql: `hour <= ${value}`, holds: (row: Row) => row.hour <= value })),
        number.map(value => ({
          sql: `credits + hour = ${value}`,
          holds: (row: Row) => row.credits + row.hour === value,
        })),
        number.map(value => ({ sql: `credits < ${value}`, holds: (row: Row) => row.credits < value })),
      ),
      predicate: fc.oneof(
        { maxDepth: 3 },
        tie('leaf'),
        fc.tuple(tie('predicate'), tie('predicate')).map(([a, b]) => ({
          sql: `(${a.sql} AND ${b.sql})`,
          holds: (row: Row) => a.holds(row) && b.holds(row),
        })),
        fc.tuple(tie('predicate'), tie('predicate')).map(([a, b]) => ({
          sql: `(${a.sql} OR ${b.sql})`,
          holds: (row: Row) => a.holds(row) || b.holds(row),
        })),
        tie('predicate').map(({ sql, holds }) => ({ sql: `NOT ${sql}`, holds: (row: Row) => !holds(row) })),
      ),
    }));
    const all = Object.keys(size).flatMap((key, n) => {
      const [of = '', hour] = key.split('/');
      return Array.from({ length: n + 1 }, (): Row => ({ day: of, hour: Number(hour), credits: n + 1 }));
    });
    await fc.assert(
      fc.asyncProperty(predicate, async ({ sql, holds }) => {
        const found = all.filter(holds);
        const { rows, scanned = 0 } = await lake.query(`SELECT sum(credits) FROM hive WHERE ${sql}`);
        expect(rows).toEqual([[found.length === 0 ? null : `${found.reduce((total, row) => total + row.credits, 0)}`]]);
        expect(scanned).toBeGreaterThanOrEqual(sum(...new Set(found.map(row => `${row.day}/${row.hour}`))));
      }),
      { numRuns: 30 },
    );
  });

  test('is pruned through a WITH, and on each side of a join by its own predicate', async () => {
    const inner = await lake.query("WITH x AS (SELECT * FROM hive) SELECT count(*) FROM x WHERE day = '2026-11-22'");
    expect(inner).toMatchObject({ rows: [['3']], scanned: sum('2026-11-22/1', '2026-11-22/2') });
    const sql = `SELECT count(*) FROM hive a JOIN hive b ON a.account = b.account
      WHERE a.day = '2026-11-22' AND a.hour = 1 AND b.day = '2026-11-24' AND b.hour = 2`;
    expect(await lake.query(sql)).toMatchObject({ rows: [['1']], scanned: sum('2026-11-22/1', '2026-11-24/2') });
  });

  test('has its partition keys as columns of their own types', async () => {
    const { rows, types } = await lake.query(
      "SELECT DISTINCT day, hour FROM hive WHERE day < '2026-11-23' ORDER BY hour",
    );
    expect(rows).toEqual([
      ['2026-11-22', '1'],
      ['2026-11-22', '2'],
    ]);
    expect(types).toEqual(['varchar', 'integer']);
  });

  test('passes over what is in no partition, is hidden, or is empty', async () => {
    const { scanned } = await lake.query('SELECT count(*) FROM hive');
    await lake.put('hive/stray.parquet', usage([5]));
    await lake.put('hive/day=2026-11-22/hour=1/_temporary', 'no parquet');
    await lake.put('hive/day=2026-11-22/hour=1/.crc', 'no parquet');
    await lake.put('hive/day=2026-11-22/hour=1/', '');
    expect(await lake.query('SELECT count(*) FROM hive')).toMatchObject({ rows: [['21']], scanned });
  });

  test('takes a name that a directory cannot hold as Hive writes it', async () => {
    await lake.table('odd', { columns, partitionKeys: { engine: 'string' } });
    await lake.put("odd/engine=a%2Fb*c'd/one.parquet", usage([7]));
    const sql = "SELECT engine, credits FROM odd WHERE engine = 'a/b*c''d'";
    expect((await lake.query(sql)).rows).toEqual([["a/b*c'd", '7']]);
  });
});

test('the current versions count: no older one, and nothing under a delete marker', async () => {
  await lake.table('versions', { columns });
  await lake.put('versions/a.parquet', usage([1]));
  const current = await lake.put('versions/a.parquet', usage([10, 10]));
  await lake.put('versions/b.parquet', usage([100]));
  await lake.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'versions/b.parquet' }));
  const answer = await lake.query('SELECT sum(credits) FROM versions');
  expect(answer).toMatchObject({ rows: [['20']], scanned: current });
});

test('a table with no objects has no rows', async () => {
  await lake.table('empty', { columns, partitionKeys: { day: 'date' } });
  const answer = await lake.query("SELECT day, credits FROM empty WHERE day = DATE '2026-11-24'");
  expect(answer).toMatchObject({ rows: [], types: ['date', 'bigint'], scanned: 0 });
});

test('an object without a column that the table got later has nulls there, and narrower types widen', async () => {
  await lake.table('grown', { columns: { ...columns, model: 'string' } });
  await lake.put('grown/old.parquet', [{ name: 'CREDITS', data: [3], type: 'INT32' }]);
  await lake.put('grown/new.parquet', [...usage([4]), { name: 'model', data: ['v6'], type: 'STRING' }]);
  const { rows } = await lake.query('SELECT account, credits, model FROM grown ORDER BY credits');
  expect(rows).toEqual([
    [null, '3', null],
    ['acct_0', '4', 'v6'],
  ]);
});

describe('a projected table', () => {
  const byDay = {
    'projection.enabled': 'true',
    'projection.account_id.type': 'injected',
    'projection.day.type': 'date',
    'projection.day.format': 'yyyy/MM/dd',
    'projection.day.range': '2026/11/01,NOW+2DAYS',
    'storage.location.template': `s3://${BUCKET}/projected/\${account_id}/\${day}`,
  };

  test('finds partitions by its template, within its ranges, and reads those asked for', async () => {
    const projection = {
      ...byDay,
      'projection.day.format': 'yyyy-MM-dd',
      'projection.day.range': '2026-11-01,NOW+2DAYS',
    };
    await lake.table('projected', {
      columns,
      partitionKeys: { account_id: 'string', day: 'string' },
      parameters: projection,
    });
    const today = new Date(lake.cloud.clock.now()).toISOString().slice(0, 10);
    const mine = await lake.put(`projected/acct_1/${today}/a.parquet`, usage([5]));
    await lake.put(`projected/acct_1/2026-10-31/a.parquet`, usage([50]));
    await lake.put(`projected/acct_1/2099-01-01/a.parquet`, usage([50]));
    await lake.put(`projected/acct_1/2026-11-31/a.parquet`, usage([50]));
    await lake.put(`projected/acct_2/${today}/a.parquet`, usage([500]));
    const sql = "SELECT account_id, day, credits FROM projected WHERE account_id = 'acct_1'";
    expect(await lake.query(sql)).toMatchObject({ rows: [['acct_1', today, '5']], scanned: mine });
    const among = await lake.query("SELECT sum(credits) FROM projected WHERE account_id IN ('acct_1', 'acct_2')");
    expect(among.rows).toEqual([['505']]);
  });

  test.each([
    'SELECT * FROM projected',
    "SELECT * FROM projected WHERE account_id > 'a'",
    'SELECT 1 FROM projected a, projected b WHERE a.account_id = b.account_id',
  ])('with an injected column must be asked for its values: %s', async sql => {
    const { Status } = await lake.run(sql);
    expect(Status).toMatchObject({ State: 'FAILED' });
    expect(Status?.StateChangeReason).toMatch(/^CONSTRAINT_VIOLATION: .* injected .* account_id/);
  });

  test('knows enum and integer columns, in Hive directories where it has no template', async () => {
    const parameters = {
      'projection.enabled': 'true',
      'projection.plan.type': 'enum',
      'projection.plan.values': 'free,pro',
      'projection.shard.type': 'integer',
      'projection.shard.range': '0,6',
      'projection.shard.interval': '2',
      'projection.shard.digits': '2',
    };
    await lake.table('sharded', { columns, partitionKeys: { plan: 'string', shard: 'int' }, parameters });
    for (const [plan, shard, credits] of [
      ['free', '02', 1],
      ['pro', '04', 2],
      ['gold', '02', 4],
      ['pro', '03', 8],
      ['pro', '08', 16],
      ['pro', '4', 32],
    ] as const) {
      size[`${plan}${shard}`] = await lake.put(`sharded/plan=${plan}/shard=${shard}/a.parquet`, usage([credits]));
    }
    expect(await lake.query('SELECT sum(credits) FROM sharded')).toMatchObject({ rows: [['3']] });
    const one = await lake.query('SELECT sum(credits) FROM sharded WHERE shard = 4');
    expect(one).toMatchObject({ rows: [['2']], scanned: size.pro04 });
  });

  test.each([
    [{ 'projection.day.type': 'datetime' }, /projection\.day\.type.*knows.*datetime/],
    [{ 'projection.day.range': '2026-11-01,NOW' }, /projection\.day\.range: 2026-11-01 is neither NOW nor/],
    [{ 'projection.day.format': 'yyyy-DDD' }, /projection\.day\.format/],
    [{ 'projection.day.interval': '7' }, /projection\.day\.interval should be 1/],
    [{ 'projection.day.values': 'a' }, /projection\.day\.values means nothing/],
    [
      { 'storage.location.template': `s3://${BUCKET}/projected/` },
      /storage\.location\.template should have \$\{account_id\}/,
    ],
    [{ 'storage.location.template': `s3://other/\${account_id}/\${day}/` }, /leaves Location/],
    [{ 'projection.dya.type': 'date' }, /does not know projection\.dya\.type/],
  ])('with %j is refused by name', async (more, reason) => {
    const parameters = { ...byDay, ...more };
    const made = lake.table('projected', {
      columns,
      partitionKeys: { account_id: 'string', day: 'string' },
      parameters,
    });
    await expect(made).rejects.toThrow(reason);
  });
});
