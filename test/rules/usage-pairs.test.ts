/** Where the counts of metadata stand, and what a report of them says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairUsagePrefix, type UsageSubject, usagePrefix, usageRanges } from '../../functions/credits/usage-count.ts';
import { startedWrites } from '../../functions/credits/usage-store.ts';
import { utcDay } from '../../functions/data/day-shard.ts';
import { heldTo, validate } from '../../functions/http/input.ts';
import { readUsage } from '../../functions/usage/usage-contract.ts';
import { readUsagePeriod, reportUsage } from '../../functions/usage/usage-report.ts';
import { refusalOf } from './refusal-of.ts';

const TODAY = '2026-11-30';
const DAY_MS = 24 * 3600 * 1000;
const dayOf = (number: number): string => utcDay(Date.UTC(2026, 0, 1) + number * DAY_MS);
const period = fc
  .tuple(fc.nat(600), fc.nat(91))
  .map(([first, more]) => ({ from: dayOf(first), to: dayOf(first + more) }));
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
const read = (members: object) => readUsagePeriod(validate(heldTo(readUsage), members), TODAY);
const within = (sk: string, days: { from: string; to: string }, subject?: UsageSubject) =>
  usageRanges(days, subject).filter(({ first, last }) => sk >= first && sk <= last).length;

describe('the counts of a pair of metadata', () => {
  it('stand where its period is read, once, and those of other days and other pairs do not', () => {
    fc.assert(
      fc.property(period, fc.nat(700), text, text, text, (days, number, key, value, other) => {
        const day = dayOf(number);
        const sk = `${pairUsagePrefix(day, [key, value])}#text_to_video#v6#key_1`;
        const isIn = day >= days.from && day <= days.to ? 1 : 0;
        expect(within(sk, days, { key, value })).toBe(isIn);
        expect(within(sk, days, { key, value: other })).toBe(other === value ? isIn : 0);
        // Those of a key are read by whole months.
        expect(within(sk, days, { key }) >= isIn).toBe(true);
        expect(within(sk, days, { key: other }) > 0 && other !== key).toBe(false);
        expect(within(sk, days)).toBe(0);
        expect(within(`${usagePrefix(day)}#text_to_video#v6#key_1`, days)).toBe(isIn);
      }),
    );
  });

  it('are read as five ranges at most, in the order of their keys, however many days', () => {
    fc.assert(
      fc.property(period, text, text, (days, key, value) => {
        const ranges = usageRanges(days, { key, value });
        expect(ranges.length).toBeLessThanOrEqual(5);
        const ends = ranges.flatMap(({ first, last }) => [first, last]);
        expect(ends).toEqual(ends.toSorted((a, b) => (a < b ? -1 : 1)));
        expect(usageRanges(days, { key }).length).toBe(1);
      }),
    );
  });

  it('are as many as a video has pairs, beside the one of the account, and end after 402 days', () => {
    const metadata = { customer: '42', project: '夜'.repeat(512) };
    const now = Date.parse('2026-11-30T10:00:00Z');
    const made = { accountId: 'acct_1', function: 'text_to_video', model: 'v6', keyId: 'key_1' } as const;
    const writes = Object.values(startedWrites('core', { ...made, metadata }, 7, now)).map(({ Update }) => Update);
    expect(writes.map(write => write?.ExpressionAttributeValues?.[':pair'])).toEqual([
      undefined,
      ...Object.entries(metadata),
    ]);
    const ends = writes.map(write => write?.ExpressionAttributeValues?.[':expiresAt']);
    expect(ends).toEqual([undefined, ...Array(2).fill(Date.parse('2028-01-06T00:00:00Z') / 1000)]);
    for (const write of writes) expect(String(write?.Key?.sk).length).toBeLessThan(1024);
    expect(Object.values(startedWrites('core', made, 7, now)).length).toBe(1);
  });
});

describe('a report of usage by metadata', () => {
  it('is of one pair, or grouped by the values of one key', () => {
    expect(read({ metadata: { customer: '42' } }).subject).toEqual({ key: 'customer', value: '42' });
    expect(read({ group_by: 'day,metadata.customer' }).subject).toEqual({ key: 'customer' });
    expect(read({ group_by: 'metadata.customer', metadata: { customer: '42' } }).subject).toEqual({
      key: 'customer',
      value: '42',
    });
    expect(read({ metadata: {} }).subject).toBeUndefined();
  });

  it.each<[string, object]>([
    ['metadata', { metadata: { customer: '42', project: '7' } }],
    ['group_by', { group_by: 'metadata.customer,metadata.project' }],
    ['group_by', { group_by: 'metadata.project', metadata: { customer: '42' } }],
    ['group_by.0', { group_by: 'metadata.' }],
    ['group_by.0', { group_by: 'customer' }],
    ['group_by', { group_by: 'metadata.a,metadata.a' }],
    ['from', { metadata: { customer: '42' }, from: '2025-10-26', to: '2025-10-27' }],
    ['after', { metadata: { customer: '42' }, after: 'nonsense' }],
  ])('is refused by %s: %j', (field, members) => {
    expect(refusalOf(() => read(members))?.field).toBe(field);
  });

  it('goes back 400 days, today included', () => {
    expect(read({ metadata: { customer: '42' }, from: '2025-10-27', to: '2025-10-28' }).from).toBe('2025-10-27');
  });

  it('takes the place where its own page ended, and none of another pair', () => {
    const own = read({ metadata: { customer: '42' } });
    const place = pairUsagePrefix('2026-11-30', ['customer', '42']);
    const { last_id: after } = reportUsage(own, [], place);
    expect(read({ metadata: { customer: '42' }, after }).after).toBe(place);
    expect(refusalOf(() => read({ metadata: { customer: '43' }, after }))).toMatchObject({
      field: 'after',
      message: 'after must be the last_id of an earlier page of this list',
    });
  });

  it('has a row for each value, with the pair', () => {
    const count = { day: TODAY, function: 'extend', model: 'v6', keyId: 'key_1' };
    const counts = [
      { ...count, pair: ['customer', '42'] as const, started: 1 },
      { ...count, pair: ['customer', '42'] as const, model: 'v5', started: 2 },
      { ...count, pair: ['customer', '43'] as const, started: 4 },
    ];
    const { data, totals, group_by } = reportUsage(read({ group_by: 'metadata.customer' }), counts, undefined);
    expect(group_by).toEqual(['metadata.customer']);
    expect(data.map(({ metadata, started }) => [metadata, started])).toEqual([
      [{ customer: '42' }, 3],
      [{ customer: '43' }, 4],
    ]);
    expect(totals.started).toBe(7);
    expect(
      reportUsage(read({ metadata: { customer: '42' } }), counts.slice(0, 2), undefined).data[0],
    ).not.toHaveProperty('metadata');
  });
});
