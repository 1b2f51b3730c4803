/** How a list is asked for, page by page, and what every list says. */
import * as z from 'zod';

/** How many on a page: a query sends numbers as text. */
export const pageLimit = z
  .union(
    [
      z.int(),
      z
        .string()
        .regex(/^\d{1,3}$/)
        .transform(Number),
    ],
    { error: 'it must be a whole number' },
  )
  .pipe(z.int().min(1).max(100))
  .optional()
  .describe('How many on a page, at most 100; 20 where left out.');

/** For lists that are read on from an id: what that id is of says the list. */
export const afterId = 'The last id of the page before.';

export const pageCursor = z.string().max(512).optional().describe('The `next_cursor` of the page before.');

export const nextCursor = z.string().nullable().describe('For the next page; null on the last.');

export const hasMore = z.boolean().describe('Whether more come after these.');
