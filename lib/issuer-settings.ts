/** Settings of a stage that say who issues invoices and whose tax it charges, as they stand on documents and in the books. */
import * as z from 'zod';
import { ISSUER_COUNTRIES } from '../functions/catalogue/tax.ts';

/** A name in books: no control characters, and not what a spreadsheet takes for a formula. */
const named = z
  .string()
  .regex(
    /^[^\s=+\-@\p{Cc}][^\p{Cc}]{0,99}$/u,
    'must be a name of up to 100 characters without control characters, the first none of = + - @',
  );

export const ISSUER_SETTINGS = {
  /** Who issues invoices to customers, as finance's charges in FOCUS name it: a company, as it is registered. */
  invoiceIssuer: named.default('Mutoscope'),
  /** The address of who issues invoices, in one line. */
  invoiceAddress: z
    .string()
    .max(200)
    .regex(/^[^\p{Cc}]*$/u, 'must be one line of up to 200 characters')
    .default(''),
  /** The country whose tax the issuer charges, ISO 3166-1; without it documents are receipts, and no tax is charged. */
  invoiceCountry: z
    .enum(['', ...ISSUER_COUNTRIES], {
      error: `must be a country whose tax is known in functions/catalogue/tax.ts: ${ISSUER_COUNTRIES.join(', ')}`,
    })
    .default(''),
  /** The issuer's number for tax there. */
  invoiceTaxId: z
    .string()
    .regex(/^[\w .:/-]{0,40}$/, 'must be up to 40 letters and digits')
    .default(''),
  /** Whether the prices of packages have the tax in them (`gross`), or it is added to them (`net`). */
  packagePrices: z.enum(['gross', 'net'], { error: 'must be gross or net' }).default('gross'),
  /** Who computes the tax of what is paid by card and makes its invoice: `platform`, or `stripe` with Stripe Tax. */
  taxBy: z.enum(['platform', 'stripe'], { error: 'must be platform or stripe' }).default('platform'),
  /** Who provides the service, where that is another name. */
  providerName: named.or(z.literal('')).default(''),
};

/** Whether it charges tax and does not say who it is. */
export function issuerLacks({
  invoiceCountry,
  invoiceAddress,
  invoiceTaxId,
}: Readonly<Record<'invoiceCountry' | 'invoiceAddress' | 'invoiceTaxId', string>>): boolean {
  return invoiceCountry !== '' && (invoiceAddress === '' || invoiceTaxId === '');
}
