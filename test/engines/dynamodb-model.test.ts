import { DeleteCommand, PutCommand, QueryCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Dynamo, startDynamo } from './dynamodb-engine.ts';

let dynamo: Dynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

interface Row {
  pk: string;
  sk: number;
  n: number;
  group?: string;
  rank?: number;
}
type Step =
  | { kind: 'put'; row: Row; onlyNew: boolean }
  | { kind: 'add'; pk: string; sk: number; amount: number; atLeast: number | undefined }
  | { kind: 'regroup'; pk: string; sk: number; group: string | undefined }
  | { kind: 'delete'; pk: string; sk: number; ifN: number | undefined };

const pk = fc.constantFrom('a', 'b');
const sk = fc.constantFrom(-1.5, -1, 0, 0.25, 2, 10);
const n = fc.integer({ min: 0, max: 9 });
const group = fc.constantFrom('g', 'h');
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const row = fc
  .record({ pk, sk, n, group: maybe(group), rank: maybe(fc.constantFrom(-2, 0, 1.5)) })
  .map(({ group, rank, ...rest }): Row => ({ ...rest, ...(group && { group }), ...(rank !== undefined && { rank }) }));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), row, onlyNew: fc.boolean() }),
  fc.record({ kind: fc.constant('add' as const), pk, sk, amount: n, atLeast: maybe(n) }),
  fc.record({ kind: fc.constant('regroup' as const), pk, sk, group: maybe(group) }),
  fc.record({ kind: fc.constant('delete' as const), pk, sk, ifN: maybe(n) }),
);

test('a table and its index answer as a plain map does, whatever is put, updated and deleted under conditions', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async steps => {
      const TableName = await dynamo.make(`Model${run++}`);
      const model = new Map<string, Row>();
      for (const each of steps) {
        const expected = inModel(model, each);
        const done = await inTable(TableName, each);
        expect(done).toBe(expected);
      }
      await sameAnswers(TableName, [...model.values()]);
    }),
    { numRuns: 30 },
  );
}, 30_000);

/** Whether the step's condition held. */
function inModel(model: Map<string, Row>, step: Step): boolean {
  const { pk, sk } = step.kind === 'put' ? step.row : step;
  const key = `${pk} ${sk}`;
  const before = model.get(key);
  if (step.kind === 'put') {
    if (step.onlyNew && before) return false;
    model.set(key, step.row);
  } else if (step.kind === 'add') {
    if (step.atLeast !== undefined && !(before && before.n >= step.atLeast)) return false;
    model.set(key, { ...(before ?? { pk, sk }), n: (before?.n ?? 0) + step.amount });
  } else if (step.kind === 'regroup') {
    if (!before) return false;
    const { group: _old, ...others } = before;
    model.set(key, step.group === undefined ? others : { ...others, group: step.group });
  } else {
    if (step.ifN !== undefined && before?.n !== step.ifN) return false;
    model.delete(key);
  }
  return true;
}

async function inTable(TableName: string, step: Step): Promise<boolean> {
  try {
    await send(TableName, step);
    return true;
  } catch (error) {
    expect((error as Error).name).toBe('ConditionalCheckFailedException');
    return false;
  }
}

async function send(TableName: string, step: Step): Promise<void> {
  if (step.kind === 'put') {
    const condition = step.onlyNew ? { ConditionExpression: 'attribute_not_exists(pk)' } : {};
    await dynamo.document.send(new PutCommand({ TableName, Item: step.row, ...condition }));
    return;
  }
  const Key = { pk: step.pk, sk: step.sk };
  if (step.kind === 'delete') {
    const condition =
      step.ifN === undefined ? {} : { ConditionExpression: 'n = :n', ExpressionAttributeValues: { ':n': step.ifN } };
    await dynamo.document.send(new DeleteCommand({ TableName, Key, ...condition }));
  } else if (step.kind === 'add') {
    await dynamo.document.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'ADD n :amount',
        ...(step.atLeast !== undefined && { ConditionExpression: 'n >= :least' }),
        ExpressionAttributeValues: {
          ':amount': step.amount,
          ...(step.atLeast !== undefined && { ':least': step.atLeast }),
        },
      }),
    );
  } else {
    await dynamo.document.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: step.group === undefined ? 'REMOVE #g' : 'SET #g = :g',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#g': 'group' },
        ...(step.group !== undefined && { ExpressionAttributeValues: { ':g': step.group } }),
      }),
    );
  }
}

async function sameAnswers(TableName: string, rows: readonly Row[]): Promise<void> {
  for (const value of ['a', 'b']) {
    const { Items } = await dynamo.document.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk AND sk >= :from',
        ExpressionAttributeValues: { ':pk': value, ':from': -1 },
      }),
    );
    expect(Items).toEqual(rows.filter(row => row.pk === value && row.sk >= -1).sort((a, b) => a.sk - b.sk));
  }
  for (const value of ['g', 'h']) {
    const { Items = [] } = await dynamo.document.send(
      new QueryCommand({
        TableName,
        IndexName: 'byRank',
        KeyConditionExpression: '#g = :g',
        ExpressionAttributeNames: { '#g': 'group' },
        ExpressionAttributeValues: { ':g': value },
      }),
    );
    const held = rows.filter(row => row.group === value && row.rank !== undefined);
    expect(Items.map(({ rank }) => rank)).toEqual(held.map(({ rank }) => rank ?? 0).sort((a, b) => a - b));
    expect(byKey(Items as Row[])).toEqual(byKey(held));
  }
  const { Items = [] } = await dynamo.document.send(new ScanCommand({ TableName }));
  expect(byKey(Items as Row[])).toEqual(byKey(rows));
}

function byKey(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => (a.pk < b.pk ? -1 : a.pk > b.pk ? 1 : a.sk - b.sk));
}
