/** Ends of accounts as two operators order them, by the product's own commands over its own tables. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccount } from '../../functions/accounts/accounts-store.ts';
import { commit } from '../../functions/data/transaction.ts';
import type { Caller } from '../../functions/http/caller.ts';
import {
  decideTermination,
  endByDecision,
  orderTermination,
  requestTermination,
} from '../../functions/termination/termination-command.ts';
import { beginWrite, findTermination } from '../../functions/termination/terminations-store.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { racer, random } from '../support/racer.ts';

let product: ProductTables;
beforeAll(async () => {
  product = await startProductTables();
});
afterAll(() => product?.stop());

const DAY = 24 * 3600_000;
const START = Date.UTC(2026, 11, 1, 12);
const at = (ms: number) => ({
  tables: product.tables,
  now: () => ms,
  random,
  mailFrom: 'from@platform.example',
  support: 'help@platform.example',
});
const person = (id: string, accountId = ''): Extract<Caller, { kind: 'person' }> => ({
  kind: 'person',
  id,
  accountId,
  plan: '',
  roles: ['operator'],
  address: '192.0.2.1',
  client: 'test',
});
const owner = (accountId: string, now: number): Caller => ({ ...person('user_1', accountId), signedInAt: now });
const account = async (): Promise<string> => (await racer(product)).accountId;
const order = { cause: 'violation', reason: 'the same again' } as const;
const stateOf = async (id: string) => (await findTermination(product.tables.core, id))?.state;
const statusOf = async (id: string) => (await findAccount(product.tables.core, id))?.status;

describe('an end that two operators order', () => {
  it('is the same for both: one who names another day, or none, proposes it anew', async () => {
    const id = await account();
    const closesAt = '2027-06-01T00:00:00Z';
    const first = await orderTermination(at(START), person('one'), { ...order, id, closesAt });
    expect(first).toMatchObject({ state: 'proposed', closesAt: '2027-06-01T00:00:00.000Z' });
    const second = await orderTermination(at(START), person('two'), { ...order, id });
    expect([second.state, second.requestedBy, await statusOf(id)]).toEqual(['proposed', 'two', 'active']);
    await orderTermination(at(START), person('two'), { ...order, id, closesAt });
    const written = { ...order, id, closesAt: '2027-06-01T00:00Z' };
    expect(await orderTermination(at(START), person('one'), written)).toMatchObject({
      state: 'approved',
      closesAt: '2027-06-01T00:00:00.000Z',
    });
  });

  it('is nobody’s any more after a week: the same can be ordered again, and its people can ask', async () => {
    const [ordered, asked] = [await account(), await account()];
    for (const id of [ordered, asked]) await orderTermination(at(START), person('one'), { ...order, id });
    const later = START + 8 * DAY;
    const request = () => requestTermination(at(later), owner(asked, later), undefined);
    await expect(requestTermination(at(START), owner(asked, START), undefined)).rejects.toMatchObject({
      kind: 'wrong_state',
    });
    expect(await request()).toMatchObject({ state: 'requested', cause: 'user_request' });
    const again = await orderTermination(at(later), person('two'), { ...order, id: ordered });
    expect([again.state, again.requestedBy]).toEqual(['proposed', 'two']);
    expect((await orderTermination(at(later), person('one'), { ...order, id: ordered })).state).toBe('closing');
  });

  it('that was joined is not proposed anew by whoever had read it before', async () => {
    const id = await account();
    const read = await orderTermination(at(START), person('one'), { ...order, id });
    await orderTermination(at(START), person('two'), { ...order, id });
    const late = { ...read, terminationId: 'term_late', reason: 'another' };
    expect(await commit({ late: beginWrite(product.tables.core, late, read) })).toEqual({ late: null });
    expect([await stateOf(id), await statusOf(id)]).toEqual(['closing', 'terminating']);
  });

  it('by twenty calls of each at once ends in one end', async () => {
    const id = await account();
    const all = ['one', 'two'].flatMap(name => Array.from({ length: 20 }, () => name));
    const came = await Promise.allSettled(all.map(name => orderTermination(at(START), person(name), { ...order, id })));
    const refused = came.flatMap(one => (one.status === 'rejected' ? [one.reason.kind] : []));
    expect(refused.filter(kind => kind !== 'busy')).toEqual([]);
    await orderTermination(at(START), person('one'), { ...order, id });
    await orderTermination(at(START), person('two'), { ...order, id });
    expect([await stateOf(id), await statusOf(id)]).toEqual(['closing', 'terminating']);
  });

  it('by the ladder takes the place of a request, and the decision about that comes too late', async () => {
    const id = await account();
    await requestTermination(at(START), owner(id, START), undefined);
    const actor = { kind: 'platform', id: 'standing' } as const;
    await endByDecision(at(START), { ...order, accountId: id, actor });
    const decision = { id, decision: 'refuse', reason: 'no reason' } as const;
    await expect(decideTermination(at(START), person('one'), decision)).rejects.toMatchObject({ kind: 'wrong_state' });
    expect(await stateOf(id)).toBe('closing');
  });
});
