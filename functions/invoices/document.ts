/**
 * Invoices, receipts and credit notes, as records:
 * - each is of one ledger entry with money: a purchase has an invoice (a receipt where its issuer is not registered for tax),
 *   a refund or reversal a credit note. Its id is made of the entry, so that there is one;
 * - what it says is written once and stays, whatever changes of the account, the issuer or the rates afterwards;
 * - net and tax come to the total, which is the money that the entry has; all are whole units of the currency and not negative;
 * - credit notes of a document take its tax with the amount: all of it, once all of the amount was credited.
 * Pure.
 */
import { createHash } from 'node:crypto';
import type { Account } from '../accounts/account.ts';
import { moneyText } from '../catalogue/currencies.ts';
import { TAX_TREATMENTS, type TaxTreatment, taxFor, taxWithin } from '../catalogue/tax.ts';
import { availableBy, type EntryKind, valueDateOf } from '../credits/ledger.ts';
import type { BookedEntry } from '../credits/ledger-store.ts';
import { base62, momentDigits } from '../runtime/ids.ts';

/** Each has numbers of its own. */
export const SERIES = { invoice: '', credit_note: 'CN-' } as const;
export type Series = keyof typeof SERIES;

export const DOCUMENT_KINDS = ['invoice', 'receipt', 'credit_note'] as const;

/** Who issues, by the settings of the stage. `country` is empty where it is not registered for tax. */
export interface DocumentIssuer {
  readonly name: string;
  readonly address: string;
  readonly country: string;
  readonly taxId: string;
}

export interface DocumentCustomer {
  /** The company, or the person. */
  readonly name: string;
  readonly address?: string;
  readonly country?: string;
  readonly registrationNumber?: string;
  readonly taxId?: string;
}

/** A document before it has a number. */
export interface Draft {
  readonly invoiceId: string;
  readonly accountId: string;
  readonly kind: (typeof DOCUMENT_KINDS)[number];
  readonly series: Series;
  readonly entryId: string;
  /** The UTC day on which the money came or went. */
  readonly valueDate: string;
  /** What the payment is found by. */
  readonly reference: string;
  readonly issuer: DocumentIssuer;
  readonly customer: DocumentCustomer;
  readonly description: string;
  readonly currency: string;
  /** In the currency's smallest unit. */
  readonly net: number;
  readonly tax: number;
  readonly total: number;
  /** Hundredths of a per cent. */
  readonly taxRate: number;
  readonly taxTreatment: TaxTreatment;
  readonly taxCountry?: string;
  /** Where Stripe made it: its id there, where its PDF is. It has Stripe's number and Stripe's amounts. */
  readonly hosted?: { readonly id: string };
  /** Of a credit note: the document that it corrects. */
  readonly corrects?: { readonly invoiceId: string; readonly number: string };
}

export interface InvoiceDocument extends Draft {
  readonly number: string;
  /** ISO 8601. */
  readonly issuedAt: string;
  /** The e-mail about it; none of what Stripe made, which writes its own. */
  readonly mailId?: string;
  /** How much of it credit notes have taken back. */
  readonly credited?: number;
  /** Once it is made. */
  readonly pdf?: { readonly sha256: string; readonly bytes: number };
}

/** The series of the documents of which entries; the other kinds have none. */
const SERIES_OF = {
  purchase: 'invoice',
  refund: 'credit_note',
  reversal: 'credit_note',
} as const satisfies Partial<Record<EntryKind, Series>>;

/** Which entries have a document: those with money. */
export const DOCUMENTED_KINDS = Object.keys(SERIES_OF) as (keyof typeof SERIES_OF)[];

export function seriesOf(entry: Pick<BookedEntry, 'kind' | 'money'>): Series | undefined {
  return entry.money && (SERIES_OF as Partial<Record<EntryKind, Series>>)[entry.kind];
}

/** The id of an entry's document: sorted by when the entry was booked, and the same whoever asks. */
export function documentIdOf(accountId: string, { id, bookedAt }: Pick<BookedEntry, 'id' | 'bookedAt'>): string {
  let drawn = 0;
  const digits = base62(14, bytes =>
    createHash('sha256')
      .update(JSON.stringify([accountId, id, drawn++]))
      .digest()
      .subarray(0, bytes),
  );
  return `inv_${momentDigits(Date.parse(bookedAt))}${digits}`;
}

