/**
 * Tax on what is sold, as a table and the rule that reads it: which tax a customer is charged follows from the issuer's
 * country and from what was reviewed of the customer, and an amount is parted into net and tax in whole units of its
 * currency. What a country wants of a seller beyond this, such as being registered there, is the issuer's to see to. Pure.
 */

/**
 * Standard rates in hundredths of a per cent, as they were known when this was written in November 2026. They were compared with
 * no official list: who issues invoices compares them before the first. A rate that changes is changed here; documents keep
 * the one they were made with.
 */
const MEMBER_STATES = {
  AT: 2000,
  BE: 2100,
  BG: 2000,
  CY: 1900,
  CZ: 2100,
  DE: 1900,
  DK: 2500,
  EE: 2400,
  ES: 2100,
  FI: 2550,
  FR: 2000,
  GR: 2400,
  HR: 2500,
  HU: 2700,
  IE: 2300,
  IT: 2200,
  LT: 2100,
  LU: 1700,
  LV: 2100,
  MT: 1800,
  NL: 2100,
  PL: 2300,
  PT: 2300,
  RO: 2100,
  SE: 2500,
  SI: 2200,
  SK: 2300,
} as const satisfies Readonly<Record<string, number>>;

const RATES: ReadonlyMap<string, number> = new Map<string, number>([
  ...Object.entries(MEMBER_STATES),
  ['CH', 810],
  ['GB', 2000],
  ['NO', 2500],
]);

/** Where an issuer may be whose tax is known here. */
export const ISSUER_COUNTRIES: readonly string[] = [...RATES.keys()].sort();

export const TAX_TREATMENTS = {
  domestic: '',
  destination: '',
  reverse_charge:
    'Reverse charge: the recipient accounts for the tax (Article 196 of Directive 2006/112/EC). No tax is charged.',
  outside_scope: 'No tax is charged: the recipient belongs to a country outside the territory of this tax.',
  stripe: 'Stripe computed the tax: its own invoice says how.',
  not_registered: 'No tax is charged, and this is no tax invoice: its issuer is not set up as registered for tax.',
} as const;
export type TaxTreatment = keyof typeof TAX_TREATMENTS;

export interface Tax {
  readonly treatment: TaxTreatment;
  /** Hundredths of a per cent. */
  readonly rate: number;
  /** Whose tax it is; absent where none is charged. */
  readonly country?: string;
}

/** Of a customer, what was reviewed with its qualification. */
export interface TaxedCustomer {
  /** ISO 3166-1; absent where nobody has said one, such as of an account that an operator opened. */
  readonly country?: string;
  /** Of a business that is registered for tax in the European Union: its number there, with the country in front. */
  readonly taxId?: string;
}

/** `issuerCountry` is empty where the issuer is not registered. A customer whose country nobody knows is taxed as at home. */
export function taxFor(issuerCountry: string, { country = issuerCountry, taxId }: TaxedCustomer): Tax {
  if (issuerCountry === '') return { treatment: 'not_registered', rate: 0 };
  if (country === issuerCountry) return { treatment: 'domestic', rate: rateOf(country), country };
  if (!isMemberState(issuerCountry) || !isMemberState(country)) return { treatment: 'outside_scope', rate: 0 };
  if (taxId !== undefined && countryOfTaxId(taxId) === country) return { treatment: 'reverse_charge', rate: 0 };
  return { treatment: 'destination', rate: rateOf(country), country };
}

function rateOf(country: string): number {
  const rate = RATES.get(country);
  if (rate === undefined) throw new RangeError(`no rate of tax is known for ${country}`);
  return rate;
}

function isMemberState(country: string): boolean {
  return country in MEMBER_STATES;
}

/** Which member state gave a number for tax; undefined where none did. Greece's begin with EL. */
export function countryOfTaxId(taxId: string): string | undefined {
  const [, prefix = ''] = /^([A-Z]{2})[0-9A-Z+*]{2,12}$/.exec(taxId) ?? [];
  const country = prefix === 'EL' ? 'GR' : prefix;
  // GR itself stands before no number.
  return prefix !== 'GR' && isMemberState(country) ? country : undefined;
}

/** One hundred per cent. */
const WHOLE = 10_000;
/** Twenty times what is recorded at once at most. 2 * 2 * 10^11 * 2,700 is some 10^15, and whole numbers are exact to 9 * 10^15. */
const MOST = 200_000_000_000;

/** How much of an amount that has the tax in it is tax: whole units, half a unit up. */
export function taxWithin(total: number, rate: number): number {
  return halfUp(total, rate, WHOLE + rate);
}

/** What is added to an amount without tax: whole units, half a unit up. Of the two together the same tax is within. */
export function taxOn(net: number, rate: number): number {
  return halfUp(net, rate, WHOLE);
}

function halfUp(amount: number, by: number, of: number): number {
  if (!Number.isSafeInteger(amount) || amount < 0 || amount > MOST)
    throw new RangeError(`an amount must be a whole number from 0 to ${MOST}, not ${amount}`);
  const twice = 2 * amount * by + of;
  // Without the remainder the quotient is exact.
  return (twice - (twice % (2 * of))) / (2 * of);
}
