/**
 * Ledger entries as charges of FinOps FOCUS 1.2. Credits are its virtual currency, 100 to the US dollar, and are paid in
 * advance: a purchase is billed and costs nothing yet; what is captured is not billed again and is the effective cost.
 * Dollars of usage are list price, a cent for each credit, whatever was paid for those credits: a balance does not know
 * which purchase a credit came from, and gifts are spent like others. What was paid is in the purchases alone.
 */
import { DECIMAL_SCALE } from './csv.ts';
import { type Cell, DATASETS, type Row } from './dataset-contract.ts';
import type { DayEntry } from './rows.ts';

const CREDITS_PER_DOLLAR = 100;
/** Ten-thousandths of a dollar. */
const CREDIT = DECIMAL_SCALE / CREDITS_PER_DOLLAR;
/** ISO 4217: digits after the point where they are not two. */
const DIGITS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ').map(code => [code, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map(code => [code, 3])),
};
const OURS = {
  InvoiceIssuerName: 'Mutoscope',
  ProviderName: 'Mutoscope',
  PublisherName: 'Mutoscope',
  ServiceCategory: 'AI and Machine Learning',
  ServiceName: 'Mutoscope video generation',
  ServiceSubcategory: 'Generative AI',
  PricingCurrency: 'credits',
} as const;

type Charge = Readonly<Record<string, Cell>>;

/** The charge that an entry is; undefined for those that move credits without use and without money. */
export function focusRow(entry: DayEntry): Row | undefined {
  const charge = chargeOf(entry);
  if (!charge) return undefined;
  const whole: Charge = { ...OURS, ...periodsOf(entry), BillingAccountId: entry.accountId, ...charge };
  return DATASETS.focus_costs.columns.map(({ name }) => whole[name] ?? null);
}

function chargeOf(entry: DayEntry): Charge | undefined {
  if (entry.kind === 'capture') return usage(entry);
  if ((entry.kind === 'purchase' || entry.kind === 'refund') && entry.money) return payment(entry, entry.money);
  return undefined;
}

function usage({ postings, jobId, model, keyId, plan, ...entry }: DayEntry): Charge {
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
    PricingQuantity: credits * DECIMAL_SCALE,
    PricingUnit: 'Credits',
    ListUnitPrice: CREDIT,
    ContractedUnitPrice: CREDIT,
    PricingCurrencyEffectiveCost: credits * DECIMAL_SCALE,
    PricingCurrencyListUnitPrice: DECIMAL_SCALE,
    PricingCurrencyContractedUnitPrice: DECIMAL_SCALE,
    ResourceId: jobId === undefined ? null : `video_${jobId}`,
    ResourceType: 'Video',
    SkuId: sku,
    SkuMeter: 'Video generation',
    SkuPriceId: sku,
    Tags: JSON.stringify({ ...(keyId && { key_id: keyId }), ...(plan && { plan }) }),
  };
}

function payment(
  { kind, postings }: DayEntry,
  { amount, currency, reference }: NonNullable<DayEntry['money']>,
): Charge {
  const back = kind === 'refund';
  const digits = DIGITS[currency.toUpperCase()] ?? 2;
  const paid = (back ? -1 : 1) * Math.abs(amount) * (DECIMAL_SCALE / 10 ** digits);
  const credits = postings.find(({ account }) => account === 'available')?.amount ?? 0;
  return {
    ChargeCategory: 'Purchase',
    ChargeFrequency: 'One-Time',
    ChargeClass: back ? 'Correction' : null,
    ChargeDescription: back ? 'Credits that were paid back' : 'Credits, paid in advance',
    // Effective is what is used of it, later and as usage: FOCUS has none for what is paid in advance.
    BilledCost: paid,
    EffectiveCost: 0,
    ContractedCost: paid,
    // Of each credit, to the nearest ten-thousandth; the costs are exact.
    ContractedUnitPrice: credits === 0 ? null : Math.round(paid / credits),
    // Credits have a list price in dollars alone; elsewhere what was paid takes its place.
    ...(currency.toUpperCase() === 'USD'
      ? { ListUnitPrice: CREDIT, ListCost: credits * CREDIT }
      : { ListUnitPrice: null, ListCost: paid }),
    BillingCurrency: currency.toUpperCase(),
    InvoiceId: reference,
    PricingCurrencyEffectiveCost: 0,
    PricingCategory: 'Standard',
    PricingQuantity: credits * DECIMAL_SCALE,
    PricingUnit: 'Credits',
    SkuId: 'credits',
    SkuMeter: 'Credits',
    SkuPriceId: 'credits',
    Tags: '{}',
  };
}

/** A charge is of its day, billed with its month; ends are not included. */
function periodsOf({ bookedAt }: DayEntry): Charge {
  const [year = 0, month = 0, date = 0] = bookedAt.slice(0, 10).split('-').map(Number);
  const midnight = (monthIndex: number, day: number) => new Date(Date.UTC(year, monthIndex, day)).toISOString();
  return {
    BillingPeriodStart: midnight(month - 1, 1),
    BillingPeriodEnd: midnight(month, 1),
    ChargePeriodStart: midnight(month - 1, date),
    ChargePeriodEnd: midnight(month - 1, date + 1),
  };
}
