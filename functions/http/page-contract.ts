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

/** Every list of ours is read on so: by ids of what it lists, which its contract says, or by places. */
export const afterId = 'The `last_id` of the page before.';

/** For lists whose order is not that of their ids. */
export const afterPlace = z.string().max(512).optional().describe(afterId);

export const hasMore = z.boolean().meta({ id: 'HasMore', description: 'Whether more come after these.' });

/** What a page of a list says besides its items; `functions/http/page.ts` makes it. */
export const pageEnds = {
  first_id: z.string().nullable().meta({ id: 'FirstId', description: 'The first on this page.' }),
  last_id: z.string().nullable().meta({ id: 'LastId', description: 'The last on this page: `after` for the next.' }),
  has_more: hasMore,
};

/** The same where they are places and not ids. */
export const pagePlaces = {
  first_id: z.string().nullable().meta({ id: 'FirstPlace', description: 'Where this page begins.' }),
  last_id: z.string().nullable().meta({ id: 'LastPlace', description: 'Where this page ends: `after` for the next.' }),
  has_more: hasMore,
};

/** Of a list that is never longer than one answer. */
export const wholeList = z.literal(false).meta({ id: 'WholeList', description: 'Always false: these are all.' });
