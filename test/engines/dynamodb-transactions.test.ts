import {
  GetCommand,
  PutCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, type Dynamo, restart, startDynamo, wire } from './dynamodb-engine.ts';

let dynamo: Dynamo;
let TableName: string;
beforeAll(async () => {
  dynamo = await startDynamo();
  TableName = await dynamo.make('Items');
});
afterAll(() => dynamo.stop());

type Items = NonNullable<TransactWriteCommandInput['TransactItems']>;
const key = (pk: string) => ({ pk, sk: 1 });
const put = (pk: string, more = {}) => ({ Put: { TableName, Item: { ...key(pk), ...more } } });
const add = (pk: string, amount: number) => ({
  Update: {
    TableName,
    Key: key(pk),
    UpdateExpression: 'ADD n :n',
    ExpressionAttributeValues: { ':n': amount },
  },
});
const check = (pk: string, ConditionExpression: string, more = {}) => ({
  ConditionCheck: { TableName, Key: key(pk), ConditionExpression, ...more },
});
const transact = (TransactItems: Items, more: Partial<TransactWriteCommandInput> = {}) =>
  dynamo.document.send(new TransactWriteCommand({ TransactItems, ...more }));
const get = async (pk: string) => (await dynamo.document.send(new GetCommand({ TableName, Key: key(pk) }))).Item;

