import { GetCommand, PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Dynamo, startDynamo } from './dynamodb-engine.ts';

let dynamo: Dynamo;
let TableName: string;
beforeAll(async () => {
  dynamo = await startDynamo();
  TableName = await dynamo.make('Items');
});
beforeEach(() => dynamo.document.send(new PutCommand({ TableName, Item: { ...KEY, ...BEFORE } })));
afterAll(() => dynamo.stop());

const KEY = { pk: 'item', sk: 1 };
const BEFORE = { n: 5, label: 't', parts: ['a', 'b', 'c'], dict: { x: 1, y: { z: 2 } }, tags: new Set(['a', 'b']) };
const VALUES: Record<string, unknown> = {
  ':1': 1,
  ':2': 2,
  ':s': 's',
  ':e': 'e',
  ':list': ['d'],
  ':bc': new Set(['b', 'c']),
  ':ab': new Set(['a', 'b']),
  ':ones': new Set([1]),
};

async function update(UpdateExpression: string, more: Partial<UpdateCommandInput> = {}) {
  const used = Object.entries(VALUES).filter(([name]) => UpdateExpression.match(`${name}(?![A-Za-z0-9_])`));
  const input = { TableName, Key: KEY, UpdateExpression, ReturnValues: 'ALL_NEW' as const, ...more };
  const values = used.length > 0 ? { ExpressionAttributeValues: Object.fromEntries(used) } : {};
  const { Attributes = {} } = await dynamo.document.send(new UpdateCommand({ ...input, ...values }));
  return Attributes;
}

describe('an update', () => {
  test.each<[string, Record<string, unknown>]>([
    ['SET n = :1', { n: 1 }],
    ['set n = n + :1, m = n - :2', { n: 6, m: 3 }],
    ['SET n = label, label = n', { n: 't', label: 5 }],
    ['SET dict.x = :2, dict.y.w = :s', { dict: { x: 2, y: { z: 2, w: 's' } } }],
    ['SET parts[1] = :s', { parts: ['a', 's', 'c'] }],
    ['SET parts[9] = :e, parts[7] = :s', { parts: ['a', 'b', 'c', 's', 'e'] }],
    ['SET parts = list_append(parts, :list)', { parts: ['a', 'b', 'c', 'd'] }],
    ['SET parts = list_append(:list, parts)', { parts: ['d', 'a', 'b', 'c'] }],
    ['SET fresh = list_append(if_not_exists(fresh, :list), :list)', { fresh: ['d', 'd'] }],
    ['SET n = if_not_exists(n, :1), m = if_not_exists(m, :1)', { n: 5, m: 1 }],
    ['SET hits = if_not_exists(hits, :1) + :2', { hits: 3 }],
    ['REMOVE n, dict.y, absent', { n: undefined, dict: { x: 1 } }],
    ['REMOVE parts[0], parts[2], parts[9]', { parts: ['b'] }],
    ['SET parts[1] = :s REMOVE parts[0]', { parts: ['s', 'c'] }],
    ['ADD n :1, m :2, dict.x :1', { n: 6, m: 2, dict: { x: 2, y: { z: 2 } } }],
    ['ADD tags :bc, sibling :ab', { tags: new Set(['a', 'b', 'c']), sibling: new Set(['a', 'b']) }],
    ['DELETE tags :bc, sibling :ab', { tags: new Set(['a']) }],
    ['DELETE tags :ab', { tags: undefined }],
    ['SET n = :1 REMOVE label ADD m :2 DELETE tags :bc', { n: 1, label: undefined, m: 2, tags: new Set(['a']) }],
  ])('%s', async (expression, changed) => {
    const expected = Object.entries({ ...KEY, ...BEFORE, ...changed }).filter(([, value]) => value !== undefined);
    expect(await update(expression)).toEqual(Object.fromEntries(expected));
  });

  test('of an item that is not there makes one, also without an expression', async () => {
    expect(await update('ADD n :1', { Key: { pk: 'new', sk: 1 } })).toEqual({ pk: 'new', sk: 1, n: 1 });
    await dynamo.document.send(new UpdateCommand({ TableName, Key: { pk: 'bare', sk: 1 } }));
    const { Item } = await dynamo.document.send(new GetCommand({ TableName, Key: { pk: 'bare', sk: 1 } }));
    expect(Item).toEqual({ pk: 'bare', sk: 1 });
  });
});

describe('an update is refused and changes nothing', () => {
  test.each([
    ['SET n = absent', 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET n = label + :1', 'An operand in the update expression has an incorrect data type'],
    ['SET parts = list_append(label, :list)', 'An operand in the update expression has an incorrect data type'],
    ['ADD label :1', 'An operand in the update expression has an incorrect data type'],
    ['ADD tags :ones', 'An operand in the update expression has an incorrect data type'],
    ['DELETE n :bc', 'An operand in the update expression has an incorrect data type'],
    ['SET absent.x = :1', 'The document path provided in the update expression is invalid for update'],
    ['SET dict[0] = :1', 'The document path provided in the update expression is invalid for update'],
    ['SET parts.x = :1', 'The document path provided in the update expression is invalid for update'],
    ['REMOVE absent.x', 'The document path provided in the update expression is invalid for update'],
    [
      'SET dict = :1, dict.x = :2',
      'Two document paths overlap with each other; must remove or rewrite one of these paths',
    ],
    ['SET n = :1 REMOVE n', 'path one: [n], path two: [n]'],
    ['SET dict.x = :1, dict[0] = :2', 'Two document paths conflict with each other'],
    ['SET n = :1 SET m = :2', 'The "SET" section can only be used once in an update expression;'],
    ['ADD n :s', 'Incorrect operand type for operator or function; operator: ADD, operand type: S'],
    ['DELETE tags :1', 'operator: DELETE, operand type: N'],
    ['SET sk = :1', 'Cannot update attribute sk. This attribute is part of the key'],
    ['SET n :1', 'Syntax error; token: ":1", near: "n :1 <EOF>"'],
    ['CHANGE n = :1', 'Syntax error'],
    ['SET n = sum(:1, :2)', 'Invalid function name; function: sum'],
    ['SET status = :1', 'reserved keyword: status'],
    ['SET group1 = :s, rank = n', 'reserved keyword: rank'],
  ])('%s', async (expression, message) => {
    await expect(update(expression)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(update(expression)).rejects.toThrow(message);
    const { Item } = await dynamo.document.send(new GetCommand({ TableName, Key: KEY }));
    expect(Item).toEqual({ ...KEY, ...BEFORE });
  });
});

describe('a projection', () => {
  const project = async (ProjectionExpression: string) =>
    (await dynamo.document.send(new GetCommand({ TableName, Key: KEY, ProjectionExpression }))).Item;

  test('answers only what its paths reach, nested as it was', async () => {
    expect(await project('n, dict.y.z, parts[2], parts[0], absent, parts[9], label.deeper')).toEqual({
      n: 5,
      dict: { y: { z: 2 } },
      parts: ['a', 'c'],
    });
    expect(await project('absent')).toEqual({});
  });

  test('with overlapping paths is refused', async () => {
    await expect(project('dict, dict.x')).rejects.toThrow('path one: [dict], path two: [dict, x]');
    await expect(project('n, n')).rejects.toThrow('Two document paths overlap');
    await expect(project('n,')).rejects.toThrow('Invalid ProjectionExpression: Syntax error');
  });
});
