/** Contention on demand: real DynamoDB's answers under it, the same for the same seed, and nothing written by them. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ContentionOptions } from '../../lib/local/dynamodb/contention.ts';
import { createDynamoDb, type DynamoDbEngine } from '../../lib/local/dynamodb/dynamodb.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

const ROLE = 'arn:aws:iam::000000000000:role/function';
const TABLE = {
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
};
let cloud: EngineCloud;
let engine: DynamoDbEngine;
let onDemand: string;
let provisioned: string;
/** Of a role, as functions have them; it sends each call once. */
let called: DynamoDBDocumentClient;
let administrator: DynamoDBDocumentClient;

beforeAll(async () => {
  cloud = await startEngines([
    context => {
      engine = createDynamoDb(context);
      return engine;
    },
  ]);
  const make = (id: string, more = {}) => cloud.make('AWS::DynamoDB::Table', id, { ...TABLE, ...more });
  onDemand = (await make('OnDemand', { BillingMode: 'PAY_PER_REQUEST' })).ref;
  provisioned = (await make('Provisioned')).ref;
  for (const name of [onDemand, provisioned]) {
    cloud.context.iam.setResourcePolicy(`arn:aws:dynamodb:us-east-1:000000000000:table/${name}`, 'test', [
      { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'dynamodb:*' },
    ]);
  }
  const once = { maxAttempts: 1 };
  called = DynamoDBDocumentClient.from(new DynamoDBClient({ ...cloud.clientAs(ROLE), ...once }));
  administrator = DynamoDBDocumentClient.from(new DynamoDBClient({ ...cloud.client, ...once }));
});
afterAll(() => cloud?.stop());
beforeEach(() => void engine.contention());

const count = async (TableName: string) => (await administrator.send(new ScanCommand({ TableName }))).Count;
const put = (pk: string, TableName = onDemand) => new PutCommand({ TableName, Item: { pk } });
const transact = (...keys: string[]) =>
  new TransactWriteCommand({ TransactItems: keys.map(pk => ({ Put: { TableName: onDemand, Item: { pk } } })) });

/** What `calls` calls, alternately a write and a transaction of three, are answered. */
async function weather(options: ContentionOptions, calls: number): Promise<string[]> {
  engine.contention(options);
  const answers: string[] = [];
  for (let n = 0; n < calls; n++) {
    const command = n % 2 === 0 ? called.send(put('w')) : called.send(transact('a', 'b', 'c'));
    answers.push(
      await command.then(
        () => 'done',
        (error: Error & { CancellationReasons?: { Code: string }[] }) =>
          `${error.name} ${(error.CancellationReasons ?? []).map(({ Code }) => Code)}`,
      ),
    );
  }
  return answers;
}

