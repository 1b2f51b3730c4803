/**
 * Keys as bytes whose order is DynamoDB's order, so that SQLite's BLOB order sorts and bounds them: strings in UTF-8,
 * binary as it is, numbers as sign, exponent and digits.
 */
import { readDecimal } from './decimal.ts';
import type { Value } from './value.ts';

const NEGATIVE = 0;
const ZERO = 1;
const POSITIVE = 2;
/** So that the smallest magnitude, 0.1E-129, has the exponent byte 0 and the largest, 0.9E+126, 255. */
const EXPONENT_BIAS = 129;

/** The bytes of a string, number or binary value. */
export function sortableBytes(value: Value): Buffer {
  if ('S' in value) return Buffer.from(value.S);
  if ('B' in value) return Buffer.from(value.B, 'base64');
  if ('N' in value) return sortableNumber(value.N);
  throw new Error('only strings, numbers and binary are keys');
}

/** Two digits to a byte. A negative number is the complement of its opposite, with a last 0xff to put -12 after -12.5. */
function sortableNumber(text: string): Buffer {
  const { coefficient, exponent } = readDecimal(text);
  if (coefficient === 0n) return Buffer.of(ZERO);
  const negative = coefficient < 0n;
  const digits = String(negative ? -coefficient : coefficient);
  const bytes = [exponent + digits.length + EXPONENT_BIAS];
  for (let i = 0; i < digits.length; i += 2) bytes.push(Number(digits.slice(i, i + 2).padEnd(2, '0')) + 1);
  return negative ? Buffer.of(NEGATIVE, ...bytes.map(byte => 255 - byte), 255) : Buffer.of(POSITIVE, ...bytes);
}
