/**
 * DynamoDB's numbers: decimal, exact to 38 digits, from 1E-130 to 9.9...E+125. A decimal is `coefficient` times ten to
 * the `exponent`, with no trailing zero in the coefficient, so equal numbers have one form and one text.
 */
import { refuse } from './refusal.ts';

interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const MOST_DIGITS = 38;
const ZERO: Decimal = { coefficient: 0n, exponent: 0 };

/** Reads the text of a number; refuses what is no number, or is outside DynamoDB's range or precision. */
export function readDecimal(text: string): Decimal {
  const parts = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!parts) refuse(`The parameter cannot be converted to a numeric value: ${text}`);
  const [, sign, whole = '', fraction = '', onlyFraction = '', power = '0'] = parts;
  const decimals = fraction + onlyFraction;
  return inRange(sign === '-', (whole + decimals).replace(/^0+/, ''), Number(power) - decimals.length);
}

/** The one text of a number: plain, with no exponent and no needless zero. */
export function writeDecimal({ coefficient, exponent }: Decimal): string {
  const sign = coefficient < 0n ? '-' : '';
  const digits = String(coefficient < 0n ? -coefficient : coefficient);
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** The exact sum; refused where it needs more than 38 digits. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = scaled(a, exponent) + scaled(b, exponent);
  return inRange(sum < 0n, String(sum < 0n ? -sum : sum), exponent);
}

/** The exact difference; refused where it needs more than 38 digits. */
export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return addDecimals(a, { ...b, coefficient: -b.coefficient });
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const exponent = Math.min(a.exponent, b.exponent);
  const difference = scaled(a, exponent) - scaled(b, exponent);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function scaled({ coefficient, exponent }: Decimal, to: number): bigint {
  return coefficient * 10n ** BigInt(exponent - to);
}

function inRange(negative: boolean, digits: string, exponent: number): Decimal {
  const significant = digits.replace(/0+$/, '');
  if (significant === '' || significant === '0') return ZERO;
  const places = exponent + digits.length - significant.length;
  const magnitude = places + significant.length - 1;
  if (magnitude > 125) {
    refuse('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude < -130) {
    refuse('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (significant.length > MOST_DIGITS) {
    refuse('Attempting to store more than 38 significant digits in a Number');
  }
  const coefficient = BigInt(significant);
  return { coefficient: negative ? -coefficient : coefficient, exponent: places };
}
