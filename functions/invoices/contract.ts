/** Invoices, receipts and credit notes, as accounts and finance read them. */
import * as z from 'zod';
import { afterId, pageEnds, pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const READ: Entry = {
  source: 'functions/invoices/invoices.lambda.ts',
  uses: { core: ['GetItem', 'Query'], invoices: ['GetObject'], stripe: ['call'] },
};

const invoiceId = z.string().regex(/^inv_[0-9A-Za-z]{1,60}$/, 'it must be the id of an invoice');
const account = z.string().max(100).describe('The id of an account.');
const id = z.string().max(100).describe('The id of a document.');
const money = z.int();

export const invoiceObject = z
  .object({
    id: z.string().describe('The id of the document.'),
    object: z.literal('invoice').describe('What this is.'),
    kind: z
      .enum(['invoice', 'receipt', 'credit_note'])
      .describe('`receipt` where its issuer is not registered for tax, `credit_note` of a refund or reversal.'),
    number: z.string().describe('Its number: of its issuer, kind and year, without gaps.'),
    issued_at: z.string().describe('When it was issued, UTC.'),
    value_date: z.string().describe('The UTC day on which the money came or went.'),
    entry: z.string().describe('The ledger entry that it is of.'),
    reference: z.string().describe('What the payment is found by.'),
    issuer: z
      .object({
        name: z.string().describe('Its name.'),
        address: z.string().describe('Its address.'),
        country: z.string().nullable().describe('Whose tax it charges; null where none.'),
        tax_id: z.string().nullable().describe('Its number for tax.'),
      })
      .describe('Who issued it.'),
    customer: z
      .object({
        name: z.string().describe('The company, or the person.'),
        address: z.string().nullable().describe('The address of the company.'),
        country: z.string().nullable().describe('Its country, ISO 3166-1.'),
        registration_number: z.string().nullable().describe('Its number in the register of companies.'),
        tax_id: z.string().nullable().describe('Its VAT number.'),
      })
      .describe('To whom, as was reviewed when it was issued.'),
    description: z.string().describe('What it is of.'),
    currency: z.string().describe('ISO 4217 in small letters.'),
    net: money.describe("Without tax, in the currency's smallest unit."),
    tax: money.describe('The tax.'),
    total: money.describe('What was paid, or paid back.'),
    tax_rate: z.string().describe('In per cent, such as `25.5`.'),
    tax_treatment: z
      .enum(['domestic', 'destination', 'reverse_charge', 'outside_scope', 'stripe', 'not_registered'])
      .describe('Why it is that rate.'),
    tax_country: z.string().nullable().describe('Whose tax it is; null where none is charged.'),
    note: z.string().nullable().describe('What the document says of it where no tax is charged.'),
    corrects: z
      .object({ id: z.string().describe('Its id.'), number: z.string().describe('Its number.') })
      .nullable()
      .describe('Of a credit note: the document that it takes back.'),
    credited: money.describe('How much of it credit notes have taken back.'),
    hosted_by: z
      .enum(['stripe'])
      .nullable()
      .describe("`stripe` where Stripe computed the tax and made the invoice: number and amounts are Stripe's."),
    pdf: z
      .object({ sha256: z.string().describe('SHA-256 of its bytes.'), bytes: z.int().describe('How many they are.') })
      .nullable()
      .describe('The PDF; null for the moment until it is made, and where Stripe has it.'),
  })
  .meta({ id: 'Invoice', description: 'An invoice, a receipt or a credit note.' });

const pdfLink = z
  .object({
    id: z.string().describe('The id of the document.'),
    object: z.literal('invoice.pdf').describe('What this is.'),
    url: z.string().describe('Where anyone who has it may read the PDF.'),
    expires_at: z.string().nullable().describe('Until when, UTC; null where Stripe says when.'),
    sha256: z.string().nullable().describe('SHA-256 of its bytes; null where Stripe has it.'),
    bytes: z.int().nullable().describe('How many they are; null where Stripe has it.'),
  })
  .meta({ id: 'InvoicePdf', description: 'A link to a PDF.' });

const INVOICE = {
  id: 'inv_019f2a6b3d90Hc8Jk2LmN4pQrS',
  object: 'invoice',
  kind: 'invoice',
  number: '2026-000417',
  issued_at: '2026-11-24T09:14:03.000Z',
  value_date: '2026-11-24',
  entry: 'purchase#pur_019f2a6b2d00Hc8Jk2LmN4pQrS',
  reference: 'pi_3QabcdEFGH',
  issuer: { name: 'Mutoscope GmbH', address: 'Ring 1, 10115 Berlin', country: 'DE', tax_id: 'DE123456789' },
  customer: {
    name: 'Faro Cursos S.L.',
    address: 'Calle Mayor 1, 28013 Madrid',
    country: 'ES',
    registration_number: 'B12345678',
    tax_id: null,
  },
  description: '5000 credits for video generation',
  currency: 'usd',
  net: 3967,
  tax: 833,
  total: 4800,
  tax_rate: '21',
  tax_treatment: 'destination',
  tax_country: 'ES',
  note: null,
  corrects: null,
  credited: 0,
  hosted_by: null,
  pdf: { sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', bytes: 15_830 },
} as const;
const LINK = {
  id: INVOICE.id,
  object: 'invoice.pdf',
  url: 'https://invoices.s3.eu-central-1.amazonaws.com/accounts/acct_1/inv_1/9f86.pdf?X-Amz-Signature=1a2b',
  expires_at: '2026-11-24T09:30:00.000Z',
  ...INVOICE.pdf,
};
const list = z.object({
  object: z.literal('list').describe('What this is.'),
  data: z.array(invoiceObject).describe('The documents, newest first.'),
  ...pageEnds,
});
const PAGE = { object: 'list', data: [INVOICE], first_id: INVOICE.id, last_id: INVOICE.id, has_more: false };
const ACCOUNT = 'acct_019f2a6a0c00Ab3dEfGh5JkLmN';

const own = { entry: READ, method: 'GET', permission: 'credits:read', capability: 'read' } as const;
const finance = { entry: READ, method: 'GET', roles: ['finance'] } as const;
const page = { limit: pageLimit, after: invoiceId.optional().describe(afterId) };

export const listInvoices = {
  ...own,
  path: '/v1/invoices',
  summary: 'Lists the invoices, receipts and credit notes of the account, newest first.',
  input: z.strictObject(page),
  output: list,
  example: { query: { limit: 20 }, answer: PAGE },
} as const;

export const retrieveInvoice = {
  ...own,
  path: '/v1/invoices/{id}',
  summary: 'Reads an invoice, a receipt or a credit note.',
  input: z.strictObject({ id }),
  output: invoiceObject,
  example: { path: { id: INVOICE.id }, answer: INVOICE },
} as const;

export const linkInvoicePdf = {
  ...own,
  path: '/v1/invoices/{id}/pdf',
  summary: 'Gives a link to a document as PDF, good for a quarter of an hour.',
  input: z.strictObject({ id }),
  output: pdfLink,
  example: { path: { id: INVOICE.id }, answer: LINK },
} as const;

export const listAccountInvoices = {
  ...finance,
  path: '/v1/operators/accounts/{id}/invoices',
  summary: 'Lists the documents of an account for finance, newest first; each view is recorded.',
  input: z.strictObject({ id: account, ...page }),
  output: list,
  example: { path: { id: ACCOUNT }, query: { limit: 20 }, answer: PAGE },
} as const;

export const linkAccountInvoicePdf = {
  ...finance,
  path: '/v1/operators/accounts/{id}/invoices/{invoice}/pdf',
  summary: "Gives finance a link to an account's document as PDF; each view is recorded.",
  input: z.strictObject({ id: account, invoice: id }),
  output: pdfLink,
  example: { path: { id: ACCOUNT, invoice: INVOICE.id }, answer: LINK },
} as const;

export const INVOICES: Family = {
  name: 'Invoices',
  about:
    'A document for each payment, and a credit note for each refund, some seconds after they are booked: with numbers without gaps, as data and as PDF.',
  dialect: 'platform',
  routes: { listInvoices, retrieveInvoice, linkInvoicePdf, listAccountInvoices, linkAccountInvoicePdf },
  refuses: ['key_refused', 'account_not_active', 'not_found', 'wrong_state', 'payments_unavailable'],
};
