/** Members that several calls about accounts share. */
import * as z from 'zod';

export const ACCOUNT_KINDS = ['person', 'company'] as const;

/** What videos are made for: declared by the account, read by whoever reviews it. */
export const USE_CATEGORIES = [
  'advertising',
  'entertainment',
  'games',
  'education',
  'news',
  'social_media',
  'internal_communication',
  'research',
  'software_product',
  'other',
] as const;

/** Text that may stand in the subject of a letter. */
export const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    // A line of a letter's head, not a place for more headers.
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'it must be one line of text');

export const name = line(200);
export const email = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email({ error: 'it must be an e-mail address' }));
export const phone = z.string().regex(/^\+[0-9 ().-]{6,24}$/, 'it must begin with + and the code of the country');
export const company = z.strictObject({ name, registration_number: line(100), address: line(500) });
export const country = z.string().regex(/^[A-Z]{2}$/, 'it must be two capital letters of ISO 3166-1');
export const declaredUse = z.strictObject({
  text: z.string().trim().min(20, 'it must say in 20 characters or more what is made, and for whom').max(2000),
  categories: z
    .array(z.enum(USE_CATEGORIES))
    .min(1)
    .max(USE_CATEGORIES.length)
    .refine(named => new Set(named).size === named.length, 'it must name each category once'),
});
export const code = z
  .string()
  .max(40)
  .transform(text => text.toUpperCase().replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^[0-9A-Z]{8}$/, 'it must be the 8 letters and digits of the e-mail'));
export const reason = z.string().trim().min(3).max(2000);

export const cursor = z.string().max(300).optional();

export const shownUse = z.object({ text: z.string(), categories: z.array(z.string()) });
const shownCommercialUse = z.object({ authorised: z.boolean(), decided_at: z.string() });

/** What every answer about an account says. */
export const accountMembers = {
  id: z.string(),
  object: z.literal('account'),
  kind: z.enum(ACCOUNT_KINDS).nullable(),
  name: z.string(),
  email: z.string().nullable(),
  email_verified_at: z.string().nullable(),
  phone: z.string().nullable(),
  company: z.object({ name: z.string(), registration_number: z.string(), address: z.string() }).nullable(),
  country: z.string().nullable(),
  declared_use: shownUse.nullable(),
  commercial_use: shownCommercialUse.nullable(),
  status: z.string(),
  status_since: z.string(),
  plan: z.string(),
  terms_version: z.string().nullable(),
  keys_frozen_at: z.string().nullable(),
  created_at: z.string(),
};
