/** The pages of the reference, and the one to sign in at: what anybody may read without a key. */
import * as z from 'zod';
import { readTerms } from '../accounts/terms-contract.ts';
import type { OpenRoute } from '../http/route.ts';
import { readPrivacy, showPrivacy } from '../retention/privacy-contract.ts';

const HTML = 'text/html';
const page = { description: 'The page.', contentType: HTML };
const known = { 304: { description: 'The reader has it already, by its `etag`.' } };

export const leadHome = {
  method: 'GET',
  path: '/',
  summary: 'Leads to the reference.',
  input: z.strictObject({}),
  answers: { 302: { description: 'To `/docs`, in the header `location`.' } },
  example: {},
} as const satisfies OpenRoute;

export const readReference = {
  method: 'GET',
  path: '/docs',
  summary: 'Shows the reference: how to begin, the models, and every operation; or what is found in it.',
  input: z.strictObject({
    q: z.string().optional().describe('Words to find, such as a path, a member or a refusal.'),
  }),
  answers: { 200: page, ...known },
  example: { query: { q: 'cursor' } },
} as const satisfies OpenRoute;

export const readReferencePage = {
  method: 'GET',
  path: '/docs/{page}',
  summary: 'Shows a page of the reference: operations that belong together, the objects, or the refusals.',
  input: z.strictObject({ page: z.string().describe('The name of the page, as the reference links it.') }),
  answers: { 200: page, ...known, 404: { description: 'There is no such page.', contentType: HTML } },
  example: { path: { page: 'problems' } },
} as const satisfies OpenRoute;

export const readOpenApi = {
  method: 'GET',
  path: '/openapi.json',
  summary: 'Reads this document, as OpenAPI 3.1.',
  input: z.strictObject({}),
  answers: {
    200: {
      description: 'The document.',
      contentType: 'application/json',
      output: z.looseObject({ openapi: z.string().describe('The version of OpenAPI.') }),
    },
    ...known,
  },
  example: { answer: { openapi: '3.1.0' } },
} as const satisfies OpenRoute;

/** Whose sign-in it is, by the user pool. */
export const SIGN_INS = ['developers', 'staff'] as const;

export const showSignIn = {
  method: 'GET',
  path: '/sign-in',
  summary: 'Shows the page at which people sign in and out, and copy the token that their calls send.',
  input: z.strictObject({
    as: z.enum(SIGN_INS).optional().describe('Whose sign-in begins at once, where the page is opened to sign in.'),
  }),
  answers: { 200: page },
  example: {},
} as const satisfies OpenRoute;

/** By the name of the operation: all of them are read with GET, and one function responds to them. */
export const PAGES = {
  leadHome,
  readReference,
  readReferencePage,
  readOpenApi,
  readTerms,
  showPrivacy,
  readPrivacy,
  showSignIn,
} as const satisfies Record<string, OpenRoute & { method: 'GET' }>;
