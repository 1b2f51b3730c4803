/** What every read of the API takes, whichever dialect: members that it does not know, and pages that say nothing. */
import { describe, expect, it } from 'vitest';
import { heldTo, validate } from '../../functions/http/input.ts';
import type { Route } from '../../functions/http/route.ts';
import { ROUTES } from '../../functions/routes.ts';
import { refusalOf } from './refusal-of.ts';

const exampleOf = ({ example }: Route) => ({ ...example.body, ...example.query, ...example.path });
const everyRoute = Object.entries(ROUTES);
const reads = everyRoute.filter(([, { method }]) => method === 'GET');
const strict = everyRoute.filter(([, { method, path }]) => method !== 'GET' && path.startsWith('/v1/'));

it.each(reads)('%s passes over members that it does not know', (_name, route) => {
  const asked = exampleOf(route);
  expect(validate(heldTo(route), { ...asked, video_id: '5', utm_source: '\ufffd' })).toEqual(
    validate(route.input, asked),
  );
});

it.each(strict)('%s, which changes something, refuses them', (_name, route) => {
  expect(refusalOf(() => validate(heldTo(route), { ...exampleOf(route), video_id: '5' }))).toMatchObject({
    field: 'video_id',
    message: 'video_id is not a member of this request',
  });
});

const PAGING = ['limit', 'page', 'pageSize', 'page_num', 'page_size'];
const pages = everyRoute.flatMap(([name, route]) =>
  Object.keys((route.input as { shape?: object }).shape ?? {})
    .filter(member => PAGING.includes(member))
    .map(member => [name, member, route] as const),
);

describe.each(pages)('in %s %s', (_name, member, route) => {
  const { [member]: _, ...asked } = exampleOf(route) as Record<string, unknown>;
  const read = (value: unknown) => validate(heldTo(route), { ...asked, [member]: value }) as Record<string, unknown>;

  it.each([0, '0'])('%j means what leaving it out means', none => {
    expect(Object.entries(read(none)).filter(([, value]) => value !== undefined)).toEqual(
      Object.entries(validate(heldTo(route), asked) as object),
    );
  });

  it('is a number as such and in quotes, and refused where it is none or below 0', () => {
    expect([read(2)[member], read('2')[member]]).toEqual([2, 2]);
    for (const wrong of [-1, '-1', 1.5, 'two']) expect(refusalOf(() => read(wrong))?.field).toBe(member);
  });
});

it('all lists have pages', () => expect(pages.length).toBeGreaterThan(20));
