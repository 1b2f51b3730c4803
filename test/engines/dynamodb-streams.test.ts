import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { call, type Dynamo, restart, startDynamo } from './dynamodb-engine.ts';

let dynamo: Dynamo;
let TableName: string;
beforeAll(async () => {
  dynamo = await startDynamo();
  TableName = await dynamo.make('Items');
});
afterAll(() => dynamo.stop());

interface StreamRecord {
  eventName: string;
  userIdentity?: unknown;
  dynamodb: Record<string, unknown> & { SequenceNumber: string };
}
const HOUR = 60 * 60 * 1000;
const key = (pk: string) => ({ pk, sk: 1 });
const put = (table: string, pk: string, more = {}) =>
  dynamo.document.send(new PutCommand({ TableName: table, Item: { ...key(pk), ...more } }));
const streams = (operation: string, body: unknown) =>
  call(dynamo.client, `DynamoDBStreams_20120810.${operation}`, body);

async function shardOf(table: string): Promise<{ StreamArn: string; ShardId: string }> {
  const { Streams } = (await streams('ListStreams', { TableName: table })) as { Streams: { StreamArn: string }[] };
  const StreamArn = Streams[0]?.StreamArn ?? '';
  const { StreamDescription } = (await streams('DescribeStream', { StreamArn })) as {
    StreamDescription: { Shards: { ShardId: string }[] };
  };
  return { StreamArn, ShardId: StreamDescription.Shards[0]?.ShardId ?? '' };
}

async function iterator(table: string, ShardIteratorType: string, more = {}): Promise<string> {
  const shard = await shardOf(table);
  return String((await streams('GetShardIterator', { ...shard, ShardIteratorType, ...more })).ShardIterator);
}

async function records(
  ShardIterator: string,
  more = {},
): Promise<{ Records: StreamRecord[]; NextShardIterator: string }> {
  return (await streams('GetRecords', { ShardIterator, ...more })) as never;
}

const all = async (table: string) => (await records(await iterator(table, 'TRIM_HORIZON'))).Records;

