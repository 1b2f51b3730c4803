import { PutCommand, ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dynamo, startDynamo } from './dynamodb-engine.ts';

let dynamo: Dynamo;
let TableName: string;
beforeAll(async () => {
  dynamo = await startDynamo();
  TableName = await dynamo.make('Items');
  await dynamo.document.send(new PutCommand({ TableName, Item: ITEM }));
});
afterAll(() => dynamo.stop());

const ITEM = {
  pk: 'item',
  sk: 1,
  n: 5,
  price: 0.1,
  label: 'héllo',
  color: 'red',
  yes: true,
  hollow: null,
  bytes: Uint8Array.of(1, 2, 3),
  tags: new Set(['a', 'b']),
  numbers: new Set([1, 2]),
  parts: ['x', 2, { deep: [10, 20] }],
  nest: { a: { b: 'c' }, sibling: 5 },
  'dotted.name': 'dot',
};
const VALUES: Record<string, unknown> = {
  ':4': 4,
  ':5': 5,
  ':6': 6,
  ':7': 7,
  ':tenth': 0.1,
  ':s5': '5',
  ':red': 'red',
  ':blue': 'blue',
  ':he': 'hé',
  ':ll': 'll',
  ':a': 'a',
  ':c': 'c',
  ':x': 'x',
  ':two': 2,
  ':yes': true,
  ':null': null,
  ':byte': Uint8Array.of(1),
  ':tags': new Set(['b', 'a']),
  ':list': [10, 20],
  ':map': { b: 'c' },
  ':S': 'S',
  ':SS': 'SS',
  ':NULL': 'NULL',
  ':X': 'X',
};
const NAMES: Record<string, string> = { '#dot': 'dotted.name', '#n': 'n', '#a': 'a' };

/** Scans with the filter, giving only the placeholders that it uses. */
function filter(FilterExpression: string, more: Partial<ScanCommandInput> = {}) {
  const used = <T>(given: Record<string, T>) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => FilterExpression.match(`${name}(?![A-Za-z0-9_])`)));
  const [names, values] = [used(NAMES), used(VALUES)];
  return dynamo.document.send(
    new ScanCommand({
      TableName,
      FilterExpression,
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      ...more,
    }),
  );
}

describe('a condition that is true', () => {
  test.each([
    'n = :5',
    'n <> :6',
    'n <> :s5',
    'absent <> :5',
    'n < :6',
    'n <= :5',
    'n > :4',
    'n >= :5',
    ':4 < n',
    'n = nest.sibling',
    'price = :tenth',
    'n BETWEEN :5 AND :6',
    'n between :4 and :6',
    'color IN (:blue, :red)',
    'n = :5 AND color = :red',
    'n = :6 OR color = :red',
    'n = :5 OR n = :6 AND color = :blue',
    'NOT n = :6 AND color = :red',
    'NOT (n = :6 OR color = :blue)',
    'not not n = :5',
    '(n = :6 OR n = :5) AND (color = :red)',
    'NOT absent < :5',
    'attribute_exists(nest.a.b)',
    'attribute_exists(parts[2].deep[1])',
    'attribute_not_exists(parts[3])',
    'attribute_not_exists(nest.zzz)',
    'attribute_not_exists(label.deeper)',
    'attribute_type(label, :S)',
    'attribute_type(tags, :SS)',
    'attribute_type(hollow, :NULL)',
    'begins_with(label, :he)',
    'begins_with(bytes, :byte)',
    'contains(label, :ll)',
    'contains(tags, :a)',
    'contains(numbers, :two)',
    'contains(parts, :x)',
    'contains(parts, :two)',
    'contains(parts[2].deep, parts[2].deep[0])',
    'size(label) = :6',
    'size(tags) = :two',
    'size(parts) < :5 AND size(nest) = :two',
    'size(bytes) < size(label)',
    'yes = :yes',
    'hollow = :null',
    'tags = :tags',
    'parts[2].deep = :list',
    'nest.#a = :map',
    'nest.a.b = :c',
    '#dot <> :c AND attribute_exists(#dot)',
    '#n = :5',
    'label>:he',
    'parts[0]=:x',
  ])('%s', async expression => {
    expect((await filter(expression)).Count).toBe(1);
  });
});

