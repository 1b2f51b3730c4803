import { z } from 'zod';

const MOST = 60;

export const PAGE = {
  Limit: z.number().int().min(0).max(MOST).optional(),
  NextToken: z.string().optional(),
};

/** The page after the token, of items in the order of `keyOf`; the token of the next one where there is more. */
export function cut<Item>(
  items: readonly Item[],
  { Limit, NextToken }: { Limit?: number | undefined; NextToken?: string | undefined },
  keyOf: (item: Item) => string,
): { page: readonly Item[]; next: { NextToken?: string } } {
  const after = Buffer.from(NextToken ?? '', 'base64url').toString();
  const rest = items.filter(item => keyOf(item) > after);
  const page = rest.slice(0, Limit || MOST);
  const last = page.at(-1);
  const more = last !== undefined && rest.length > page.length;
  return { page, next: more ? { NextToken: Buffer.from(keyOf(last)).toString('base64url') } : {} };
}
