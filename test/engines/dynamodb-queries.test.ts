import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dynamo, startDynamo, wire } from './dynamodb-engine.ts';
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
const own = (pk: string) => ITEMS.filter(item => item.pk === pk).map(({ sk }) => sk);

describe('Query', () => {
  test.each<[string, Record<string, unknown>, (sk: number) => boolean]>([
    ['', {}, () => true],
    [' AND sk = :a', { ':a': 9 }, sk => sk === 9],
    [' AND sk < :a', { ':a': 9 }, sk => sk < 9],
    [' AND sk <= :a', { ':a': 9 }, sk => sk <= 9],
    [' AND sk > :a', { ':a': 9 }, sk => sk > 9],
    [' AND sk >= :a', { ':a': 9 }, sk => sk >= 9],
    [' AND sk BETWEEN :a AND :b', { ':a': 9, ':b': 30 }, sk => sk >= 9 && sk <= 30],
  ])('of one partition%s answers its items in both orders', async (condition, values, within) => {
    const read = (ScanIndexForward: boolean) =>
      query({ ':p': 'p0', ...values }, { KeyConditionExpression: `pk = :p${condition}`, ScanIndexForward });
    const expected = own('p0').filter(within);
    expect(sks(await read(true))).toEqual(expected);
    expect(sks(await read(false))).toEqual(expected.toReversed());
  });

  test('takes its conditions in either order, and the parentheses that the SDKs write', async () => {
    const found = await query({ ':p': 'p0', ':a': 9 }, { KeyConditionExpression: '(sk < :a) AND (pk = :p)' });
    expect(sks(found)).toEqual([0, 3, 6]);
  });

  test('in pages answers each item once, forward and backward', async () => {
    for (const ScanIndexForward of [true, false]) {
      const pages = await allPages(start =>
        query({ ':p': 'p0' }, { KeyConditionExpression: 'pk = :p', Limit: 7, ScanIndexForward, ...start }),
      );
      expect(pages.map(({ Count }) => Count)).toEqual([7, 7, 6]);
      expect(pages.flatMap(sks)).toEqual(ScanIndexForward ? own('p0') : own('p0').toReversed());
    }
  });

  test('filters after the limit, and counts what it scanned', async () => {
    const found = await query(
      { ':p': 'p0', ':red': 'red' },
      { KeyConditionExpression: 'pk = :p', FilterExpression: 'color = :red', Limit: 5 },
    );
    expect([found.Count, found.ScannedCount]).toEqual([3, 5]);
    expect(sks(found)).toEqual([0, 6, 12]);
    expect(found.LastEvaluatedKey).toEqual({ pk: { S: 'p0' }, sk: { N: '12' } });
  });

  test('with Select COUNT answers no items', async () => {
    const found = await query({ ':p': 'p0' }, { KeyConditionExpression: 'pk = :p', Select: 'COUNT' });
    expect([found.Count, found.Items]).toEqual([20, undefined]);
  });

  test('ends a page at 1 MB', async () => {
    const big = await dynamo.make('Big');
    const items = Array.from({ length: 12 }, (_, sk) => ({ pk: 'big', sk, load: 'x'.repeat(200_000) }));
    await write(dynamo, big, items);
    const pages = await allPages(start =>
      query({ ':p': 'big' }, { TableName: big, KeyConditionExpression: 'pk = :p', ...start }),
    );
    expect(pages.map(({ Count }) => Count)).toEqual([5, 5, 2]);
    expect(pages.flatMap(sks)).toEqual(items.map(({ sk }) => sk));
  });

  test('finds strings and binary by their bytes, and by how they begin', async () => {
    const keys = ['', 'a', 'a\0', 'a\0b', 'ab', 'b', 'é', '\uffff', '😀'].slice(1);
    const texts = await dynamo.make('Texts', textTable('S'));
    await write(
      dynamo,
      texts,
      keys.toReversed().map(k => ({ pk: 'p', k })),
    );
    const read = async (condition: string, values: Record<string, unknown>) => {
      const found = await query(
        { ':p': 'p', ...values },
        { TableName: texts, KeyConditionExpression: `pk = :p${condition}` },
      );
      return found.Items?.map(({ k }) => k?.S);
    };
    expect(await read('', {})).toEqual(keys);
    expect(await read(' AND begins_with(k, :a)', { ':a': 'a' })).toEqual(['a', 'a\0', 'a\0b', 'ab']);
    expect(await read(' AND begins_with(k, :a)', { ':a': 'a\0' })).toEqual(['a\0', 'a\0b']);
    expect(await read(' AND k = :a', { ':a': 'a' })).toEqual(['a']);
    expect(await read(' AND k > :a', { ':a': 'a\0' })).toEqual(keys.slice(2));
    const blobs = await dynamo.make('Blobs', textTable('B'));
    await write(
      dynamo,
      blobs,
      [[255, 255], [255], [0], [0, 0], [1]].map(bytes => ({ pk: 'p', k: Uint8Array.from(bytes) })),
    );
    const beginning = async (byte: number) => {
      const found = await query(
        { ':p': 'p', ':b': Uint8Array.of(byte) },
        { TableName: blobs, KeyConditionExpression: 'pk = :p AND begins_with(k, :b)' },
      );
      return found.Items?.map(({ k }) => [...(k?.B ?? [])]);
    };
    expect(await beginning(255)).toEqual([[255], [255, 255]]);
    expect(await beginning(0)).toEqual([[0], [0, 0]]);
  });

  test.each<[string, string]>([
    ['sk = :a', 'Query condition missed key schema element: pk'],
    ['pk = :p AND color = :a', 'Query condition missed key schema element: sk'],
    ['pk > :p', 'Query key condition not supported'],
    ['pk = :p AND sk <> :a', 'Query key condition not supported'],
    ['pk = :p OR sk = :a', 'Invalid operator used in KeyConditionExpression: OR'],
    ['pk = :p AND NOT sk = :a', 'Invalid operator used in KeyConditionExpression: NOT'],
    ['pk = :p AND sk IN (:a)', 'Invalid operator used in KeyConditionExpression: IN'],
    ['pk = :p AND attribute_exists(sk)', 'Invalid operator used in KeyConditionExpression: attribute_exists'],
    ['pk = :p AND sk > :a AND sk < :a', 'must only contain one condition per key'],
    ['pk = :a', 'Condition parameter type does not match schema type'],
    ['pk = :p AND begins_with(sk, :p)', 'Condition parameter type does not match schema type'],
    ['pk.x = :p', 'cannot have conditions on nested attributes'],
    ['pk = sk', 'A key is compared with a value'],
  ])('by %s is refused', async (KeyConditionExpression, message) => {
    const used = Object.entries({ ':p': 'p0', ':a': 1 }).filter(([name]) => KeyConditionExpression.includes(name));
    const values = used.length > 0 ? { ExpressionAttributeValues: wire(Object.fromEntries(used)) } : {};
    const sent = dynamo.client.send(new QueryCommand({ TableName, KeyConditionExpression, ...values }));
    await expect(sent).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(sent).rejects.toThrow(message);
  });

  test('refuses a filter on its own key, and a start from another partition', async () => {
    const onKey = query({ ':p': 'p0', ':a': 1 }, { KeyConditionExpression: 'pk = :p', FilterExpression: 'sk > :a' });
    await expect(onKey).rejects.toThrow('Primary key attribute: sk');
    const elsewhere = (key: Record<string, unknown>) =>
      query({ ':p': 'p0' }, { KeyConditionExpression: 'pk = :p', ExclusiveStartKey: wire(key) });
    await expect(elsewhere({ pk: 'p1', sk: 1 })).rejects.toThrow('outside query boundaries');
    await expect(elsewhere({ pk: 'p0' })).rejects.toThrow('The provided starting key is invalid');
    await expect(query({ ':p': 'p0' }, { KeyConditionExpression: 'pk = :p', Limit: 0 })).rejects.toThrow("at 'limit'");
  });
});

function textTable(kind: 'S' | 'B'): Record<string, unknown> {
  return {
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'k', AttributeType: kind },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'k', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [],
  };
}
