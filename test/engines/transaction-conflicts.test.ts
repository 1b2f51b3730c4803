/** Transactions that meet others on their item, by the product's own client over its own tables. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTENTION_RETRIES, contentionPause, retryContention } from '../../functions/data/contention.ts';
import { documents } from '../../functions/data/table.ts';
import { commit, RETRY, transact } from '../../functions/data/transaction.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';

let product: ProductTables;
beforeAll(async () => {
  product = await startProductTables();
});
afterAll(() => product?.stop());

const conflict = () =>
  new TransactionCanceledException({
    message: 'met another',
    $metadata: {},
    CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
  });

describe('the policy for contention', () => {
  /** Sends that meet others so often; every pause is its longest. */
  async function sendAfter(meetings: number, thrown: () => Error = conflict) {
    const pauses: number[] = [];
    let sent = 0;
    const outcome = retryContention(
      async () => {
        if (sent++ < meetings) throw thrown();
        return 'sent';
      },
      { random: bytes => new Uint8Array(bytes).fill(255), pause: async ms => void pauses.push(ms) },
    );
    return { outcome: await outcome.catch(error => error), pauses, sent };
  }

  it('sends again after pauses that double up to a second, and gets through', async () => {
    const { outcome, pauses } = await sendAfter(CONTENTION_RETRIES);
    expect(outcome).toBe('sent');
    expect(pauses.slice(0, 8)).toEqual([10, 20, 40, 80, 160, 320, 640, 1000]);
    expect(pauses).toHaveLength(CONTENTION_RETRIES);
    expect(Math.max(...pauses)).toBe(1000);
  });

  it('gives up at last with a refusal that says that it may be sent again', async () => {
    expect((await sendAfter(CONTENTION_RETRIES + 1)).outcome).toMatchObject({ kind: 'busy' });
  });

  it('spreads those that met: a pause is any share of its longest', () => {
    const [least, most] = [0, 255].map(byte => contentionPause(5, bytes => new Uint8Array(bytes).fill(byte)));
    expect([least, most]).toEqual([0, 160]);
  });

  it('says busy at once where the SDK has given up on a throttled table', async () => {
    const throttled = () => Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const { outcome, sent } = await sendAfter(1, throttled);
    expect(outcome).toMatchObject({ kind: 'busy' });
    expect(sent).toBe(1);
  });

  it('sends nothing again that was refused for another reason', async () => {
    const { outcome, sent } = await sendAfter(1, () => new RangeError('wrong'));
    expect(outcome).toBeInstanceOf(RangeError);
    expect(sent).toBe(1);
  });
});

describe('a call of the shared client', () => {
  /** The next so many calls meet another transaction. */
  async function whileMeeting<Result>(meetings: number, name: string, action: () => Promise<Result>): Promise<Result> {
    let left = meetings;
    documents.middlewareStack.add(
      next => async args => {
        if (left-- > 0)
          throw name === 'TransactionCanceledException' ? conflict() : Object.assign(new Error(), { name });
        return next(args);
      },
      { step: 'initialize', name: 'meetings' },
    );
    try {
      return await action();
    } finally {
      documents.middlewareStack.remove('meetings');
    }
  }
  const put = (pk: string) => ({ item: { Put: { TableName: product.tables.core, Item: { pk, sk: 'ITEM' } } } });

  it('meets others and is sent again: a transaction', async () => {
    await whileMeeting(3, 'TransactionCanceledException', () => commit(put('late')));
    expect(await product.items(product.tables.core, 'late')).toHaveLength(1);
  });

  it('meets others and is sent again: a single write', async () => {
    const write = new UpdateCommand({
      TableName: product.tables.core,
      Key: { pk: 'single', sk: 'ITEM' },
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': 1 },
    });
    await whileMeeting(2, 'TransactionConflictException', () => documents.send(write));
    expect(await product.items(product.tables.core, 'single')).toMatchObject([{ n: 1 }]);
  });
});

describe('transact', () => {
  const key = { pk: 'counter', sk: 'ITEM' };
  const read = async (): Promise<number> => {
    const { Item } = await documents.send(new GetCommand({ TableName: product.tables.core, Key: key }));
    return Number(Item?.n ?? 0);
  };
  const write = (from: number, to: number) => ({
    counter: {
      Put: {
        TableName: product.tables.core,
        Item: { ...key, n: to },
        ConditionExpression: 'attribute_not_exists(n) OR n = :from',
        ExpressionAttributeValues: { ':from': from },
      },
    },
  });

  it('reads and decides again where another was faster, so that nothing is lost', async () => {
    const increments = Array.from({ length: 20 }, () =>
      transact(async () => {
        const n = await read();
        return { result: n + 1, writes: write(n, n + 1) };
      }),
    );
    const answered = await Promise.all(increments);
    expect(answered.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(await read()).toBe(20);
  });

  it('answers what the refused conditions mean, and writes nothing then', async () => {
    const answer = await transact<string>(() => ({
      result: 'written',
      writes: write(-1, 0),
      refused: refused => ('counter' in refused ? 'refused' : RETRY),
    }));
    expect(answer).toBe('refused');
    expect(await read()).toBe(20);
  });

  it('writes nothing where nothing is to be written', async () => {
    expect(await transact(() => ({ result: 'nothing' }))).toBe('nothing');
  });
});
