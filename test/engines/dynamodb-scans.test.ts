import { type QueryCommandInput, ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dynamo, startDynamo } from './dynamodb-engine.ts';
import { allPages, ITEMS, queryOf, sks, type Values, write } from './dynamodb-pages.ts';

let dynamo: Dynamo;
let TableName: string;
beforeAll(async () => {
  dynamo = await startDynamo();
  TableName = await dynamo.make('Items');
  await write(dynamo, TableName, ITEMS);
});
afterAll(() => dynamo.stop());

const query = (values: Values, more: Partial<QueryCommandInput>) => queryOf(dynamo, TableName)(values, more);
const inGroup = (group: string, more: Partial<QueryCommandInput> = {}) =>
  query(
    { ':g': group },
    { KeyConditionExpression: '#g = :g', ExpressionAttributeNames: { '#g': 'group' }, IndexName: 'byRank', ...more },
  );
const scan = (more: Partial<ScanCommandInput> = {}) => dynamo.client.send(new ScanCommand({ TableName, ...more }));

describe('an index', () => {
  const inOrder = (group: string) =>
    ITEMS.filter(item => item.group === group).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));

  test('holds the items that have its key, sorted by it, in pages that lose none of equal keys', async () => {
    for (const ScanIndexForward of [true, false]) {
      const pages = await allPages(start => inGroup('g1', { Limit: 5, ScanIndexForward, ...start }));
      const found = pages.flatMap(({ Items = [] }) => Items);
      const ranks = inOrder('g1').map(({ rank }) => rank);
      expect(found.map(({ rank }) => Number(rank?.N))).toEqual(ScanIndexForward ? ranks : ranks.toReversed());
      expect(pages.flatMap(sks).sort((a, b) => a - b)).toEqual(
        inOrder('g1')
          .map(({ sk }) => sk)
          .sort((a, b) => a - b),
      );
    }
  });

  test('goes on after a start key whose item is gone', async () => {
    const table = await dynamo.make('Going');
    await write(
      dynamo,
      table,
      [1, 2, 3].map(sk => ({ pk: 'p', sk, group: 'g', rank: 1 })),
    );
    const first = await inGroup('g', { TableName: table, Limit: 2 });
    await dynamo.document.send(
      new BatchWriteCommand({ RequestItems: { [table]: [{ DeleteRequest: { Key: { pk: 'p', sk: 2 } } }] } }),
    );
    expect(sks(await inGroup('g', { TableName: table, ExclusiveStartKey: first.LastEvaluatedKey }))).toEqual([3]);
  });

  test('answers only what it projects', async () => {
    const keysOnly = await inGroup('g1', { IndexName: 'keysOnly', Limit: 1 });
    expect(Object.keys(keysOnly.Items?.[0] ?? {}).sort()).toEqual(['group', 'pk', 'sk']);
    const included = await inGroup('g1', { IndexName: 'withColor', Limit: 1 });
    expect(Object.keys(included.Items?.[0] ?? {}).sort()).toEqual(['color', 'group', 'pk', 'sk']);
    await expect(inGroup('g1', { IndexName: 'keysOnly', ProjectionExpression: 'color' })).rejects.toThrow(
      'Global secondary index keysOnly does not project [color]',
    );
    await expect(inGroup('g1', { IndexName: 'keysOnly', Select: 'ALL_ATTRIBUTES' })).rejects.toThrow(
      'ALL_ATTRIBUTES is not supported for global secondary index keysOnly',
    );
  });

  test('refuses a consistent read, and one that is not there is refused by name', async () => {
    await expect(inGroup('g1', { ConsistentRead: true })).rejects.toThrow(
      'Consistent reads are not supported on global secondary indexes',
    );
    await expect(inGroup('g1', { IndexName: 'nowhere' })).rejects.toThrow(
      'The table does not have the specified index: nowhere',
    );
  });
});

describe('Scan', () => {
  test('answers every item once, in pages, of the table and of an index', async () => {
    for (const IndexName of [undefined, 'withColor']) {
      const pages = await allPages(start => scan({ Limit: 7, ...(IndexName && { IndexName }), ...start }));
      const expected = ITEMS.filter(({ group }) => IndexName === undefined || group !== undefined);
      expect(pages.flatMap(sks).sort((a, b) => a - b)).toEqual(expected.map(({ sk }) => sk));
    }
  });

  test('in segments answers every item in exactly one segment', async () => {
    const many = await dynamo.make('Many');
    const items = Array.from({ length: 50 }, (_, i) => ({ pk: `partition ${i}`, sk: i }));
    await write(dynamo, many, items);
    const segments = await Promise.all(
      [0, 1, 2].map(Segment =>
        allPages(start => scan({ TableName: many, Segment, TotalSegments: 3, Limit: 4, ...start })),
      ),
    );
    const found = segments.map(pages => pages.flatMap(sks));
    expect(found.flat().sort((a, b) => a - b)).toEqual(items.map(({ sk }) => sk));
    expect(found.every(segment => segment.length > 5)).toBe(true);
  });

  test('refuses a segment without the total, or beyond it', async () => {
    await expect(scan({ Segment: 0 })).rejects.toThrow('TotalSegments parameter is required');
    await expect(scan({ TotalSegments: 2 })).rejects.toThrow('Segment parameter is required');
    await expect(scan({ Segment: 2, TotalSegments: 2 })).rejects.toThrow(
      'Segment: 2 is not less than TotalSegments: 2',
    );
  });
});
