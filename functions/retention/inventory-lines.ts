/**
 * What log lines say and what reports count. Neither has identity or content in it: logs name accounts and videos by ids of
 * ours, and statistics are computed without either. Pure data.
 */
import type { DatasetName } from '../finance/dataset-contract.ts';
import { type Attribute, attributes, MARKS, type Nearness } from './inventory.ts';

const {
  pk: _pk,
  sk: _sk,
  ...LINES
} = attributes(`
  accountId# The account.
  jobId# The video.
  keyId# The key or person, in the log of calls.
  eventId# The provider's id of an event.
  caseId# Use that met a rule.
  terminationId# The end of service to an account.
  lotId# A gift of credits.
  invoiceId# A document.
  purchaseId# A purchase.
  requestId# The id that a call was answered with.
  entry# A ledger entry.
  exportId# An export.
  item# The key of an item that something is due of.
  key# The key of an item or object.
  reference# The provider's id of a payment.
  route The route of a call, without what was in it.
  refusal Why a call was refused.
  field The member that was wrong, not what was in it.
  error What went wrong, for us to mend.
  reason The same, as a code.
  action What was to be recorded.
  rule A rule on use, by its name.
  decline_code Why a payment was declined, as the provider has it.
  isLast Whether it was the last attempt.
  plan A plan.
  credits Credits.
  version A version of the terms.
  template Which e-mail.
  subject What an alert is about.
  threshold Which share of it was reached.
  mailed Whether an e-mail was sent.
  day A day.
  rows How many rows.
  causes How many differences, by cause.
  unexplained How many without one.
  issued How many documents.
  objects How many objects.
  usedBy How many videos are made of it.
  videos How many videos.
  uploads How many uploads.
  warned How many accounts were written to.
  failures How many failures.
  attempt Which attempt.
  attempts How many attempts.
  awaited Whether it was waited for.
  lost Whether a lease was lost.
  shuttingDown Whether a worker was stopping.
  engine What makes the images.
  replayed Whether the call was repeated.
  outcome How it ended.
  settlement How it was settled.
  fact What was reported.
  type What kind of event.
  code A code of the provider.
  statusCode The provider's status.
  issuer Which sign-in.
  secretId Which secret, not what is in it.
  sealed How many events.
  number A number.
  noted Whether it was noted.
  files How many files.
  bytes How many bytes.
  started How many were started.
  settled How many were settled.
  running How many run.
  purged How many were removed.
  why In words of ours.
  what What was tried.
  pause How long it waits.
  retryInMs How long it waits.
`);
/** Members of log lines, by their names. */
export const LOG_MEMBERS: Readonly<Record<string, Attribute>> = LINES;

/** Fields of the gateway's log, one line for each call. The address is there to see misuse, for as long as logs are kept. */
export const ACCESS_LOG_FIELDS: Readonly<Record<string, Nearness>> = {
  requestId: 'pseudonym',
  time: 'fact',
  ip: 'identity',
  method: 'fact',
  route: 'fact',
  status: 'fact',
  accountId: 'pseudonym',
  keyId: 'pseudonym',
  milliseconds: 'fact',
  integrationMilliseconds: 'fact',
  answeredBytes: 'fact',
  error: 'fact',
};

/** Files that count what is used: neither content nor identity is in them. The others are books, which have names. */
export const STATISTICS: readonly DatasetName[] = ['jobs_started', 'jobs_ended', 'usage_counts', 'gateway_usage'];

/** Columns of finance's files as words, with the marks of `attributes`. */
const COLUMNS: Readonly<Record<DatasetName, string>> = {
  ledger_entries: `
    entry_id# account_id# kind booked_at available held revenue issued sold expired adjusted job_id# function model key_id#
    plan money_amount money_currency money_reference# account_name! reason" reference# value_date corrects# expires_on`,
  accounts: 'account_id# account_name!',
  jobs_started: 'job_id# account_id# plan key_id# function model quality credits created_at ended_at',
  jobs_ended: `
    job_id# account_id# plan key_id# function model quality credits created_at ended_at state failure_code charged released`,
  usage_counts: `
    account_id# function model key_id# started succeeded failed cancelled rejected held charged released seconds`,
  gateway_usage: 'usage_plan_id plan gateway_key_id# account_id# requests remaining',
  focus_costs: `
    BilledCost BillingAccountId# BillingAccountName! BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory
    ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart ConsumedQuantity ConsumedUnit
    ContractedCost ContractedUnitPrice EffectiveCost InvoiceId# InvoiceIssuerName ListCost ListUnitPrice PricingCategory
    PricingCurrency PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice
    PricingQuantity PricingUnit ProviderName PublisherName RegionId RegionName ResourceId# ResourceName# ResourceType
    ServiceCategory ServiceName ServiceSubcategory SkuId SkuMeter SkuPriceDetails SkuPriceId SubAccountId# SubAccountName! Tags`,
  recognised_revenue: `
    account_id# account_name! currency sold refunded recognised deferred_before deferred_after credits_before credits_given
    credits_used credits_expired credits_taken credits_after`,
  invoices: `
    invoice_id# number# kind issued_at value_date account_id# customer_name! customer_country customer_tax_id! entry_id#
    reference# currency net tax total tax_rate tax_treatment tax_country corrects#`,
  reconciliation: 'account_id# plan measure beside ledger counted difference cause account_name!',
};

/** How near each column is to a person, by its file and its name. */
export const REPORT_COLUMNS: Readonly<Record<string, Readonly<Record<string, Nearness>>>> = Object.fromEntries(
  Object.entries(COLUMNS).map(([dataset, written]) => [dataset, nearnessOf(written)]),
);

function nearnessOf(written: string): Readonly<Record<string, Nearness>> {
  const words = written.trim().split(/\s+/);
  return Object.fromEntries(words.map(word => [word.replace(/\W$/, ''), MARKS[word.slice(-1)] ?? 'fact']));
}
