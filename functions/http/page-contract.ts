/** How a list is asked for, page by page. */
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
  .optional();
