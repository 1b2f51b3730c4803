import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Dynamo, index, PROPERTIES, restart, startDynamo } from './dynamodb-engine.ts';

let dynamo: Dynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/';
const GLOBAL = 'AWS::DynamoDB::GlobalTable';
const inGroup = async (TableName: string, IndexName: string) => {
  const { Items } = await dynamo.document.send(
    new QueryCommand({
      TableName,
      IndexName,
      KeyConditionExpression: '#g = :g',
      ExpressionAttributeNames: { '#g': 'group' },
      ExpressionAttributeValues: { ':g': 'g' },
    }),
  );
  return Items;
};

describe('a table of the template', () => {
  test('is described as its properties say', async () => {
    const { ref, attributes } = await dynamo.cloud.make(GLOBAL, 'Described', PROPERTIES);
    expect(ref).toBe('Test-Described');
    await dynamo.document.send(new PutCommand({ TableName: ref, Item: { pk: 'a', sk: 1, group: 'g' } }));
    const { Table } = await dynamo.client.send(new DescribeTableCommand({ TableName: ref }));
    expect(Table).toMatchObject({
      TableName: ref,
      TableArn: `${ARN}Test-Described`,
      TableStatus: 'ACTIVE',
      ItemCount: 1,
      KeySchema: PROPERTIES.KeySchema,
      AttributeDefinitions: PROPERTIES.AttributeDefinitions,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      LatestStreamArn: attributes.StreamArn,
      TableId: attributes.TableId,
      DeletionProtectionEnabled: true,
    });
    expect(attributes.Arn).toBe(Table?.TableArn);
    expect(Table?.GlobalSecondaryIndexes?.map(each => [each.IndexName, each.ItemCount, each.Projection])).toEqual([
      ['byRank', 0, { ProjectionType: 'ALL' }],
      ['keysOnly', 1, { ProjectionType: 'KEYS_ONLY' }],
      ['withColor', 1, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['color'] }],
    ]);
    const ttl = await dynamo.client.send(new DescribeTimeToLiveCommand({ TableName: ref }));
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
    const backups = await dynamo.client.send(new DescribeContinuousBackupsCommand({ TableName: ref }));
    expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
      'ENABLED',
    );
    const { Tags } = await dynamo.client.send(new ListTagsOfResourceCommand({ ResourceArn: attributes.Arn }));
    expect(Tags).toEqual([{ Key: 'owner', Value: 'finance' }]);
  });

  test('may be of the older type, and have a name of its own by which, or by whose ARN, it is called', async () => {
    const { ref } = await dynamo.cloud.make('AWS::DynamoDB::Table', 'Plain', {
      TableName: 'own.name',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    });
    expect(ref).toBe('own.name');
    await dynamo.document.send(new PutCommand({ TableName: `${ARN}own.name`, Item: { pk: 'a' } }));
    const { Item } = await dynamo.document.send(new GetCommand({ TableName: 'own.name', Key: { pk: 'a' } }));
    expect(Item).toEqual({ pk: 'a' });
  });

  test('made again keeps its items, fills a new index and forgets a dropped one', async () => {
    const table = await dynamo.make('Grown', {
      GlobalSecondaryIndexes: [index('keysOnly', { ProjectionType: 'KEYS_ONLY' })],
      ...without('rank'),
    });
    const items = [
      { pk: 'a', sk: 1, group: 'g' },
      { pk: 'b', sk: 1, group: 'g', rank: 7 },
      { pk: 'c', sk: 1, group: 'g', rank: 'no number, so no key' },
    ];
    for (const Item of items) await dynamo.document.send(new PutCommand({ TableName: table, Item }));
    dynamo = await restart(dynamo);
    await dynamo.make('Grown', { GlobalSecondaryIndexes: [index('byRank', { ProjectionType: 'ALL' }, 'rank')] });
    expect(await inGroup(table, 'byRank')).toEqual([items[1]]);
    await expect(inGroup(table, 'keysOnly')).rejects.toThrow('does not have the specified index: keysOnly');
    // An item that the index could not take may still be changed.
    await dynamo.document.send(new PutCommand({ TableName: table, Item: { ...items[2], rank: 1 } }));
    expect(await inGroup(table, 'byRank')).toHaveLength(2);
  });

  test('made again with a time to live deletes the items that had it before', async () => {
    const table = await dynamo.make('Aging', { TimeToLiveSpecification: undefined });
    const item = { pk: 'a', sk: 1, ttl: Math.floor(Date.now() / 1000) - 5 };
    await dynamo.document.send(new PutCommand({ TableName: table, Item: item }));
    await dynamo.make('Aging');
    dynamo.cloud.clock.advance(60_000);
    const get = () => dynamo.document.send(new GetCommand({ TableName: table, Key: { pk: 'a', sk: 1 } }));
    await vi.waitFor(async () => expect((await get()).Item).toBeUndefined());
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      'a local index',
      { LocalSecondaryIndexes: [{}] },
      'LocalSecondaryIndexes of AWS::DynamoDB::GlobalTable is not supported',
    ],
    ['a vector index', { VectorIndexes: [{}] }, 'VectorIndexes of AWS::DynamoDB::GlobalTable is not supported'],
    ['a resource policy', { Replicas: [{ Region: 'us-east-1', ResourcePolicy: {} }] }, 'ResourcePolicy of a replica'],
    ['a second replica', { Replicas: [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }] }, 'exactly one, in us-east-1'],
    ['a far replica', { Replicas: [{ Region: 'eu-west-1' }] }, 'exactly one, in us-east-1'],
    ['a wrong view', { StreamSpecification: { StreamViewType: 'ALL' } }, 'StreamViewType must be one of'],
    ['a key without a type', { AttributeDefinitions: [] }, 'pk needs a type S, N or B'],
    ['an attribute that is no key', { GlobalSecondaryIndexes: [] }, 'Some AttributeDefinitions are not used'],
    [
      'an index of several hash keys',
      {
        GlobalSecondaryIndexes: [
          { ...index('a', {}), KeySchema: [hash('group'), hash('rank')], Projection: { ProjectionType: 'ALL' } },
        ],
      },
      'a key schema is one HASH attribute',
    ],
    [
      'an unknown projection',
      { GlobalSecondaryIndexes: [index('a', { ProjectionType: 'SOME' })] },
      'ProjectionType of index a',
    ],
  ])('with %s is refused by its logical id', async (_what, properties, message) => {
    await expect(dynamo.make('Refused', properties)).rejects.toThrow(/^Refused: /);
    await expect(dynamo.make('Refused', properties)).rejects.toThrow(message);
  });

  test('with another key schema than its data is refused', async () => {
    await dynamo.make('Rekeyed');
    const reversed = { KeySchema: [hash('sk'), { AttributeName: 'pk', KeyType: 'RANGE' }] };
    await expect(dynamo.make('Rekeyed', reversed)).rejects.toThrow('the key schema of table Test-Rekeyed has changed');
  });
});