describe('a condition that is false', () => {
  test.each([
    'n = :s5',
    'n < :s5',
    'absent = :5',
    'absent < :5',
    'absent BETWEEN :4 AND :6',
    'n BETWEEN :6 AND :7',
    'n IN (:4, :6)',
    'NOT n = :5',
    '(n = :5 OR n = :6) AND color = :blue',
    'attribute_exists(absent)',
    'attribute_type(n, :S)',
    'begins_with(label, :ll)',
    'begins_with(n, :he)',
    'contains(tags, :c)',
    'contains(tags, :two)',
    'contains(n, :5)',
    'size(n) = :5',
    'size(absent) = :5',
    'color = label',
    'parts[9] = :x',
    '#dot = :c',
  ])('%s', async expression => {
    expect((await filter(expression)).Count).toBe(0);
  });
});

describe('a condition that cannot be is refused', () => {
  test.each([
    ['', 'The expression can not be empty;'],
    ['n = ', 'Syntax error; token: "<EOF>", near: "= <EOF>"'],
    ['n == :5', 'Syntax error; token: "="'],
    ['n = :5 AND', 'Syntax error; token: "<EOF>"'],
    ['n = :5 color = :red', 'Syntax error; token: "color"'],
    ['n', 'Syntax error'],
    ['n & :5', 'Syntax error; token: "&"'],
    ['_n = :5', 'Syntax error; token: "_"'],
    ['name = :5', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['nest.Status = :5', 'reserved keyword: Status'],
    ['((n = :5))', 'The expression has redundant parentheses;'],
    [
      '#missing = :5',
      'An expression attribute name used in the document path is not defined; attribute name: #missing',
    ],
    ['n = :missing', 'An expression attribute value used in expression is not defined; attribute value: :missing'],
    ['color = color', 'The first operand must be distinct from the remaining operands'],
    ['starts_with(label, :he)', 'Invalid function name; function: starts_with'],
    ['attribute_exists(n, label)', 'Incorrect number of operands for operator or function'],
    ['attribute_exists(:5)', 'Operator or function requires a document path'],
    ['attribute_type(n, :X)', 'Invalid attribute type name found; type: X'],
    ['attribute_type(n, :5)', 'Incorrect operand type for operator or function'],
    ['begins_with(label, :5)', 'operator or function: begins_with, operand type: N'],
    ['n < :list', 'operator or function: <, operand type: L'],
    ['n BETWEEN :6 AND :4', 'requires upper bound to be greater than or equal to lower bound'],
    ['n BETWEEN :4 AND :red', 'requires same data type for lower and upper bounds'],
    ['size(label)', 'The function is not allowed to be used this way in an expression; function: size'],
    ['attribute_exists(n) = :yes', 'Syntax error'],
    ['n = contains(tags, :a)', 'not allowed to be used this way in an expression; function: contains'],
    [`n IN (${Array.from({ length: 101 }, () => ':5').join()})`, 'too many operands; number of operands: 101'],
    [`n = :5${' '.repeat(4096)}AND n = :5`, 'Expression size has exceeded the maximum allowed size'],
  ])('%s', async (expression, message) => {
    await expect(filter(expression)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(`Invalid FilterExpression: `),
    });
    await expect(filter(expression)).rejects.toThrow(message);
  });
});

describe('placeholders', () => {
  test.each<[Partial<ScanCommandInput>, string]>([
    [
      { ExpressionAttributeNames: { '#n': 'n', '#u': 'u' } },
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#u}',
    ],
    [
      { ExpressionAttributeValues: { ':5': 5, ':u': 1 } },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:u}',
    ],
    [{ ExpressionAttributeNames: {} }, 'ExpressionAttributeNames must not be empty'],
    [{ ExpressionAttributeNames: { n: 'n' } }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "n"'],
    [{ FilterExpression: undefined }, 'ExpressionAttributeNames can only be specified when using expressions'],
  ])('%j is refused', async (more, message) => {
    await expect(filter('#n = :5', more)).rejects.toThrow(message);
  });
});
