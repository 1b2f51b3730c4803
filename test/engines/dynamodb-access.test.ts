import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, type Dynamo, startDynamo } from './dynamodb-engine.ts';

let dynamo: Dynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/';

describe('a principal', () => {
  const as = (
    role: string,
    statements: { Action: string; Resource: string; Condition?: Record<string, Record<string, string>> }[],
  ) => {
    const roleArn = `arn:aws:iam::000000000000:role/${role}`;
    const allow = statements.map(statement => ({
      Effect: 'Allow' as const,
      Principal: { AWS: roleArn },
      ...statement,
    }));
    dynamo.cloud.context.iam.setResourcePolicy(`${ARN}Test-Guarded`, role, allow);
    const client = new DynamoDBClient({ ...dynamo.cloud.clientAs(roleArn), maxAttempts: 1 });
    return { client, document: DynamoDBDocumentClient.from(client) };
  };
  const Key = { pk: 'mine', sk: 1 };

  test('without a grant is refused by action and resource, even for a table that is not there', async () => {
    const TableName = await dynamo.make('Guarded');
    const { client, document } = as('stranger', []);
    const refused = (action: string, resource: string) => ({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::000000000000:role/stranger is not authorized to perform: dynamodb:${action} on resource: ${ARN}${resource}`,
    });
    const get = document.send(new GetCommand({ TableName, Key }));
    await expect(get).rejects.toMatchObject(refused('GetItem', 'Test-Guarded'));
    const absent = client.send(new GetItemCommand({ TableName: 'Nowhere', Key: { pk: { S: 'a' } } }));
    await expect(absent).rejects.toMatchObject(refused('GetItem', 'Nowhere'));
    const StreamArn = `${ARN}Test-Guarded/stream/2012-08-10T00:00:00.000`;
    const stream = call(client, 'DynamoDBStreams_20120810.DescribeStream', { StreamArn });
    await expect(stream).rejects.toMatchObject(
      refused('DescribeStream', 'Test-Guarded/stream/2012-08-10T00:00:00.000'),
    );
  });

  test('needs the action of each item of a transaction, and of the index of a query', async () => {
    const TableName = await dynamo.make('Guarded');
    const { document } = as('writer', [
      { Action: 'dynamodb:PutItem', Resource: `${ARN}Test-Guarded` },
      { Action: 'dynamodb:Query', Resource: `${ARN}Test-Guarded` },
    ]);
    const put = { Put: { TableName, Item: Key } };
    await document.send(new TransactWriteCommand({ TransactItems: [put] }));
    const check = {
      ConditionCheck: { TableName, Key: { ...Key, sk: 2 }, ConditionExpression: 'attribute_exists(pk)' },
    };
    const checked = document.send(new TransactWriteCommand({ TransactItems: [put, check] }));
    await expect(checked).rejects.toThrow('not authorized to perform: dynamodb:ConditionCheckItem');
    const query = (more: { IndexName?: string }, name: string) =>
      document.send(
        new QueryCommand({
          TableName,
          ...more,
          KeyConditionExpression: '#k = :v',
          ExpressionAttributeNames: { '#k': name },
          ExpressionAttributeValues: { ':v': 'mine' },
        }),
      );
    expect((await query({}, 'pk')).Count).toBe(1);
    await expect(query({ IndexName: 'keysOnly' }, 'group')).rejects.toThrow(
      `dynamodb:Query on resource: ${ARN}Test-Guarded/index/keysOnly`,
    );
  });

  test('with a condition on the leading key reaches only those items', async () => {
    const TableName = await dynamo.make('Guarded');
    const Condition = { StringEquals: { 'dynamodb:LeadingKeys': 'mine' } };
    const { document } = as('tenant', [{ Action: 'dynamodb:*', Resource: `${ARN}Test-Guarded`, Condition }]);
    const query = (pk: string) =>
      document.send(
        new QueryCommand({ TableName, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': pk } }),
      );
    await document.send(new PutCommand({ TableName, Item: Key }));
    expect((await query('mine')).Count).toBe(1);
    await expect(query('theirs')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(document.send(new GetCommand({ TableName, Key: { pk: 'theirs', sk: 1 } }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});