describe('TransactWriteItems', () => {
  test('does all of its writes', async () => {
    await dynamo.document.send(new PutCommand({ TableName, Item: { ...key('gone') } }));
    await transact([
      put('a', { n: 1 }),
      add('b', 2),
      { Delete: { TableName, Key: key('gone') } },
      check('c', 'attribute_not_exists(pk)'),
    ]);
    expect([await get('a'), await get('b'), await get('gone'), await get('c')]).toEqual([
      { ...key('a'), n: 1 },
      { ...key('b'), n: 2 },
      undefined,
      undefined,
    ]);
  });

  test('does none of them where one cannot be done, and tells why of each in order', async () => {
    await dynamo.document.send(new PutCommand({ TableName, Item: { ...key('full'), n: 1, label: 't' } }));
    const broken = transact([
      put('none', { n: 1 }),
      check('full', 'n > :five', {
        ExpressionAttributeValues: { ':five': 5 },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
      { Update: { ...add('text', 1).Update, UpdateExpression: 'SET n = absent + :n' } },
      check('absent', 'attribute_exists(pk)'),
      put('bad index', { group: 5 }),
    ]);
    await expect(broken).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
        '[None, ConditionalCheckFailed, ValidationError, ConditionalCheckFailed, ValidationError]',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: wire({ ...key('full'), n: 1, label: 't' }),
        },
        { Code: 'ValidationError', Message: expect.stringContaining('does not exist in the item') },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
        { Code: 'ValidationError', Message: expect.stringContaining('Type mismatch for Index Key group') },
      ],
    });
    expect(await get('none')).toBeUndefined();
  });

  test('of many clients at once keeps what every one of them moves', async () => {
    const accounts = ['x', 'y', 'z'];
    await transact(accounts.map(pk => put(pk, { n: 100 })));
    const move = (from: string, to: string, amount: number) =>
      transact([
        {
          Update: {
            ...add(from, -amount).Update,
            ConditionExpression: 'n >= :least',
            ExpressionAttributeValues: { ':n': -amount, ':least': amount },
          },
        },
        add(to, amount),
      ]).catch((error: Error) => expect(error.name).toBe('TransactionCanceledException'));
    const moves = Array.from({ length: 90 }, (_, i) =>
      move(accounts[i % 3] ?? '', accounts[(i + 1 + (i % 2)) % 3] ?? '', 1 + ((i * 7) % 40)),
    );
    await Promise.all(moves);
    const left = await Promise.all(accounts.map(async pk => Number((await get(pk))?.n)));
    expect(left.reduce((sum, n) => sum + n, 0)).toBe(300);
    expect(Math.min(...left)).toBeGreaterThanOrEqual(0);
  });

  test('with a token seen in the last ten minutes is done once, also over a restart', async () => {
    const items = [put('token', { n: 0 })];
    await transact(items);
    const token = { ClientRequestToken: 'one-token', ReturnConsumedCapacity: 'TOTAL' as const };
    const first = await transact([add('token', 1)], token);
    const second = await transact([add('token', 1)], token);
    expect(second.ConsumedCapacity).toEqual(first.ConsumedCapacity);
    dynamo = await restart(dynamo);
    await dynamo.make('Items');
    await transact([add('token', 1)], token);
    expect((await get('token'))?.n).toBe(1);
    await expect(transact([add('token', 2)], token)).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
    dynamo.cloud.clock.advance(10 * 60 * 1000 + 1);
    await transact([add('token', 2)], token);
    expect((await get('token'))?.n).toBe(3);
  });

  test('with a token of a cancelled transaction is tried again', async () => {
    const items = [check('later', 'attribute_exists(pk)'), add('tried', 1)];
    const token = { ClientRequestToken: 'cancelled' };
    await expect(transact(items, token)).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    await transact([put('later')]);
    await transact(items, token);
    expect((await get('tried'))?.n).toBe(1);
  });

  test('costs double', async () => {
    const { ConsumedCapacity } = await transact([put('cost'), add('cost 2', 1)], { ReturnConsumedCapacity: 'TOTAL' });
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 4, WriteCapacityUnits: 4 }]);
  });

  test('refuses no items, more than 100, an item twice, and more than 4 MB', async () => {
    const refused: [Items, string][] = [
      [[], 'greater than or equal to 1'],
      [Array.from({ length: 101 }, (_, i) => put(`many ${i}`)), 'less than or equal to 100'],
      [[put('twice'), add('twice', 1)], 'Transaction request cannot include multiple operations on one item'],
      [Array.from({ length: 11 }, (_, i) => put(`big ${i}`, { load: 'x'.repeat(390_000) })), 'at most 4 MB'],
    ];
    for (const [items, message] of refused) {
      await expect(transact(items)).rejects.toMatchObject({ name: 'ValidationException' });
      await expect(transact(items)).rejects.toThrow(message);
    }
    await transact(Array.from({ length: 100 }, (_, i) => put(`many ${i}`)));
    expect(await get('big 0')).toBeUndefined();
  });

  test('refuses a member that it does not know, by name', async () => {
    const send = (element: unknown) =>
      call(dynamo.client, 'DynamoDB_20120810.TransactWriteItems', { TransactItems: [element] });
    await expect(send({ Get: {} })).rejects.toThrow('Get is not supported in TransactItems');
    await expect(send({ Put: { TableName, Item: {}, ReturnValues: 'NONE' } })).rejects.toThrow(
      'ReturnValues is not supported in Put',
    );
    await expect(send({ Put: {}, Delete: {} })).rejects.toThrow('can only contain one of');
  });
});

describe('TransactGetItems', () => {
  test('answers each item in its place, and costs double', async () => {
    await transact([put('got', { n: 1, label: 'x' })]);
    const read = (pk: string, more = {}) => ({ Get: { TableName, Key: key(pk), ...more } });
    const { Responses, ConsumedCapacity } = await dynamo.document.send(
      new TransactGetCommand({
        TransactItems: [read('nowhere'), read('got', { ProjectionExpression: 'n' })],
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(Responses).toEqual([{}, { Item: { n: 1 } }]);
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 4, ReadCapacityUnits: 4 }]);
  });

  test('refuses an item twice', async () => {
    const one = { Get: { TableName, Key: key('got') } };
    const sent = dynamo.document.send(new TransactGetCommand({ TransactItems: [one, one] }));
    await expect(sent).rejects.toThrow('cannot include multiple operations on one item');
  });
});