/** `2026-000001`: of a series, a year and a place in them, from 1. */
export function numberOf(series: Series, year: string, place: number): string {
  return `${SERIES[series]}${year}-${String(place).padStart(6, '0')}`;
}

/** The invoice or receipt of a purchase. */
export function draftInvoice(account: Account, entry: BookedEntry, issuer: DocumentIssuer): Draft {
  const money = moneyOf(entry);
  const customer = customerOf(account);
  // What was said of the tax when it was paid counts, whatever changed of the customer since.
  const { treatment, rate, country } = money.tax ?? taxFor(issuer.country, customer);
  const tax = money.tax?.amount ?? taxWithin(money.amount, rate);
  return {
    ...partsOf(account.accountId, entry),
    kind: issuer.country === '' && !money.hosted ? 'receipt' : 'invoice',
    series: 'invoice',
    issuer,
    customer,
    description: `${availableBy(entry)} credits for video generation`,
    net: money.amount - tax,
    tax,
    total: money.amount,
    taxRate: rate,
    taxTreatment: treatment,
    ...(country !== undefined && { taxCountry: country }),
    ...(money.hosted && { hosted: { id: money.hosted.id } }),
  };
}

/** The tax in so much of a document: all of it in all of it. */
function taxOfPart({ tax, total, taxRate, hosted }: InvoiceDocument, part: number): number {
  if (!hosted) return taxWithin(part, taxRate);
  // Stripe may have summed several rates: each part has its share, half a unit up.
  const whole = BigInt(total);
  return total === 0 ? 0 : Number((2n * BigInt(tax) * BigInt(part) + whole) / (2n * whole));
}

/**
 * The credit note of a refund or reversal. It says of the customer and the tax what the document says that it corrects, and
 * takes of its tax what is not taken yet of as much as is credited by then: rounding is never left over.
 */
export function draftCreditNote(original: InvoiceDocument, entry: BookedEntry): Draft {
  const { amount } = moneyOf(entry);
  const { issuer, customer, taxRate, taxTreatment, taxCountry, credited = 0, invoiceId, number } = original;
  if (credited + amount > original.total) {
    throw new RangeError(`${number} is of ${original.total}, and ${credited + amount} would be credited of it`);
  }
  const tax = taxOfPart(original, credited + amount) - taxOfPart(original, credited);
  return {
    ...partsOf(original.accountId, entry),
    kind: 'credit_note',
    series: 'credit_note',
    issuer,
    customer,
    description: `Credit for ${number}: ${entry.kind === 'refund' ? 'paid back' : 'payment reversed'}`,
    net: amount - tax,
    tax,
    total: amount,
    taxRate,
    taxTreatment,
    ...(taxCountry !== undefined && { taxCountry }),
    corrects: { invoiceId, number },
  };
}

/** As a reader calls each kind. */
export const DOCUMENT_WORDS = { invoice: 'invoice', receipt: 'receipt', credit_note: 'credit note' } as const;

/** What the e-mail about it says. */
export function mailFields({ invoiceId, kind, number, issuedAt, total, currency }: InvoiceDocument) {
  const date = issuedAt.slice(0, 10);
  return { id: invoiceId, document: DOCUMENT_WORDS[kind], number, date, total: moneyText(total, currency) };
}

/** What the tax is, in words; empty where it needs none. */
export function taxNote({ taxTreatment }: Pick<Draft, 'taxTreatment'>): string {
  return TAX_TREATMENTS[taxTreatment];
}

function partsOf(accountId: string, entry: BookedEntry) {
  const { currency, reference } = moneyOf(entry);
  const invoiceId = documentIdOf(accountId, entry);
  return { invoiceId, accountId, entryId: entry.id, valueDate: valueDateOf(entry), reference, currency };
}

/** Above zero, also of what went back. */
function moneyOf({ id, money }: BookedEntry) {
  if (!money) throw new TypeError(`the entry ${id} has no money`);
  return { ...money, amount: Math.abs(money.amount) };
}

function customerOf({ name, company, country }: Account): DocumentCustomer {
  const where = country !== undefined && { country };
  if (!company) return { name, ...where };
  const { registration_number: registrationNumber, address, tax_id: taxId } = company;
  return { name: company.name, address, registrationNumber, ...where, ...(taxId !== undefined && { taxId }) };
}
