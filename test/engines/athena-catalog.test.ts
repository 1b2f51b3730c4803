/** What the catalog takes from the template, and CSV tables. */
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET, Lake, startLake } from './athena-lake.ts';

let lake: Lake;

beforeAll(async () => {
  lake = await new Lake(await startLake()).make();
});
afterAll(() => lake.cloud.stop());

const csv = (parameters: Record<string, string> = {}) => ({
  InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde', Parameters: parameters },
});

describe('a table of CSV', () => {
  test('skips the header of each object, and reads quoted values, the empty text and numbers', async () => {
    await lake.table('lines', {
      columns: { id: 'string', note: 'string', credits: 'bigint' },
      partitionKeys: { day: 'string' },
      parameters: { 'skip.header.line.count': '1' },
      storage: csv({ escapeChar: '"' }),
    });
    await lake.put('lines/day=2026-11-23/a.csv', 'id,note,credits\na,"one, ""two""",5\n');
    const Body = gzipSync('"id","note","credits"\n"b","","6"\n');
    await lake.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'lines/day=2026-11-24/a.csv.gz', Body }));
    const { rows, types } = await lake.query('SELECT day, id, note, credits FROM lines ORDER BY id');
    expect(types).toEqual(['varchar', 'varchar', 'varchar', 'bigint']);
    expect(rows).toEqual([
      ['2026-11-23', 'a', 'one, "two"', '5'],
      ['2026-11-24', 'b', '', '6'],
    ]);
    const one = await lake.query("SELECT sum(credits) FROM lines WHERE day = '2026-11-24'");
    expect(one).toMatchObject({ rows: [['6']], scanned: Body.length });
  });

  test('has the separator, the quote and the escape that its SerDe says', async () => {
    const parameters = { separatorChar: ';', quoteChar: "'", escapeChar: '\\' };
    await lake.table('semicolons', { columns: { id: 'string', n: 'int' }, storage: csv(parameters) });
    await lake.put('semicolons/a.csv', "'it\\'s; so';3\nplain;\n");
    const { rows } = await lake.query('SELECT id, n FROM semicolons ORDER BY n');
    expect(rows).toEqual([
      ["it's; so", '3'],
      ['plain', null],
    ]);
  });
});

describe('is refused by name', () => {
  const columns = { id: 'string' };
  test.each([
    [
      'a column of a type that is not read',
      { columns: { id: 'array<string>' } },
      /Columns\[0\]\.Type: .*array<string>/,
    ],
    ['a column whose name is no word', { columns: { 'a"b': 'string' } }, /Columns\[0\]\.Name/],
    ['a date in CSV', { columns: { day: 'date' }, storage: csv() }, /OpenCSVSerde reads day as a number/],
    [
      'another SerDe',
      { columns, storage: { SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' } } },
      /SerializationLibrary: .*JsonSerDe/,
    ],
    [
      'a format of another SerDe',
      { columns, storage: { InputFormat: 'org.apache.hadoop.mapred.TextInputFormat' } },
      /InputFormat: should be .*Parquet/,
    ],
    ['a location outside S3', { columns, storage: { Location: '/tmp/lake' } }, /Location: should be s3:/],
    ['a property that nothing carries out', { columns, storage: { SkewedInfo: {} } }, /does not know SkewedInfo/],
    [
      'a parameter that nothing carries out',
      { columns, parameters: { table_type: 'ICEBERG' } },
      /does not know table_type/,
    ],
  ])('%s', async (_, shape, reason) => {
    await expect(lake.table('refused', shape as never)).rejects.toThrow(reason);
  });

  test('a table in a database that is not there, and a name in upper case', async () => {
    const make = (DatabaseName: string, Name: string) =>
      lake.cloud.make('AWS::Glue::Table', 'T', { CatalogId: '000000000000', DatabaseName, TableInput: { Name } });
    await expect(make('nowhere', 't')).rejects.toThrow(/DatabaseName: there is no database nowhere/);
    await expect(make('usage', 'Upper')).rejects.toThrow(/Name: should be in lower case/);
  });
});
