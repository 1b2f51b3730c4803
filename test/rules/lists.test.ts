/** Every list of /v1 is read on in the same way, so that a client needs one loop for all. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { cursorOf } from '../../functions/http/cursor.ts';
import { pageOfIds, pageOfPlaces } from '../../functions/http/page.ts';
import type { Route } from '../../functions/http/route.ts';
import { ROUTES } from '../../functions/routes.ts';
import { refusalOf } from './refusal-of.ts';

const shapeOf = (schema: unknown): Record<string, z.ZodType> =>
  (schema as { shape?: Record<string, z.ZodType> }).shape ?? {};
const OURS = Object.entries(ROUTES).filter(([, { path }]) => path.startsWith('/v1/'));
const isList = ({ output }: Route): boolean => shapeOf(output).object?.safeParse('list').success === true;
const isPaged = ({ input }: Route): boolean => 'after' in shapeOf(input);

describe('the lists of /v1', () => {
  it('are named with nothing but after, first_id, last_id and has_more', () => {
    const others = OURS.flatMap(([name, { input, output }]) =>
      [...Object.keys(shapeOf(input)), ...Object.keys(shapeOf(output))]
        .filter(member => /cursor|offset|starting_after|next_?(page|token|id)|page_?(token|size)/.test(member))
        .map(member => `${name}: ${member}`),
    );
    expect(others).toEqual([]);
  });

  it.each(OURS.filter(([, route]) => isPaged(route)))(
    '%s says where it ends, whether more comes, and shows it',
    (name, route) => {
      const shape = shapeOf(route.output);
      const ends = isList(route) ? ['first_id', 'last_id', 'has_more'] : ['last_id', 'has_more'];
      expect(ends.filter(member => !(member in shape))).toEqual([]);
      expect(Object.keys(route.example.answer as object)).toEqual(expect.arrayContaining(ends));
      expect(name).not.toBe('');
    },
  );

  it('are read on, or say that they are whole', () => {
    const lists = OURS.filter(([, route]) => isList(route));
    expect(lists.length).toBeGreaterThan(15);
    for (const [name, route] of lists.filter(([, route]) => !isPaged(route))) {
      const whole = shapeOf(route.output).has_more;
      // Who searches and finds more than is shown says more of what is looked for.
      if (name === 'searchAccounts') continue;
      expect([name, whole?.safeParse(false).success, whole?.safeParse(true).success]).toEqual([name, true, false]);
    }
  });
});

describe('a page', () => {
  it('ends with the id of its last item, or where it looked last', () => {
    expect(pageOfIds([{ id: 'a' }, { id: 'b' }], true)).toMatchObject({ first_id: 'a', last_id: 'b', has_more: true });
    expect(pageOfIds([], false)).toEqual({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });
    const places = { first: undefined, last: 'z', more: true };
    expect(pageOfPlaces([], places)).toMatchObject({ data: [], first_id: null, last_id: 'z', has_more: true });
  });

  it('is not read on from a place of another list', () => {
    const cursor = cursorOf(z.tuple([z.string(), z.int()]));
    expect(cursor.read(cursor.write(['a', 1]))).toEqual(['a', 1]);
    expect(refusalOf(() => cursor.read(cursorOf(z.string()).write('a')))).toMatchObject({ field: 'after' });
    expect(refusalOf(() => cursor.read('a', 'cursor'))?.message).toContain('the next_cursor of an earlier page');
  });
});
