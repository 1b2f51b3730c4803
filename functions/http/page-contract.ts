/** How a list is asked for, page by page, and what every list says. */
import * as z from 'zod';

/** Queries and forms send numbers as text. */
export const wholeNumber = z
  .union(
    [
      z.int(),
      z
        .string()
        .regex(/^\d{1,10}$/)
        .transform(Number),
    ],
    { error: 'it must be a whole number, as a number or in quotes' },
  )
  .meta({ id: 'WholeNumber', description: 'A whole number, as a number or in quotes.' });

/** Which page, or how many on one: 0 is as good as left out, as the examples of PixVerse's reference send it. */
export const pageNumber = (most = Number.MAX_SAFE_INTEGER) =>
  wholeNumber
    .transform(given => (given === 0 ? undefined : given))
    .pipe(z.int().min(1).max(most).optional())
    .optional();

export const pageLimit = pageNumber(100).describe('How many on a page, at most 100; 20 where left out.');

/** For lists that are read on from an id: what that id is of says the list. */
export const afterId = 'The last id of the page before.';

export const pageCursor = z.string().max(512).optional().describe('The `next_cursor` of the page before.');

export const nextCursor = z.string().nullable().describe('For the next page; null on the last.');

export const hasMore = z.boolean().describe('Whether more come after these.');
