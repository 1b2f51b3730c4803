/**
 * What FOCUS 1.2 demands of its columns, as its validator asks it of a table in SQL: each rule selects the rows that break
 * it. Of what depends on what a provider supports, those that this platform does.
 */

const NATIONAL = 'BillingCurrency';
const REQUIRED = `BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart
  ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart ConsumedQuantity
  ConsumedUnit ContractedCost ContractedUnitPrice EffectiveCost InvoiceId InvoiceIssuerName ListCost ListUnitPrice
  PricingCategory PricingCurrency PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost
  PricingCurrencyListUnitPrice PricingQuantity PricingUnit ProviderName PublisherName ResourceId ResourceName ResourceType
  ServiceCategory ServiceName ServiceSubcategory SkuId SkuMeter SkuPriceDetails SkuPriceId Tags`
  .trim()
  .split(/\s+/);
const NEVER_NULL = `BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart
  ChargeCategory ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost
  InvoiceIssuerName ListCost PricingCurrency PricingCurrencyEffectiveCost ProviderName PublisherName ServiceCategory
  ServiceName ServiceSubcategory`
  .trim()
  .split(/\s+/);
/** Of usage and purchases that correct nothing. */
const PRICED = `ContractedUnitPrice ListUnitPrice PricingCategory PricingCurrencyContractedUnitPrice
  PricingCurrencyListUnitPrice PricingQuantity PricingUnit SkuId SkuMeter SkuPriceId`
  .trim()
  .split(/\s+/);
const UNIT_PRICES = [
  'ContractedUnitPrice',
  'ListUnitPrice',
  'PricingCurrencyContractedUnitPrice',
  'PricingCurrencyListUnitPrice',
];
const DATES = ['BillingPeriodEnd', 'BillingPeriodStart', 'ChargePeriodEnd', 'ChargePeriodStart'];
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  ChargeCategory: ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'],
  ChargeClass: ['Correction'],
  ChargeFrequency: ['One-Time', 'Recurring', 'Usage-Based'],
  PricingCategory: ['Standard', 'Dynamic', 'Committed', 'Other'],
  ServiceCategory: ['AI and Machine Learning'],
  ServiceSubcategory: ['Generative AI'],
};
const OPEN = "ChargeClass IS NULL AND ChargeCategory IN ('Usage', 'Purchase')";
const MOMENT = '^[0-9]{4}-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$';
const UNIT = '^([0-9]+ )?[A-Za-z][A-Za-z0-9]*( [A-Za-z][A-Za-z0-9]*)*$';

/** The columns that must be there. */
export const FOCUS_COLUMNS: readonly string[] = REQUIRED;

/** By name: which rows break the rule. */
export const FOCUS_RULES: Readonly<Record<string, string>> = Object.fromEntries([
  ...NEVER_NULL.map(column => [`${column} is not null`, `${column} IS NULL`]),
  ...PRICED.map(column => [`${column} is not null of what corrects nothing`, `${OPEN} AND ${column} IS NULL`]),
  ...UNIT_PRICES.map(column => [`${column} is not below zero`, `${column} < 0`]),
  ...DATES.map(column => [`${column} is a moment in UTC, to the second`, `NOT regexp_matches(${column}, '${MOMENT}')`]),
  ...Object.entries(ALLOWED).map(([column, values]) => [
    `${column} is an allowed value`,
    `${column} NOT IN (${values.map(value => `'${value}'`).join(', ')})`,
  ]),
  ...['ContractedUnitPrice ContractedCost', 'ListUnitPrice ListCost'].map(pair => {
    const [price, cost] = pair.split(' ');
    return [
      `${price} times PricingQuantity is ${cost}`,
      `ChargeClass IS NULL AND ${price} * PricingQuantity <> ${cost}`,
    ];
  }),
  [`${NATIONAL} is a national currency`, `NOT regexp_matches(${NATIONAL}, '^[A-Z]{3}$')`],
  ['PricingCurrency has the form of a currency', "NOT regexp_matches(PricingCurrency, '^[A-Z]{3}$')"],
  ['periods end after they begin', 'BillingPeriodStart >= BillingPeriodEnd OR ChargePeriodStart >= ChargePeriodEnd'],
  [
    'a charge is within its billing period',
    'ChargePeriodStart < BillingPeriodStart OR ChargePeriodEnd > BillingPeriodEnd',
  ],
  [
    'usage has a quantity above zero',
    "ChargeCategory = 'Usage' AND (ConsumedQuantity IS NULL OR ConsumedQuantity <= 0)",
  ],
  ['nothing but usage has a quantity', "ChargeCategory <> 'Usage' AND ConsumedQuantity IS NOT NULL"],
  [
    'a quantity has its unit, and a unit its quantity',
    '(ConsumedQuantity IS NULL) <> (ConsumedUnit IS NULL) OR (PricingQuantity IS NULL) <> (PricingUnit IS NULL)',
  ],
  [
    'units are written as FOCUS writes them',
    `NOT regexp_matches(PricingUnit, '${UNIT}') OR NOT regexp_matches(ConsumedUnit, '${UNIT}')`,
  ],
  [
    'what is paid in advance costs nothing yet',
    "ChargeCategory = 'Purchase' AND (EffectiveCost <> 0 OR PricingCurrencyEffectiveCost <> 0)",
  ],
  ['a resource has a type, and a type its resource', '(ResourceId IS NULL) <> (ResourceType IS NULL)'],
  [
    'details are of a price, and JSON',
    'SkuPriceDetails IS NOT NULL AND (SkuPriceId IS NULL OR NOT json_valid(SkuPriceDetails))',
  ],
  ['tags are JSON', 'Tags IS NULL OR NOT json_valid(Tags)'],
  ['usage is never a correction', "ChargeCategory = 'Usage' AND ChargeClass IS NOT NULL"],
]);

/** Prices that have more than one SKU. */
export const FOCUS_SKUS = 'SELECT SkuPriceId FROM focus_costs GROUP BY SkuPriceId HAVING COUNT(DISTINCT SkuId) <> 1';