describe('a table of the API', () => {
  test('is made, listed, changed and deleted', async () => {
    const definition = {
      TableName: 'made',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
      BillingMode: 'PAY_PER_REQUEST' as const,
    };
    await dynamo.client.send(new CreateTableCommand(definition));
    await expect(dynamo.client.send(new CreateTableCommand(definition))).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    const { TableNames } = await dynamo.client.send(new ListTablesCommand({ Limit: 100 }));
    expect(TableNames).toContain('made');
    expect(TableNames).toEqual(TableNames?.toSorted());
    await dynamo.client.send(
      new UpdateTimeToLiveCommand({
        TableName: 'made',
        TimeToLiveSpecification: { Enabled: true, AttributeName: 'ends' },
      }),
    );
    const { TimeToLiveDescription } = await dynamo.client.send(new DescribeTimeToLiveCommand({ TableName: 'made' }));
    expect(TimeToLiveDescription?.AttributeName).toBe('ends');
    await dynamo.document.send(new PutCommand({ TableName: 'made', Item: { pk: 'a' } }));
    await dynamo.client.send(new DeleteTableCommand({ TableName: 'made' }));
    await expect(dynamo.client.send(new DescribeTableCommand({ TableName: 'made' }))).rejects.toThrow(
      'Requested resource not found: Table: made not found',
    );
    await dynamo.client.send(new CreateTableCommand(definition));
    const { Item } = await dynamo.document.send(new GetCommand({ TableName: 'made', Key: { pk: 'a' } }));
    expect(Item).toBeUndefined();
  });

  test('that is protected is not deleted', async () => {
    const TableName = await dynamo.make('Protected');
    await expect(dynamo.client.send(new DeleteTableCommand({ TableName }))).rejects.toThrow(
      'protected against deletion',
    );
  });
});

function hash(name: string): Record<string, string> {
  return { AttributeName: name, KeyType: 'HASH' };
}

/** The attribute definitions but one. */
function without(name: string): Record<string, unknown> {
  return { AttributeDefinitions: PROPERTIES.AttributeDefinitions.filter(each => each.AttributeName !== name) };
}
