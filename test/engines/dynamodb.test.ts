import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, type Dynamo, restart, startDynamo } from './dynamodb-engine.ts';

let dynamo: Dynamo;
let TableName: string;
beforeAll(async () => {
  dynamo = await startDynamo();
  TableName = await dynamo.make('Items');
});
afterAll(() => dynamo.stop());

type Item = Record<string, AttributeValue>;
const keyed = (pk: string, more: Item = {}): Item => ({ pk: { S: pk }, sk: { N: '1' }, ...more });
const put = (Item: Item, more: Partial<PutItemCommandInput> = {}) =>
  dynamo.client.send(new PutItemCommand({ TableName, Item, ...more }));
const get = async (pk: string) => (await dynamo.client.send(new GetItemCommand({ TableName, Key: keyed(pk) }))).Item;
const update = (pk: string, UpdateExpression: string, more: Partial<UpdateItemCommandInput> = {}) =>
  dynamo.client.send(new UpdateItemCommand({ TableName, Key: keyed(pk), UpdateExpression, ...more }));

describe('an item', () => {
  test('comes back with every kind of value, and attribute names that JavaScript knows otherwise', async () => {
    const item = keyed('kinds', {
      text: { S: 'héllo 🎞' },
      empty: { S: '' },
      number: { N: '-1.5' },
      bytes: { B: Uint8Array.of(0, 255, 7) },
      yes: { BOOL: true },
      nothing: { NULL: true },
      texts: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '2.5'] },
      blobs: { BS: [Uint8Array.of(1)] },
      list: { L: [{ S: 'x' }, { L: [] }] },
      map: { M: { inner: { M: {} } } },
      constructor: { S: 'a name like any other' },
    });
    await put(item);
    expect(await get('kinds')).toEqual(item);
  });

  test('may have an attribute named __proto__, which is an attribute and no prototype', async () => {
    const send = (operation: string, body: string) =>
      call(dynamo.client, `DynamoDB_20120810.${operation}`, JSON.parse(`{"TableName":"${TableName}",${body}}`));
    await send('PutItem', '"Item":{"pk":{"S":"proto"},"sk":{"N":"1"},"__proto__":{"M":{"toString":{"S":"own"}}}}');
    await send(
      'UpdateItem',
      `"Key":{"pk":{"S":"proto"},"sk":{"N":"1"}},"UpdateExpression":"SET #p.valueOf = :v",
       "ConditionExpression":"attribute_not_exists(hasOwnProperty)",
       "ExpressionAttributeNames":{"#p":"__proto__"},"ExpressionAttributeValues":{":v":{"S":"set"}}`,
    );
    const { Item } = await send('GetItem', '"Key":{"pk":{"S":"proto"},"sk":{"N":"1"}}');
    expect(JSON.stringify(Item)).toContain('"__proto__":{"M":{"toString":{"S":"own"},"valueOf":{"S":"set"}}}');
  });

  test('that is not there is no item, and deleting it is no error', async () => {
    expect(await get('nowhere')).toBeUndefined();
    await dynamo.client.send(new DeleteItemCommand({ TableName, Key: keyed('nowhere') }));
  });

  test('survives a restart, with its table and its indexes', async () => {
    await put(keyed('kept', { group: { S: 'kept' } }));
    dynamo = await restart(dynamo);
    expect(await get('kept')).toEqual(keyed('kept', { group: { S: 'kept' } }));
    await dynamo.make('Items');
    const { Items } = await dynamo.document.send(
      new QueryCommand({
        TableName,
        IndexName: 'keysOnly',
        KeyConditionExpression: '#g = :g',
        ExpressionAttributeNames: { '#g': 'group' },
        ExpressionAttributeValues: { ':g': 'kept' },
      }),
    );
    expect(Items).toEqual([{ pk: 'kept', sk: 1, group: 'kept' }]);
  });

  test('is refused without its key, with a wrong, empty or long key, or with a wrong index key', async () => {
    const refused: [Item, string][] = [
      [{ pk: { S: 'a' } }, 'Missing the key sk in the item'],
      [{ pk: { N: '1' }, sk: { N: '1' } }, 'Type mismatch for key pk expected: S actual: N'],
      [keyed(''), 'cannot contain an empty string value. Key: pk'],
      [keyed('x'.repeat(2049)), 'Size of hashkey has exceeded the maximum size limit of2048 bytes'],
      [keyed('a', { group: { N: '1' } }), 'Type mismatch for Index Key group Expected: S Actual: N IndexName: byRank'],
      [keyed('a', { group: { S: '' } }), 'IndexName: byRank, IndexKey: group'],
      [keyed('a', { set: { SS: [] } }), 'may not be empty'],
      [keyed('a', { set: { NS: ['1', '1.0'] } }), 'contains duplicates'],
      [keyed('a', { number: { N: 'abc' } }), 'cannot be converted to a numeric value: abc'],
      [keyed('a', { big: { S: 'x'.repeat(400 * 1024) } }), 'Item size has exceeded the maximum allowed size'],
      [keyed('a', { deep: nested(33) }), 'Nesting Levels have exceeded supported limits'],
    ];
    for (const [item, message] of refused) {
      await expect(put(item)).rejects.toMatchObject({
        name: 'ValidationException',
        message: expect.stringContaining(message),
      });
    }
    await put(keyed('a', { big: { S: 'x'.repeat(400 * 1024 - 20) } }));
    await put(keyed('a', { deep: nested(31) }));
  });

  test('is only found by a key that has exactly the schema', async () => {
    for (const Key of [{ pk: { S: 'a' } }, { ...keyed('a'), extra: { S: 'x' } }, { pk: { S: 'a' }, sk: { S: '1' } }]) {
      const found = dynamo.client.send(new GetItemCommand({ TableName, Key }));
      await expect(found).rejects.toThrow('The provided key element does not match the schema');
    }
  });

  test('of a table that is not there answers ResourceNotFoundException', async () => {
    const found = dynamo.client.send(new GetItemCommand({ TableName: 'Nowhere', Key: keyed('a') }));
    await expect(found).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('a condition', () => {
  test('that fails changes nothing, and tells the item only where asked', async () => {
    const first = keyed('once', { n: { N: '1' } });
    await put(first, { ConditionExpression: 'attribute_not_exists(pk)' });
    const again = { ConditionExpression: 'attribute_not_exists(pk)' } as const;
    await expect(put(keyed('once'), again)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: undefined,
    });
    await expect(
      put(keyed('once'), { ...again, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    ).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: first,
    });
    expect(await get('once')).toEqual(first);
  });

  test('lets exactly so many of 32 x 20 concurrent decrements through as there is', async () => {
    await put(keyed('balance', { n: { N: '500' } }));
    const decrement = () =>
      update('balance', 'SET n = n - :one', {
        ConditionExpression: 'n >= :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }).then(
        () => 'done',
        (error: Error) => error.name,
      );
    const workers = Array.from({ length: 32 }, async () => {
      const results: string[] = [];
      for (let i = 0; i < 20; i++) results.push(await decrement());
      return results;
    });
    const results = (await Promise.all(workers)).flat();
    expect(results.filter(result => result === 'done')).toHaveLength(500);
    expect(results.filter(result => result === 'ConditionalCheckFailedException')).toHaveLength(140);
    expect((await get('balance'))?.n).toEqual({ N: '0' });
  });
});

describe('ReturnValues', () => {
  test('of an update are the whole item or only what changed, before or after', async () => {
    const changed = async (ReturnValues: UpdateItemCommandInput['ReturnValues']) => {
      await put(keyed('returned', { a: { N: '1' }, b: { M: { c: { N: '1' }, d: { N: '1' } } } }));
      const { Attributes } = await update('returned', 'SET a = a + :one, b.c = :one, e = :one', {
        ReturnValues,
        ExpressionAttributeValues: { ':one': { N: '9' } },
      });
      return Attributes;
    };
    expect(await changed('NONE')).toBeUndefined();
    expect(await changed('ALL_OLD')).toEqual(
      keyed('returned', { a: { N: '1' }, b: { M: { c: { N: '1' }, d: { N: '1' } } } }),
    );
    expect(await changed('UPDATED_OLD')).toEqual({ a: { N: '1' }, b: { M: { c: { N: '1' } } } });
    expect(await changed('UPDATED_NEW')).toEqual({ a: { N: '10' }, b: { M: { c: { N: '9' } } }, e: { N: '9' } });
    expect((await changed('ALL_NEW'))?.e).toEqual({ N: '9' });
  });

  test('of a put or delete are the old item or nothing', async () => {
    await put(keyed('old', { v: { S: '1' } }));
    expect((await put(keyed('old'), { ReturnValues: 'ALL_OLD' })).Attributes?.v).toEqual({ S: '1' });
    const deleted = await dynamo.client.send(
      new DeleteItemCommand({ TableName, Key: keyed('old'), ReturnValues: 'ALL_OLD' }),
    );
    expect(deleted.Attributes).toEqual(keyed('old'));
    await expect(put(keyed('old'), { ReturnValues: 'ALL_NEW' })).rejects.toThrow('Return values set to invalid value');
  });
});

test('ConsumedCapacity counts started KB of the table and of each index that changes', async () => {
  const big = keyed('capacity', { group: { S: 'g' }, rank: { N: '1' }, text: { S: 'x'.repeat(1500) } });
  const written = await put(big, { ReturnConsumedCapacity: 'INDEXES' });
  expect(written.ConsumedCapacity).toEqual({
    TableName,
    CapacityUnits: 6,
    Table: { CapacityUnits: 2 },
    GlobalSecondaryIndexes: {
      byRank: { CapacityUnits: 2 },
      keysOnly: { CapacityUnits: 1 },
      withColor: { CapacityUnits: 1 },
    },
  });
  const read = (ConsistentRead: boolean) =>
    dynamo.client.send(
      new GetItemCommand({ TableName, Key: keyed('capacity'), ConsistentRead, ReturnConsumedCapacity: 'TOTAL' }),
    );
  expect((await read(false)).ConsumedCapacity).toEqual({ TableName, CapacityUnits: 0.5 });
  expect((await read(true)).ConsumedCapacity).toEqual({ TableName, CapacityUnits: 1 });
});

describe('what is not supported', () => {
  test('is refused by name: legacy parameters and unknown ones', async () => {
    for (const [parameter, instead] of [
      ['Expected', 'ConditionExpression'],
      ['ConditionalOperator', 'ConditionExpression'],
      ['Unheard', 'is not supported in PutItem'],
    ] as const) {
      const body = { TableName, Item: keyed('a'), [parameter]: {} };
      await expect(call(dynamo.client, 'DynamoDB_20120810.PutItem', body)).rejects.toMatchObject({
        name: 'ValidationException',
        message: expect.stringMatching(new RegExp(`${parameter}.*${instead}`)),
      });
    }
    const legacy = [
      ['UpdateItem', 'AttributeUpdates'],
      ['GetItem', 'AttributesToGet'],
      ['Query', 'KeyConditions'],
      ['Query', 'QueryFilter'],
      ['Scan', 'ScanFilter'],
    ] as const;
    for (const [operation, parameter] of legacy) {
      const sent = call(dynamo.client, `DynamoDB_20120810.${operation}`, { TableName, [parameter]: {} });
      await expect(sent).rejects.toThrow(`${parameter} is not supported in ${operation}`);
    }
  });

  test('is refused by name: operations of this API and of others', async () => {
    for (const target of [
      'DynamoDB_20120810.ExecuteStatement',
      'DynamoDB_20120810.CreateBackup',
      'Other.PutItem',
      '',
    ]) {
      await expect(call(dynamo.client, target, {})).rejects.toMatchObject({ name: 'UnknownOperationException' });
    }
  });
});

function nested(depth: number): AttributeValue {
  return depth === 0 ? { S: 'end' } : { M: { in: nested(depth - 1) } };
}
