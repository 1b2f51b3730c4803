/** Members of every kind of call of the PixVerse dialect, in every form in which real clients send them. */
import * as z from 'zod';

const WHAT_AN_ID_IS = 'it must be a positive integer below 2^53, as a number or in quotes';

/** Clients quote ids or not. */
export const id = z
  .union(
    [
      z.int(WHAT_AN_ID_IS).positive(WHAT_AN_ID_IS),
      z
        .string()
        .regex(/^[1-9]\d{0,15}$/)
        .transform(Number)
        .refine(Number.isSafeInteger, WHAT_AN_ID_IS),
    ],
    WHAT_AN_ID_IS,
  )
  .meta({ id: 'Id', description: 'A positive integer below 2^53, as a number or in quotes.' });

/** An id that may be left open; generated clients leave it open as 0 or "". */
export const openId = z
  .union([z.literal([0, '0', '']).transform(() => undefined), id], WHAT_AN_ID_IS)
  .meta({ id: 'OpenId', description: 'An id, or 0 or an empty text for none.' })
  .optional();

export const url = z.url({ protocol: /^https?$/ }).max(2048);
