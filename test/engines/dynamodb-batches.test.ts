import { BatchGetCommand, BatchWriteCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, type Dynamo, startDynamo } from './dynamodb-engine.ts';

let dynamo: Dynamo;
let [one, two] = ['', ''];
beforeAll(async () => {
  dynamo = await startDynamo();
  one = await dynamo.make('One');
  two = await dynamo.make('Two');
});
afterAll(() => dynamo.stop());

const key = (n: number) => ({ pk: 'batch', sk: n });
const put = (n: number, more = {}) => ({ PutRequest: { Item: { ...key(n), ...more } } });
const write = (RequestItems: BatchWriteCommandInput['RequestItems']) =>
  dynamo.document.send(new BatchWriteCommand({ RequestItems }));

describe('BatchWriteItem', () => {
  test('puts and deletes in several tables', async () => {
    await write({ [one]: [put(1), put(2)], [two]: [put(1, { label: 'two' })] });
    const { UnprocessedItems } = await write({ [one]: [{ DeleteRequest: { Key: key(1) } }, put(3)] });
    expect(UnprocessedItems).toEqual({});
    const { Responses = {} } = await dynamo.document.send(
      new BatchGetCommand({
        RequestItems: {
          [one]: { Keys: [key(1), key(2), key(3)] },
          [two]: { Keys: [key(1)], ProjectionExpression: 'label', ConsistentRead: true },
        },
      }),
    );
    expect(Responses[one]).toEqual([key(2), key(3)]);
    expect(Responses[two]).toEqual([{ label: 'two' }]);
  });

  test('refuses none, more than 25, an item twice, and one wrong item with all the others', async () => {
    const many = Array.from({ length: 26 }, (_, n) => put(n + 100));
    await expect(write({ [one]: many })).rejects.toThrow('less than or equal to 25');
    await expect(write({})).rejects.toThrow('greater than or equal to 1');
    await expect(write({ [one]: [put(100), put(100)] })).rejects.toThrow(
      'Provided list of item keys contains duplicates',
    );
    await expect(write({ [one]: [put(100), put(101, { group: 1 })] })).rejects.toThrow('Type mismatch for Index Key');
    const { Responses = {} } = await dynamo.document.send(
      new BatchGetCommand({ RequestItems: { [one]: { Keys: [key(100)] } } }),
    );
    expect(Responses[one]).toEqual([]);
  });

  test('refuses a request of another kind by name', async () => {
    const body = { RequestItems: { [one]: [{ UpdateRequest: {} }] } };
    await expect(call(dynamo.client, 'DynamoDB_20120810.BatchWriteItem', body)).rejects.toThrow(
      `UpdateRequest is not supported in RequestItems.${one}`,
    );
  });
});

describe('BatchGetItem', () => {
  const get = (keys: Record<string, unknown>[]) =>
    dynamo.document.send(new BatchGetCommand({ RequestItems: { [one]: { Keys: keys } } }));

  test('refuses more than 100 keys and a key twice', async () => {
    const many = Array.from({ length: 101 }, (_, n) => key(n));
    await expect(get(many)).rejects.toThrow('Too many items requested for the BatchGetItem call');
    await expect(get([key(1), key(1)])).rejects.toThrow('Provided list of item keys contains duplicates');
  });

  test('hands back the keys that do not fit in 16 MB', async () => {
    const keys = Array.from({ length: 45 }, (_, n) => key(n + 1000));
    for (const { sk } of keys) await write({ [one]: [put(sk, { load: 'x'.repeat(400_000) })] });
    const first = await get(keys);
    const left = first.UnprocessedKeys?.[one]?.Keys ?? [];
    expect(first.Responses?.[one]?.length).toBe(41);
    expect(left).toEqual(keys.slice(41));
    expect((await get(left)).Responses?.[one]).toHaveLength(4);
  });
});
