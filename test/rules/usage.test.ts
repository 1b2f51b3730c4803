import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { FUNCTIONS } from '../../functions/catalogue/functions.ts';
import { VIDEO_FUNCTIONS } from '../../functions/catalogue/video-request.ts';
import { grant, hold, settle } from '../../functions/credits/ledger.ts';
import type { BookedEntry } from '../../functions/credits/ledger-store.ts';
import { validate } from '../../functions/http/input.ts';
import { usageDetail } from '../../functions/usage/pixverse-contract.ts';
import { pageOf, readStatement } from '../../functions/usage/usage-detail.ts';
import { refusalOf } from './refusal-of.ts';

const PERIOD = { start_time: '2026-11-01 00:00:00', end_time: '2026-11-30 23:59:59' };
const statement = (members: object = {}) => readStatement(validate(usageDetail.input, { ...PERIOD, ...members }));
const refused = (members: object) => refusalOf(() => statement(members))?.field;

describe('a statement', () => {
  it('is of a period in UTC, both ends included to the second, of at most 30 days', () => {
    expect(statement()).toMatchObject({ from: '2026-11-01T00:00:00.000Z', to: '2026-11-30T23:59:59.999Z', limit: 20 });
    expect(statement({ start_time: '2026-10-31 23:59:59' }).from).toBe('2026-10-31T23:59:59.000Z');
    expect(refused({ start_time: '2026-10-31 23:59:58' })).toBe('end_time');
    expect(refused({ start_time: '2026-12-01 00:00:00' })).toBe('start_time');
  });

  it.each([
    ['start_time', { start_time: '2026-11-01T00:00:00Z' }],
    ['start_time', { start_time: '2026-13-01 00:00:00' }],
    ['start_time', { start_time: undefined }],
    ['end_time', { end_time: 1_700_000_000 }],
    ['limit', { limit: -1 }],
    ['limit', { limit: 101 }],
    ['credits_status', { credits_status: 'spent' }],
    ['creation_type', { creation_type: ['text_to_video', 'juggling'] }],
    ['cursor', { cursor: 'not a cursor' }],
    ['cursor', { cursor: Buffer.from('["2026-10-01T00:00:00.000Z","job#1#hold"]').toString('base64url') }],
    ['cursor', { cursor: Buffer.from('[1,2]').toString('base64url') }],
    ['cursor', { cursor: Buffer.from('["2026-11-02","job#1#hold"]').toString('base64url') }],
  ])('is refused by %s: %j', (field, members) => {
    expect(refused(members)).toBe(field);
  });

  it('may name one type as text, and types that PixVerse has and nobody here', () => {
    expect(statement({ creation_type: 'mimic' }).creationTypes).toEqual(['mimic']);
    expect(statement({ creation_type: '' }).creationTypes).toEqual([]);
    expect(statement({ creation_type: ['agent'] }).creationTypes).toEqual(['agent']);
  });
});

/** A ledger of so many jobs, newest first, one second apart: each is held, and then captured or released. */
const ledger = (jobs: readonly { made: (typeof VIDEO_FUNCTIONS)[number]; refunded: boolean }[]): BookedEntry[] =>
  jobs
    .flatMap(({ made, refunded }, index) => [
      hold(index + 1, index + 10, { function: made }),
      settle(index + 1, index + 10, refunded ? 'release' : 'capture', { function: made }),
      grant(`gift ${index}`, 5),
    ])
    .map((entry, index) => ({ ...entry, bookedAt: new Date(Date.UTC(2026, 10, 2) + index * 1000).toISOString() }))
    .reverse();

const jobs = fc.array(fc.record({ made: fc.constantFrom(...VIDEO_FUNCTIONS), refunded: fc.boolean() }), {
  maxLength: 30,
});

/** All items, read page by page as the API does: one read of the ledger for each page. */
function readAll(entries: readonly BookedEntry[], members: { limit: number }) {
  const items: z.output<typeof usageDetail.output>['items'] = [];
  for (let cursor = '', pages = 0; pages < 200; pages++) {
    const request = statement({ ...members, cursor });
    const rest = request.after ? entries.slice(entries.findIndex(({ id }) => id === request.after?.id) + 1) : entries;
    const read = rest.slice(0, request.limit * 3);
    const page = pageOf(request, read, read.length === rest.length);
    expect(page.items.length).toBeLessThanOrEqual(members.limit);
    items.push(...page.items);
    if (!page.has_more) return items;
    cursor = page.next_cursor;
  }
  throw new Error('the pages have no end');
}

describe('the pages', () => {
  it('show each hold as consumed and each release as refunded, once, whatever the size of a page', () => {
    fc.assert(
      fc.property(jobs, fc.integer({ min: 1, max: 100 }), (made, limit) => {
        const items = readAll(ledger(made), { limit });
        const shown = items.map(({ video_id, credits_status }) => `${video_id} ${credits_status}`);
        const wanted = made.flatMap(({ refunded }, index) => [
          `${index + 1} consume`,
          ...(refunded ? [`${index + 1} refund`] : []),
        ]);
        expect(shown.toSorted()).toEqual(wanted.toSorted());
        for (const { video_id, credits, creation_type } of items) {
          const { made: name } = made[video_id - 1] ?? expect.fail();
          expect([credits, creation_type]).toEqual([video_id + 9, FUNCTIONS[name].creationType]);
        }
      }),
    );
  });

  it('show only what was requested', () => {
    const entries = ledger([
      { made: 'mimic', refunded: true },
      { made: 'extend', refunded: false },
    ]);
    const shown = (members: object) =>
      pageOf(statement(members), entries, true).items.map(item => `${item.creation_type} ${item.credits_status}`);
    expect(shown({ credits_status: 'consume' })).toEqual(['extend consume', 'mimic consume']);
    expect(shown({ credits_status: 'refund' })).toEqual(['mimic refund']);
    expect(shown({ creation_type: ['mimic'] })).toEqual(['mimic refund', 'mimic consume']);
    expect(shown({ creation_type: ['agent'] })).toEqual([]);
  });

  it('write the moment as PixVerse does', () => {
    const [item] = pageOf(statement(), ledger([{ made: 'mimic', refunded: false }]), true).items;
    expect(item?.create_time).toBe('2026-11-02 00:00:00');
  });
});
