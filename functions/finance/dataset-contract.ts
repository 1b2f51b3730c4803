/**
 * The datasets of a day, as data: each is a file of CSV and one of Parquet below `day=2026-11-24/`, and a table of the
 * catalog that Athena reads. Every column is in every row; those marked so may be empty. Credits are whole numbers.
 */

/** `decimal` has four digits after the point. Times are text, ISO 8601 in UTC. */
export type ColumnType = 'string' | 'bigint' | 'double' | 'decimal';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly optional: boolean;
}

export interface Dataset {
  readonly name: DatasetName;
  readonly about: string;
  readonly columns: readonly Column[];
}

/** Columns as words: `name:type`, text where the type is left out, with a `?` behind what may be empty. */
function columns(written: string): Column[] {
  return written
    .trim()
    .split(/\s+/)
    .map(text => {
      const [, name = '', type = 'string', optional] = /^(\w+)(?::(\w+))?(\?)?$/.exec(text) ?? [];
      return { name, type: type as ColumnType, optional: optional === '?' };
    });
}

/** Each dataset of a day is a file in each form. */
export const FORMS = ['csv', 'parquet'] as const;
export type Form = (typeof FORMS)[number];

export const DATASET_NAMES = [
  'ledger_entries',
  'accounts',
  'jobs_started',
  'jobs_ended',
  'usage_counts',
  'gateway_usage',
  'focus_costs',
  'recognised_revenue',
  'invoices',
  'reconciliation',
] as const;
export type DatasetName = (typeof DATASET_NAMES)[number];

const JOB = 'job_id:bigint account_id plan? key_id function model quality credits:bigint';

export const DATASETS: Readonly<Record<DatasetName, Dataset>> = {
  ledger_entries: {
    name: 'ledger_entries',
    about:
      'Entries of all accounts, in the order of their booking; the seven columns of credits sum to zero. `value_date` is the day on which money came or went.',
    columns: columns(`
      entry_id account_id kind booked_at available:bigint held:bigint revenue:bigint issued:bigint sold:bigint
      expired:bigint adjusted:bigint job_id:bigint? function? model? key_id? plan? money_amount:bigint?
      money_currency? money_reference? account_name? reason? reference? value_date corrects?
      expires_on?
    `),
  },
  accounts: {
    name: 'accounts',
    about: 'Names of the accounts of the entries and differences of the day, as they were when it was first exported.',
    columns: columns('account_id account_name'),
  },
  jobs_started: {
    name: 'jobs_started',
    about: 'Jobs that were started on the day; `ended_at` only where they ended on it too.',
    columns: columns(`${JOB} created_at ended_at?`),
  },
  jobs_ended: {
    name: 'jobs_ended',
    about: 'Jobs that ended on the day, whenever they were started.',
    columns: columns(`${JOB} created_at ended_at state failure_code? charged:bigint released:bigint`),
  },
  usage_counts: {
    name: 'usage_counts',
    about: 'What each account was counted by function, model and key.',
    columns: columns(`
      account_id function model key_id started:bigint succeeded:bigint failed:bigint cancelled:bigint
      rejected:bigint held:bigint charged:bigint released:bigint seconds:double
    `),
  },
  gateway_usage: {
    name: 'gateway_usage',
    about: "API Gateway's own count of requests by usage plan and key; keys that were deleted since are in it.",
    columns: columns('usage_plan_id plan gateway_key_id account_id? requests:bigint remaining:bigint'),
  },
  focus_costs: {
    name: 'focus_costs',
    about:
      'Charges and payments in the columns of FinOps FOCUS 1.2; usage is at list price, 100 credits a US dollar. CRD is its virtual currency, a credit.',
    columns: columns(`
      BilledCost:decimal BillingAccountId BillingAccountName? BillingCurrency BillingPeriodEnd
      BillingPeriodStart ChargeCategory ChargeClass? ChargeDescription ChargeFrequency ChargePeriodEnd
      ChargePeriodStart ConsumedQuantity:decimal? ConsumedUnit? ContractedCost:decimal
      ContractedUnitPrice:decimal? EffectiveCost:decimal InvoiceId? InvoiceIssuerName ListCost:decimal
      ListUnitPrice:decimal? PricingCategory? PricingCurrency PricingCurrencyContractedUnitPrice:decimal?
      PricingCurrencyEffectiveCost:decimal PricingCurrencyListUnitPrice:decimal? PricingQuantity:decimal?
      PricingUnit? ProviderName PublisherName RegionId? RegionName? ResourceId? ResourceName? ResourceType?
      ServiceCategory ServiceName ServiceSubcategory SkuId? SkuMeter? SkuPriceDetails? SkuPriceId? SubAccountId?
      SubAccountName? Tags
    `),
  },
  recognised_revenue: {
    name: 'recognised_revenue',
    about:
      'How the lots of an account moved, by the currency in which they were paid; without one those that were given. deferred_before + sold - refunded - recognised = deferred_after.',
    columns: columns(`
      account_id account_name? currency? sold:bigint refunded:bigint recognised:bigint deferred_before:bigint
      deferred_after:bigint credits_before:bigint credits_given:bigint credits_used:bigint credits_expired:bigint
      credits_taken:bigint credits_after:bigint
    `),
  },
  invoices: {
    name: 'invoices',
    about:
      'Invoices, receipts and credit notes that were issued on the day, in the order of their numbers; amounts of credit notes are below zero, and `tax_rate` is in per cent.',
    columns: columns(`
      invoice_id number kind issued_at value_date account_id customer_name customer_country? customer_tax_id?
      entry_id reference currency net:bigint tax:bigint total:bigint tax_rate:decimal tax_treatment tax_country?
      corrects?
    `),
  },
  reconciliation: {
    name: 'reconciliation',
    about: 'Each difference between the ledger and what counts beside it, with its cause or `unexplained`.',
    columns: columns(
      'account_id plan? measure beside ledger:bigint counted:bigint difference:bigint cause account_name?',
    ),
  },
};

/** A cell: whole numbers for bigint, ten-thousandths for decimal, null where the column may be empty. */
export type Cell = string | number | null;
export type Row = readonly Cell[];
