import { GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dynamo, startDynamo } from './dynamodb-engine.ts';

let dynamo: Dynamo;
let TableName: string;
beforeAll(async () => {
  dynamo = await startDynamo();
  TableName = await dynamo.make('Numbers');
});
afterAll(() => dynamo.stop());

const KEY = { pk: { S: 'n' }, sk: { N: '0' } };
const store = async (n: string) => {
  await dynamo.client.send(new PutItemCommand({ TableName, Item: { ...KEY, n: { N: n } } }));
  return (await dynamo.client.send(new GetItemCommand({ TableName, Key: KEY }))).Item?.n?.N;
};
const calculate = async (left: string, operator: '+' | '-', right: string) => {
  const { Attributes } = await dynamo.client.send(
    new UpdateItemCommand({
      TableName,
      Key: KEY,
      UpdateExpression: `SET n = :left ${operator} :right`,
      ExpressionAttributeValues: { ':left': { N: left }, ':right': { N: right } },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return Attributes?.n?.N;
};

describe('a number', () => {
  test.each([
    ['0', '0'],
    ['-0.00', '0'],
    ['007', '7'],
    ['+1.50', '1.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e3', '1000'],
    ['-12.5E-3', '-0.0125'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['0.00000000000000000000000000000000000001', '0.00000000000000000000000000000000000001'],
    ['9.9E125', `99${'0'.repeat(124)}`],
    ['1E-130', `0.${'0'.repeat(129)}1`],
  ])('%s is stored as %s', async (given, stored) => {
    expect(await store(given)).toBe(stored);
  });

  test.each([
    ['123456789012345678901234567890123456789', 'more than 38 significant digits'],
    ['1E126', 'Number overflow'],
    ['-1E126', 'Number overflow'],
    ['1E-131', 'Number underflow'],
    ['1E999999999', 'Number overflow'],
    ['', 'cannot be converted to a numeric value'],
    ['0x10', 'cannot be converted to a numeric value'],
    ['NaN', 'cannot be converted to a numeric value'],
    ['1 ', 'cannot be converted to a numeric value'],
  ])('%j is refused', async (given, message) => {
    await expect(store(given)).rejects.toThrow(message);
  });
});

describe('arithmetic', () => {
  test('has no error of binary fractions, and refuses a result that 38 digits cannot hold', async () => {
    expect(await calculate('0.1', '+', '0.2')).toBe('0.3');
    expect(await calculate('1', '-', '0.9')).toBe('0.1');
    expect(await calculate('9007199254740993', '+', '1')).toBe('9007199254740994');
    await expect(calculate('1E37', '+', '0.1')).rejects.toThrow('more than 38 significant digits');
    await expect(calculate('9E125', '+', '9E125')).rejects.toThrow('Number overflow');
  });

  test('is exact for any two amounts of up to 30 digits with 6 decimals', async () => {
    const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    await fc.assert(
      fc.asyncProperty(amount, amount, async (a, b) => {
        expect(await calculate(decimal(a), '+', decimal(b))).toBe(decimal(a + b));
        expect(await calculate(decimal(a), '-', decimal(b))).toBe(decimal(a - b));
      }),
      { numRuns: 60 },
    );
  });
});

test('a sort key of any numbers is in the order of the numbers, and its ranges hold exactly those inside', async () => {
  const numbers = fc.uniqueArray(
    fc.oneof(
      fc.tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: -20, max: 20 })),
      // Numbers that begin alike, such as -12 and -12.5.
      fc.tuple(fc.constantFrom(-125n, -120n, -12n, -1n, 0n, 1n, 12n, 125n), fc.integer({ min: -3, max: 1 })),
    ),
    { minLength: 2, maxLength: 12, selector: ([coefficient, exponent]) => String(scaled(coefficient, exponent)) },
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(numbers, async pairs => {
      const pk = { S: `sorted ${run++}` };
      for (const [coefficient, exponent] of pairs) {
        await dynamo.client.send(
          new PutItemCommand({ TableName, Item: { pk, sk: { N: `${coefficient}e${exponent}` } } }),
        );
      }
      const inOrder = pairs
        .map(([coefficient, exponent]) => scaled(coefficient, exponent))
        .sort((a, b) => (a < b ? -1 : 1));
      const query = async (condition: string, values: Record<string, { N: string }> = {}) => {
        const { Items = [] } = await dynamo.client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: `pk = :pk${condition}`,
            ExpressionAttributeValues: { ':pk': pk, ...values },
          }),
        );
        return Items.map(({ sk }) => parsed(sk?.N ?? ''));
      };
      expect(await query('')).toEqual(inOrder);
      const [pivot = [0n, 0]] = pairs;
      const [bound, value] = [{ ':b': { N: `${pivot[0]}e${pivot[1]}` } }, scaled(...pivot)];
      expect(await query(' AND sk < :b', bound)).toEqual(inOrder.filter(n => n < value));
      expect(await query(' AND sk >= :b', bound)).toEqual(inOrder.filter(n => n >= value));
      expect(await query(' AND sk = :b', bound)).toEqual([value]);
    }),
    { numRuns: 25 },
  );
});

/** Millionths as a plain decimal. */
function decimal(millionths: bigint): string {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, '0');
  const text = `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, '');
  return millionths < 0n ? `-${text}` : text;
}

/** The number times 10^20, exactly. */
function scaled(coefficient: bigint, exponent: number): bigint {
  return coefficient * 10n ** BigInt(exponent + 20);
}

/** A plain decimal of at most 20 places times 10^20. */
function parsed(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(20, '0'));
}