describe('a conflict', () => {
  const always = { seed: 1, conflictRate: 1, throttleRate: 0 };

  test('cancels a transaction for one of its items, and nothing of it is written', async () => {
    engine.contention(always);
    const before = await count(onDemand);
    const error = await called.send(transact('one', 'two', 'three')).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: 'TransactionCanceledException',
      message: expect.stringMatching(/specific reasons \[.*TransactionConflict.*\]$/),
    });
    const { CancellationReasons: reasons } = error as { CancellationReasons: { Code: string }[] };
    expect(reasons.map(({ Code }) => Code).sort()).toEqual(['None', 'None', 'TransactionConflict']);
    expect(await count(onDemand)).toBe(before);
  });

  test('refuses a write of one item, and changes nothing', async () => {
    await administrator.send(put('kept'));
    engine.contention(always);
    const before = await count(onDemand);
    const Key = { pk: 'kept' };
    const update = new UpdateCommand({
      TableName: onDemand,
      Key,
      UpdateExpression: 'SET n = :n',
      ExpressionAttributeValues: { ':n': 1 },
    });
    for (const write of [put('other'), update, new DeleteCommand({ TableName: onDemand, Key })]) {
      await expect(called.send(write as PutCommand)).rejects.toMatchObject({ name: 'TransactionConflictException' });
    }
    expect(await count(onDemand)).toBe(before);
    expect((await administrator.send(new GetCommand({ TableName: onDemand, Key }))).Item).toEqual(Key);
  });

  test('cancels reads of a transaction, and leaves other reads and batches alone', async () => {
    engine.contention(always);
    const Key = { pk: 'kept' };
    const read = new TransactGetCommand({ TransactItems: [{ Get: { TableName: onDemand, Key } }] });
    await expect(called.send(read)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'TransactionConflict' }],
    });
    await called.send(new GetCommand({ TableName: onDemand, Key }));
    await called.send(
      new BatchWriteCommand({ RequestItems: { [onDemand]: [{ PutRequest: { Item: { pk: 'batch' } } }] } }),
    );
  });

  test('does not meet who is not in it: an administrator, or whom the options leave out', async () => {
    engine.contention(always);
    await administrator.send(transact('administered'));
    const counts = engine.contention({ ...always, appliesTo: principal => principal.endsWith('/other') });
    await called.send(transact('left out'));
    expect(counts).toEqual({ calls: 0, conflicts: 0, throttles: 0 });
  });

  test('is not what a transaction is answered that was done before under its token', async () => {
    const TransactItems = [{ Put: { TableName: onDemand, Item: { pk: 'token' } } }];
    const again = () => called.send(new TransactWriteCommand({ TransactItems, ClientRequestToken: 'done before' }));
    await again();
    engine.contention(always);
    await again();
  });
});

describe('throttling', () => {
  const always = { seed: 1, conflictRate: 0, throttleRate: 1 };

  test('is answered by the billing mode of the table, to reads, writes and batches', async () => {
    engine.contention(always);
    const before = await count(onDemand);
    const Key = { pk: 'x' };
    const onDemandCalls = [
      called.send(put('x')),
      called.send(new GetCommand({ TableName: onDemand, Key })),
      called.send(
        new QueryCommand({
          TableName: onDemand,
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': 'x' },
        }),
      ),
      called.send(new ScanCommand({ TableName: onDemand })),
      called.send(new BatchGetCommand({ RequestItems: { [onDemand]: { Keys: [Key] } } })),
      called.send(new BatchWriteCommand({ RequestItems: { [onDemand]: [{ PutRequest: { Item: Key } }] } })),
    ];
    for (const sent of onDemandCalls) await expect(sent).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(called.send(put('x', provisioned))).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
    await expect(called.send(transact('a', 'b'))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ThrottlingError' }, { Code: 'None' }],
    });
    expect(await count(onDemand)).toBe(before);
  });

  test('is over as soon as it is called off', async () => {
    engine.contention(always);
    engine.contention();
    await called.send(put('after'));
  });
});

describe('the weather of a seed', () => {
  const options = { seed: 7, conflictRate: 0.3, throttleRate: 0.1 };

  test('is the same for the same calls, and another for another seed', async () => {
    const first = await weather(options, 60);
    expect(new Set(first).size).toBeGreaterThan(4);
    expect(await weather(options, 60)).toEqual(first);
    expect(await weather({ ...options, seed: 8 }, 60)).not.toEqual(first);
  });

  test('keeps its rates, and counts what it answered', async () => {
    const counts = engine.contention(options);
    for (let n = 0; n < 1000; n++) await called.send(put('rate')).catch(() => {});
    expect(counts.calls).toBe(1000);
    expect(counts.throttles / 1000).toBeCloseTo(0.1, 1);
    expect(counts.conflicts / (1000 - counts.throttles)).toBeCloseTo(0.3, 1);
  });

  test('is refused for a rate that is none', () => {
    expect(() => engine.contention({ ...options, conflictRate: 1.5 })).toThrow('0 to 1');
  });
});
