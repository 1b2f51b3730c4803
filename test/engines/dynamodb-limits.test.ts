/** Where DynamoDB's own bounds lie, from both sides, and what it takes although few write it so. */
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, type Dynamo, startDynamo } from './dynamodb-engine.ts';

let dynamo: Dynamo;
let TableName: string;
beforeAll(async () => {
  dynamo = await startDynamo();
  TableName = await dynamo.make('Items');
  await dynamo.document.send(new PutCommand({ TableName, Item: { ...HERE, n: 5, s: 'abc', doc: {} } }));
});
afterAll(() => dynamo.stop());

const HERE = { pk: 'here', sk: 1 };
const ABSENT = { pk: 'absent', sk: 1 };
const send = dynamoSend();

function dynamoSend() {
  return {
    update: (Key: Record<string, unknown>, UpdateExpression: string, more: Record<string, unknown> = {}) =>
      dynamo.document.send(new UpdateCommand({ TableName, Key, UpdateExpression, ReturnValues: 'ALL_NEW', ...more })),
    stored: async (Key: Record<string, unknown>) =>
      (await dynamo.document.send(new GetCommand({ TableName, Key }))).Item,
    filter: (FilterExpression: string, ExpressionAttributeValues: Record<string, unknown>) =>
      dynamo.document.send(new ScanCommand({ TableName, FilterExpression, ExpressionAttributeValues })),
    put: (Item: Record<string, unknown>) => dynamo.document.send(new PutCommand({ TableName, Item })),
  };
}

/** `depth` maps around a scalar. */
function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce<unknown>(inner => ({ m: inner }), 'leaf');
}

describe('an update that stores nothing', () => {
  test.each([
    ['REMOVE a, b', {}],
    ['DELETE tags :t', { ExpressionAttributeValues: { ':t': new Set(['x']) } }],
    ['REMOVE a DELETE tags :t', { ExpressionAttributeValues: { ':t': new Set(['x']) } }],
  ])('%s leaves an absent item absent', async (expression, values) => {
    expect((await send.update(ABSENT, expression, values)).Attributes).toBeUndefined();
    expect(await send.stored(ABSENT)).toBeUndefined();
  });

  test('is no write in a transaction either', async () => {
    const Update = { TableName, Key: ABSENT, UpdateExpression: 'REMOVE a' };
    await dynamo.document.send(new TransactWriteCommand({ TransactItems: [{ Update }] }));
    expect(await send.stored(ABSENT)).toBeUndefined();
  });

  test('makes an item all the same where something is set besides, or nothing is said', async () => {
    const Key = { pk: 'made', sk: 1 };
    const made = await send.update(Key, 'REMOVE a SET b = :b', { ExpressionAttributeValues: { ':b': 1 } });
    expect(made.Attributes).toEqual({ ...Key, b: 1 });
    const bare = { pk: 'bare', sk: 1 };
    await dynamo.document.send(new UpdateCommand({ TableName, Key: bare }));
    expect(await send.stored(bare)).toEqual(bare);
  });
});

describe('an expression', () => {
  test('of thousands of parentheses is refused, closed or not', async () => {
    const refusal = { name: 'ValidationException', message: expect.stringContaining('redundant parentheses') };
    await expect(send.filter('('.repeat(4096), { ':n': 5 })).rejects.toMatchObject(refusal);
    const closed = `${'('.repeat(2000)}n = :n${')'.repeat(2000)}`;
    await expect(send.filter(closed, { ':n': 5 })).rejects.toMatchObject(refusal);
  });

  test('has 300 operators at most, whichever they are', async () => {
    const ands = (terms: number) => Array.from({ length: terms }, () => 'n = :n').join(' AND ');
    expect((await send.filter(ands(150), { ':n': 5 })).Count).toBe(1);
    const refusal = { name: 'ValidationException', message: expect.stringContaining('too many operators') };
    await expect(send.filter(ands(151), { ':n': 5 })).rejects.toMatchObject(refusal);
    await expect(send.filter(`${'NOT '.repeat(300)}n = :n`, { ':n': 5 })).rejects.toMatchObject(refusal);
    const sums = Array.from({ length: 301 }, (_, i) => `a${i}=:n+:n`).join(',');
    const values = { ExpressionAttributeValues: { ':n': 1 } };
    await expect(send.update(HERE, `SET ${sums}`, values)).rejects.toMatchObject(refusal);
    const defaults = `SET a = ${'if_not_exists(z,'.repeat(230)}:n${')'.repeat(230)}`;
    expect((await send.update(HERE, defaults, values)).Attributes?.a).toBe(1);
  });

  test('reaches 32 levels deep and no deeper', async () => {
    const path = (levels: number) => ['n', ...Array.from({ length: levels - 1 }, () => 'm')].join('.');
    const projected = (ProjectionExpression: string) =>
      dynamo.document.send(new GetCommand({ TableName, Key: HERE, ProjectionExpression }));
    await projected(path(32));
    await expect(projected(path(33))).rejects.toThrow(
      'Invalid ProjectionExpression: The document path has too many nesting levels; nesting levels: 33',
    );
  });

  test('compares a key from either side', async () => {
    const keys = async (KeyConditionExpression: string, values: Record<string, unknown>) => {
      const ExpressionAttributeValues = { ':p': 'series', ...values };
      const query = new QueryCommand({ TableName, KeyConditionExpression, ExpressionAttributeValues });
      return (await dynamo.document.send(query)).Items?.map(({ sk }) => sk);
    };
    for (const sk of [1, 2, 3]) await send.put({ pk: 'series', sk });
    expect(await keys(':p = pk', {})).toEqual([1, 2, 3]);
    expect(await keys(':p = pk AND :two < sk', { ':two': 2 })).toEqual([3]);
    expect(await keys(':two >= sk AND :p = pk', { ':two': 2 })).toEqual([1, 2]);
  });

  test('measures a value as it measures an attribute', async () => {
    expect((await send.filter('size(s) = size(:v)', { ':v': 'xyz' })).Count).toBe(1);
    await expect(send.filter('size(:v) > :v', { ':v': 1 })).rejects.toThrow(
      'operator or function: size, operand type: N',
    );
  });
});

