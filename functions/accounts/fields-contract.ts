/** Fields and objects that several calls about accounts share. */
import * as z from 'zod';
import { list } from '../catalogue/models.ts';
import { REGION_POLICY_VERSION } from '../catalogue/regions.ts';
import { countryOfTaxId } from '../catalogue/tax.ts';

export const ACCOUNT_KINDS = ['person', 'company'] as const;

/** What videos are made for: declared by the account, read by whoever reviews it. */
const USE_CATEGORIES = [
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

/** Text that may stand in an e-mail, and is read as it is written. */
export const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    // A line break would be a place for more headers.
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'it must be one line of text')
    // A mark of direction (U+202E) shows other words than are there. Persian and Indian names need the two joiners.
    .refine(
      text => !/[\p{Cf}\p{Cs}]/u.test(text.replace(/[\u200c\u200d]/g, '')),
      'it must have no invisible characters and no marks of direction',
    );

/** What mail programs make a link of by themselves: an address of the web, a host (`pay.example`), an IP address. */
const LINK = /:\/\/|\bwww\.|\p{L}[\p{L}\p{N}-]*\.\p{L}{2,}|\d+(?:\.\d+){3}/iu;
/** Companies are called `Example.com Ltd`. */
const EXPLICIT_LINK = /:\/\/|\bwww\./iu;

const holds = (pattern: RegExp) => (text: string) => pattern.test(text.normalize('NFKC').replaceAll('\u3002', '.'));

const personName = line(200).refine(
  text => !holds(LINK)(text),
  'it must hold no link, nor what looks like one: write a space after a full stop',
);
const companyName = line(200).refine(text => !holds(EXPLICIT_LINK)(text), 'it must hold no link');

export const name = personName.describe('Who the account is of: of a company, the person who answers for it.');
export const email = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email({ error: 'it must be an e-mail address' }))
  .describe('An e-mail address of the account. A code is sent to it; nothing is bound to it before it is confirmed.');
export const phone = z
  .string()
  .regex(/^\+[0-9 ().-]{6,24}$/, 'it must begin with + and the code of the country')
  .describe('A telephone number, with + and the code of the country.');
export const company = z
  .strictObject({
    name: companyName.describe('The name of the company.'),
    registration_number: line(100).describe('Its number in the register of companies.'),
    address: line(500).describe('The address of its registered office.'),
    tax_id: z
      .string()
      .max(30)
      .transform(text => text.toUpperCase().replace(/[\s.-]/g, ''))
      .refine(text => countryOfTaxId(text) !== undefined, 'it must begin with the country, such as ESB12345678')
      .optional()
      .describe('Its VAT number, of a company in the European Union that has one.'),
  })
  .describe('The company; a company sends it and a person does not.');
export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'it must be two capital letters of ISO 3166-1')
  .describe(
    `The country, two capital letters of ISO 3166-1. Some regions are not served (policy of ${REGION_POLICY_VERSION}).`,
  );
export const declaredUse = z
  .strictObject({
    text: z
      .string()
      .trim()
      .min(20, 'it must say in 20 characters or more what is made, and for whom')
      .max(2000)
      .describe('What is made and for whom, in 20 characters or more.'),
    categories: z
      .array(z.enum(USE_CATEGORIES))
      .min(1)
      .max(USE_CATEGORIES.length)
      .refine(named => new Set(named).size === named.length, 'it must name each category once')
      .describe(`One or more of ${list(USE_CATEGORIES)}.`),
  })
  .meta({ id: 'DeclaredUseInput', description: 'What videos are made for.' });
export const code = z
  .string()
  .max(40)
  .transform(text => text.toUpperCase().replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^[0-9A-Z]{8}$/, 'it must be the 8 letters and digits of the e-mail'))
  .describe('The 8 letters and digits of the e-mail; spaces and hyphens do not count.');
export const reason = z.string().trim().min(3).max(2000);

export const shownUse = z
  .object({
    text: z.string().describe('What is made and for whom.'),
    categories: z.array(z.string()).describe(`One or more of ${list(USE_CATEGORIES)}.`),
  })
  .meta({ id: 'DeclaredUse', description: 'What videos are made for.' });

const shownCompany = z
  .object({
    name: z.string().describe('The name of the company.'),
    registration_number: z.string().describe('Its number in the register of companies.'),
    address: z.string().describe('The address of its registered office.'),
    tax_id: z.string().optional().describe('Its VAT number, where it gave one.'),
  })
  .meta({ id: 'Company', description: 'The company that an account is of.' });

const shownCommercialUse = z
  .object({
    authorised: z.boolean().describe('Whether it was authorised.'),
    decided_at: z.string().describe('When that was decided, UTC.'),
  })
  .meta({ id: 'CommercialUse', description: 'The decision about commercial use of videos.' });

/** What every response about an account says. */
export const accountFields = {
  id: z.string().describe('The id of the account.'),
  object: z.literal('account').describe('What this is.'),
  kind: z.enum(ACCOUNT_KINDS).nullable().describe('`person` or `company`.'),
  name: z.string().describe('Who the account is of: of a company, the person who answers for it.'),
  email: z.string().nullable().describe('The e-mail address of the account.'),
  email_verified_at: z.string().nullable().describe('When the address was confirmed, UTC; null until it is.'),
  phone: z.string().nullable().describe('Its telephone number, with + and the code of the country.'),
  company: shownCompany.nullable().describe('The company; null where the account is of a person.'),
  country: z.string().nullable().describe('Its country, two capital letters of ISO 3166-1.'),
  declared_use: shownUse.nullable().describe('What videos are made for; null where nothing was declared.'),
  commercial_use: shownCommercialUse
    .nullable()
    .describe('Whether commercial use was authorised; null until that is decided.'),
  status: z
    .string()
    .describe(
      'registered, verified, submitted, more_requested, refused, active, frozen or closed. Only `active` may make videos.',
    ),
  status_since: z.string().describe('When it came to that status, UTC.'),
  plan: z.string().describe('The plan that the account is on.'),
  terms_version: z.string().nullable().describe('The version of the terms that was accepted last.'),
  keys_frozen_at: z
    .string()
    .nullable()
    .describe('Since when all its keys are frozen, because misuse was reported; null where they are not.'),
  created_at: z.string().describe('When it was registered, UTC.'),
};

export const nextStep = z.string().nullable().describe('What you can do now; null where there is nothing to do.');

/** The account of the examples, verified and not yet approved. */
export const DECLARED_USE_EXAMPLE = {
  text: 'Short films for the lessons of our language courses, for schools in Spain.',
  categories: ['education'],
};
export const COMPANY_EXAMPLE = {
  name: 'Faro Cursos S.L.',
  registration_number: 'B12345678',
  address: 'Calle Mayor 1, 28013 Madrid',
};
export const ACCOUNT_EXAMPLE = {
  id: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN',
  object: 'account',
  kind: 'company',
  name: 'Ana Faro',
  email: 'ana@faro.example',
  email_verified_at: '2026-11-24T09:15:02.000Z',
  phone: '+34 911 234 567',
  company: COMPANY_EXAMPLE,
  country: 'ES',
  declared_use: DECLARED_USE_EXAMPLE,
  commercial_use: null,
  status: 'verified',
  status_since: '2026-11-24T09:15:02.000Z',
  plan: 'trial',
  terms_version: '2026-11-01',
  keys_frozen_at: null,
  created_at: '2026-11-24T09:12:44.000Z',
};
