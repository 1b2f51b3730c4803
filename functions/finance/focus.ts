/**
 * Ledger entries as charges of FinOps FOCUS 1.2. Credits are its virtual currency, 100 to the US dollar, and are paid in
 * advance: a purchase is billed and costs nothing yet; what is captured is not billed again and is the effective cost.
 * Dollars of usage are list price, a cent for each credit, whatever was paid for those credits: a balance does not know
 * which purchase a credit came from, and gifts are spent like others. What was paid is in the purchases alone.
 *
 * Each unit price times its quantity is its cost, exactly: usage is counted in hundreds of credits, a dollar each, and a
 * purchase is one of its kind, for a price by the credit need not end within four digits.
 */
import { minorDigits } from '../catalogue/currencies.ts';
import { DECIMAL_SCALE } from './csv.ts';
import { type Cell, DATASETS, type Row } from './dataset-contract.ts';
import type { NamedEntry } from './rows.ts';

const CREDITS_PER_DOLLAR = 100;
/** Ten-thousandths of a dollar. */
const CREDIT = DECIMAL_SCALE / CREDITS_PER_DOLLAR;
/** Three capital letters, as FOCUS's validator wants them; ISO 4217 has no such currency. */
const VIRTUAL_CURRENCY = 'CRD';
const SERVICE = {
  ServiceCategory: 'AI and Machine Learning',
  ServiceName: 'Video generation',
  ServiceSubcategory: 'Generative AI',
  PricingCurrency: VIRTUAL_CURRENCY,
} as const;

/** Whom the charges name, by the settings of the stage. */
export interface Issuer {
  /** Who issues invoices. */
  readonly issuer: string;
  /** Who provides the service. */
  readonly provider: string;
}

type Charge = Readonly<Record<string, Cell>>;

/** The charge that an entry is; undefined for those that move credits without use and without money. */
export function focusRow(entry: NamedEntry, { issuer, provider }: Issuer): Row | undefined {
  const charge = chargeOf(entry);
  if (!charge) return undefined;
  const whole: Charge = {
    ...SERVICE,
    InvoiceIssuerName: issuer,
    ProviderName: provider,
    PublisherName: provider,
    ...periodsOf(entry),
    BillingAccountId: entry.accountId,
    BillingAccountName: entry.accountName || null,
    ...charge,
  };
  return DATASETS.focus_costs.columns.map(({ name }) => whole[name] ?? null);
}

function chargeOf(entry: NamedEntry): Charge | undefined {
  if (entry.kind === 'capture') return usage(entry);
  return entry.money ? payment(entry, entry.money) : undefined;
}

function usage({ postings, jobId, model, keyId, plan, ...entry }: NamedEntry): Charge {
  const credits = Math.max(0, ...postings.map(({ amount }) => amount));
  const cost = credits * CREDIT;
  const sku = [entry.function ?? 'video', model].filter(Boolean).join('/');
  return {
    ChargeCategory: 'Usage',
    ChargeFrequency: 'Usage-Based',
    ChargeDescription: `A video: ${sku}`,
    BilledCost: 0,
    EffectiveCost: cost,
    ContractedCost: cost,
    ListCost: cost,
    BillingCurrency: 'USD',
    ConsumedQuantity: DECIMAL_SCALE,
    ConsumedUnit: 'Videos',
    PricingCategory: 'Standard',
    PricingQuantity: cost,
    PricingUnit: `${CREDITS_PER_DOLLAR} Credits`,
    ListUnitPrice: DECIMAL_SCALE,
    ContractedUnitPrice: DECIMAL_SCALE,
    PricingCurrencyEffectiveCost: credits * DECIMAL_SCALE,
    PricingCurrencyListUnitPrice: CREDITS_PER_DOLLAR * DECIMAL_SCALE,
    PricingCurrencyContractedUnitPrice: CREDITS_PER_DOLLAR * DECIMAL_SCALE,
    ResourceId: jobId === undefined ? null : `video_${jobId}`,
    ResourceType: jobId === undefined ? null : 'Video',
    SkuId: sku,
    SkuMeter: 'Video generation',
    SkuPriceId: sku,
    Tags: JSON.stringify({ ...(keyId && { key_id: keyId }), ...(plan && { plan }) }),
  };
}

/** One purchase, or below zero one that is taken back. InvoiceId is the number of its document, and empty until that is issued. */
function payment(entry: NamedEntry, { amount, currency }: NonNullable<NamedEntry['money']>): Charge {
  const { kind, postings } = entry;
  const sign = amount < 0 ? -1 : 1;
  const price = Math.abs(amount) * (DECIMAL_SCALE / 10 ** minorDigits(currency));
  const credits = Math.abs(postings.find(({ account }) => account === 'available')?.amount ?? 0);
  // Credits have a list price in dollars alone; elsewhere what was paid takes its place.
  const list = currency.toUpperCase() === 'USD' ? credits * CREDIT : price;
  return {
    ChargeCategory: 'Purchase',
    ChargeFrequency: 'One-Time',
    ChargeClass: classOf(entry),
    InvoiceId: entry.invoiceNumber ?? null,
    ChargeDescription: DESCRIPTIONS[kind] ?? 'A payment',
    // Effective is what is used of it, later and as usage: FOCUS has none for what is paid in advance.
    EffectiveCost: 0,
    BilledCost: sign * price,
    ContractedCost: sign * price,
    ContractedUnitPrice: price,
    ListCost: sign * list || 0,
    ListUnitPrice: list,
    BillingCurrency: currency.toUpperCase(),
    PricingCategory: 'Standard',
    PricingQuantity: sign * DECIMAL_SCALE,
    PricingUnit: 'Purchases',
    PricingCurrencyEffectiveCost: 0,
    PricingCurrencyListUnitPrice: credits * DECIMAL_SCALE,
    PricingCurrencyContractedUnitPrice: credits * DECIMAL_SCALE,
    SkuId: 'credits',
    SkuMeter: 'Credits',
    SkuPriceDetails: JSON.stringify({ x_Credits: credits }),
    SkuPriceId: `credits/${credits}`,
    Tags: '{}',
  };
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  purchase: 'Credits, paid in advance',
  refund: 'Credits that were paid back',
  reversal: 'Credits whose payment was reversed',
};

/** A correction is of a billing period before; what takes back a purchase of its own period is none. */
function classOf({ corrects, bookedAt }: NamedEntry): 'Correction' | null {
  return corrects && corrects.bookedAt.slice(0, 7) < bookedAt.slice(0, 7) ? 'Correction' : null;
}

/** A charge is of its day, billed with its month; ends are not included. */
function periodsOf({ bookedAt }: NamedEntry): Charge {
  const [year = 0, month = 0, date = 0] = bookedAt.slice(0, 10).split('-').map(Number);
  // To the second: FOCUS has no fractions of one.
  const midnight = (monthIndex: number, day: number) =>
    `${new Date(Date.UTC(year, monthIndex, day)).toISOString().slice(0, 19)}Z`;
  return {
    BillingPeriodStart: midnight(month - 1, 1),
    BillingPeriodEnd: midnight(month, 1),
    ChargePeriodStart: midnight(month - 1, date),
    ChargePeriodEnd: midnight(month - 1, date + 1),
  };
}