describe('an item', () => {
  test('nests 31 maps in an attribute, and not 32, however they come there', async () => {
    const refusal = { name: 'ValidationException', message: expect.stringContaining('Nesting Levels have exceeded') };
    await send.put({ pk: 'deep', sk: 1, data: nested(31) });
    await expect(send.put({ pk: 'deep', sk: 2, data: nested(32) })).rejects.toMatchObject(refusal);
    const values = (depth: number) => ({ ExpressionAttributeValues: { ':v': nested(depth) } });
    await send.update(HERE, 'SET doc.deeper = :v', values(30));
    await expect(send.update(HERE, 'SET doc.deeper = :v', values(31))).rejects.toMatchObject(refusal);
  });

  test('has a name for each of its attributes', async () => {
    const refusal = { name: 'ValidationException' };
    await expect(send.put({ pk: 'nameless', sk: 1, '': 'x' })).rejects.toMatchObject(refusal);
    await expect(send.put({ pk: 'nameless', sk: 1, map: { '': 'x' } })).rejects.toMatchObject(refusal);
    await expect(send.put({ pk: 'nameless', sk: 1, ['n'.repeat(65_536)]: 'x' })).rejects.toMatchObject(refusal);
    const named = { ExpressionAttributeNames: { '#n': '' }, ExpressionAttributeValues: { ':n': 1 } };
    await expect(send.update(HERE, 'SET #n = :n', named)).rejects.toMatchObject(refusal);
  });
});

test('a stream is read from the number at which its description says that it starts', async () => {
  const table = await dynamo.make('Streamed');
  await dynamo.document.send(new PutCommand({ TableName: table, Item: HERE }));
  const streams = async (operation: string, body: unknown) =>
    // biome-ignore lint/suspicious/noExplicitAny: a wire answer, read by the expectations below.
    (await call(dynamo.client, `DynamoDBStreams_20120810.${operation}`, body)) as any;
  const { Streams } = await streams('ListStreams', { TableName: table });
  const { StreamArn } = Streams[0];
  const { ShardId, SequenceNumberRange } = (await streams('DescribeStream', { StreamArn })).StreamDescription.Shards[0];
  for (const ShardIteratorType of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER']) {
    const SequenceNumber = SequenceNumberRange.StartingSequenceNumber;
    const given = { StreamArn, ShardId, ShardIteratorType, SequenceNumber };
    const { ShardIterator } = await streams('GetShardIterator', given);
    expect((await streams('GetRecords', { ShardIterator })).Records).toHaveLength(1);
  }
});

describe('a table whose definition contradicts itself is refused:', () => {
  const attribute = (AttributeName: string, AttributeType: 'S' | 'N' = 'S') => ({ AttributeName, AttributeType });
  const keys = (hash: string, range?: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
  ];
  const index = (IndexName: string, more: Record<string, unknown> = {}) => ({
    IndexName,
    KeySchema: keys('group'),
    Projection: { ProjectionType: 'ALL' as const },
    ...more,
  });
  const SOUND = {
    TableName: 'Made',
    AttributeDefinitions: [attribute('pk'), attribute('group')],
    KeySchema: keys('pk'),
    BillingMode: 'PAY_PER_REQUEST' as const,
  };
  const include = (names: readonly string[]) => ({
    Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...names] },
  });
  const throughput = { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } };
  const many = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

  test.each([
    ['an attribute of two types', { AttributeDefinitions: [...SOUND.AttributeDefinitions, attribute('pk', 'N')] }],
    ['one attribute as both keys', { KeySchema: keys('pk', 'pk') }],
    ['one attribute as both keys of an index', { indexes: [index('byGroup', { KeySchema: keys('group', 'group') })] }],
    ['two indexes of one name', { indexes: [index('byGroup'), index('byGroup')] }],
    ['an index without a real name', { indexes: [index('b')] }],
    ['an attribute that is included twice', { indexes: [index('byGroup', include(['a', 'a']))] }],
    [
      'more than 100 included attributes',
      { indexes: [index('one', include(many(60, 'a'))), index('two', include(many(41, 'b')))] },
    ],
    ['more than 20 indexes', { indexes: many(21, 'index').map(name => index(name)) }],
    ['throughput of a table paid by request', throughput],
    ['throughput of an index of such a table', { indexes: [index('byGroup', throughput)] }],
  ])('%s', async (_, { indexes = [index('byGroup')], ...more }: Record<string, unknown> & { indexes?: unknown[] }) => {
    const input = { ...SOUND, ...more, GlobalSecondaryIndexes: indexes } as typeof SOUND;
    await expect(dynamo.client.send(new CreateTableCommand(input))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