describe('a stream', () => {
  test('tells of every change in order with both images, and of no write that changed nothing', async () => {
    const table = await dynamo.make('Both');
    await put(table, 'a', { n: 1 });
    await put(table, 'a', { n: 1 });
    await dynamo.document.send(
      new UpdateCommand({
        TableName: table,
        Key: key('a'),
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': 1 },
      }),
    );
    await dynamo.document.send(new DeleteCommand({ TableName: table, Key: key('a') }));
    await dynamo.document.send(new DeleteCommand({ TableName: table, Key: key('a') }));
    const [Keys, image] = [
      { pk: { S: 'a' }, sk: { N: '1' } },
      (n: string) => ({ pk: { S: 'a' }, sk: { N: '1' }, n: { N: n } }),
    ];
    const found = await all(table);
    expect(found).toMatchObject([
      {
        eventName: 'INSERT',
        awsRegion: 'us-east-1',
        eventSource: 'aws:dynamodb',
        dynamodb: { Keys, NewImage: image('1') },
      },
      { eventName: 'MODIFY', dynamodb: { Keys, OldImage: image('1'), NewImage: image('2') } },
      { eventName: 'REMOVE', dynamodb: { Keys, OldImage: image('2') } },
    ]);
    expect(found[0]?.dynamodb).not.toHaveProperty('OldImage');
    expect(found[2]).not.toHaveProperty('userIdentity');
    const numbers = found.map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect(numbers).toEqual(numbers.toSorted());
    expect(numbers[0]).toMatch(/^\d{21,40}$/);
  });

  test.each([
    ['KEYS_ONLY', []],
    ['NEW_IMAGE', ['NewImage']],
    ['OLD_IMAGE', ['OldImage']],
  ])('of view %s has only what that view shows', async (StreamViewType, images) => {
    const table = await dynamo.make(`View${StreamViewType}`.replaceAll('_', ''), {
      StreamSpecification: { StreamViewType },
    });
    await put(table, 'a');
    await put(table, 'a', { n: 1 });
    const modified: Record<string, unknown> = (await all(table))[1]?.dynamodb ?? {};
    expect(Object.keys(modified).filter(name => name.endsWith('Image'))).toEqual(images);
    expect(modified.StreamViewType).toBe(StreamViewType);
  });

  test('is read on from where an iterator stands', async () => {
    const table = await dynamo.make('Iterated');
    const latest = await iterator(table, 'LATEST');
    for (const pk of ['a', 'b', 'c']) await put(table, pk);
    const names = ({ Records }: { Records: StreamRecord[] }) =>
      Records.map(({ dynamodb }) => (dynamodb.Keys as { pk: { S: string } }).pk.S);
    const first = await records(latest, { Limit: 2 });
    expect(names(first)).toEqual(['a', 'b']);
    const second = await records(first.NextShardIterator);
    expect(names(second)).toEqual(['c']);
    expect(names(await records(second.NextShardIterator))).toEqual([]);
    expect(names(await records(await iterator(table, 'LATEST')))).toEqual([]);
    const SequenceNumber = first.Records[1]?.dynamodb.SequenceNumber;
    expect(names(await records(await iterator(table, 'AT_SEQUENCE_NUMBER', { SequenceNumber })))).toEqual(['b', 'c']);
    expect(names(await records(await iterator(table, 'AFTER_SEQUENCE_NUMBER', { SequenceNumber })))).toEqual(['c']);
    dynamo = await restart(dynamo);
    await put(table, 'd');
    expect(names(await records(second.NextShardIterator))).toEqual(['d']);
  });

  test('keeps records for 24 hours, and an iterator lives for 15 minutes', async () => {
    const table = await dynamo.make('Kept');
    await put(table, 'old');
    const SequenceNumber = (await all(table))[0]?.dynamodb.SequenceNumber;
    const early = await iterator(table, 'TRIM_HORIZON');
    dynamo.cloud.clock.advance(16 * 60 * 1000);
    await expect(records(early)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
    dynamo.cloud.clock.advance(23 * HOUR);
    expect(await all(table)).toHaveLength(1);
    dynamo.cloud.clock.advance(HOUR);
    expect(await all(table)).toEqual([]);
    const trimmed = iterator(table, 'AT_SEQUENCE_NUMBER', { SequenceNumber });
    await expect(trimmed).rejects.toMatchObject({ name: 'TrimmedDataAccessException' });
  });

  test('that a table does not have is refused', async () => {
    const table = await dynamo.make('Silent', { StreamSpecification: undefined });
    await put(table, 'a');
    expect((await streams('ListStreams', { TableName: table })).Streams).toEqual([]);
    const StreamArn = dynamo.cloud.context.region && `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/x`;
    await expect(streams('DescribeStream', { StreamArn })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('time to live', () => {
  const get = async (pk: string) => (await dynamo.document.send(new GetCommand({ TableName, Key: key(pk) }))).Item;
  const now = () => Math.floor(dynamo.cloud.clock.now() / 1000);

  test('deletes an item whose time is over, within a minute of the clock, and the stream says who did', async () => {
    const start = await iterator(TableName, 'LATEST');
    await put(TableName, 'over', { ttl: now() - 10, group: 'g' });
    await put(TableName, 'soon', { ttl: now() + 3600 });
    await put(TableName, 'mistaken', { ttl: now() - 6 * 365 * 24 * 3600 });
    await put(TableName, 'text', { ttl: 'yesterday' });
    expect(await get('over')).toBeDefined();
    dynamo.cloud.clock.advance(60_000);
    await vi.waitFor(async () => expect(await get('over')).toBeUndefined());
    for (const pk of ['soon', 'mistaken', 'text']) expect(await get(pk)).toBeDefined();
    const { Records } = await records(start);
    expect(Records.at(-1)).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
      dynamodb: { OldImage: { pk: { S: 'over' } } },
    });
    expect(Records.filter(({ eventName }) => eventName === 'REMOVE')).toHaveLength(1);
    dynamo.cloud.clock.advance(HOUR);
    await vi.waitFor(async () => expect(await get('soon')).toBeUndefined());
  });

  test('is dropped by an update, and holds over a restart', async () => {
    await put(TableName, 'kept', { ttl: now() + 60 });
    await put(TableName, 'restarted', { ttl: now() - 1 });
    await dynamo.document.send(
      new UpdateCommand({
        TableName,
        Key: key('kept'),
        UpdateExpression: 'REMOVE #t',
        ExpressionAttributeNames: { '#t': 'ttl' },
      }),
    );
    const ahead = dynamo.cloud.clock.now() - Date.now();
    dynamo = await restart(dynamo);
    dynamo.cloud.clock.advance(ahead + 120_000);
    await vi.waitFor(async () => expect(await get('restarted')).toBeUndefined());
    expect(await get('kept')).toBeDefined();
  });
});
