/** ASN.1 in DER (X.690), as much as signatures and time stamps have of it. Reading takes DER alone: one way to write each value. Pure. */

export interface DerValue {
  /** The first byte, such as 0x30 of a SEQUENCE. */
  readonly tag: number;
  readonly content: Buffer;
  /** With its tag and length. */
  readonly whole: Buffer;
}

export const SEQUENCE = 0x30;
export const SET = 0x31;
export const INTEGER = 0x02;
export const OCTETS = 0x04;
export const NULL = 0x05;
export const OBJECT_ID = 0x06;
export const TIME = 0x18;
export const BOOLEAN = 0x01;

/** The one value that the bytes are; throws where they are another thing, or more. */
export function readDer(bytes: Uint8Array): DerValue {
  const [value, ...more] = readAll(Buffer.from(bytes));
  if (!value || more.length > 0) throw new Error('not one value in DER');
  return value;
}

/** The values within one that is made of others. */
export function childrenOf({ tag, content }: DerValue): readonly DerValue[] {
  if ((tag & 0x20) === 0) throw new Error('a value in DER that should be made of others is not');
  return readAll(content);
}

function readAll(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0;
    if ((tag & 0x1f) === 0x1f) throw new Error('a tag in DER of more than one byte');
    const { length, size } = lengthAt(bytes, at + 1);
    const start = at + 1 + size;
    const end = start + length;
    if (end > bytes.length) throw new Error('a value in DER is cut off');
    values.push({ tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return values;
}

function lengthAt(bytes: Buffer, at: number): { length: number; size: number } {
  const first = bytes[at];
  if (first === undefined) throw new Error('a value in DER is cut off');
  if (first < 0x80) return { length: first, size: 1 };
  const digits = first & 0x7f;
  if (digits === 0 || digits > 3 || at + 1 + digits > bytes.length) throw new Error('not a length in DER');
  const length = bytes.readUIntBE(at + 1, digits);
  if (length < 0x80 || (digits > 1 && length < 2 ** (8 * (digits - 1)))) throw new Error('a length in DER is too long');
  return { length, size: 1 + digits };
}

export function derInteger({ tag, content }: DerValue): bigint {
  const [first, second] = content;
  if (tag !== INTEGER || first === undefined) throw new Error('not a number in DER');
  const isLong = second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (isLong) throw new Error('a number in DER has more bytes than it needs');
  return BigInt.asIntN(8 * content.length, BigInt(`0x${content.toString('hex')}`));
}

/** The numbers of a sequence of nothing else. */
export function derIntegers(bytes: Uint8Array): readonly bigint[] {
  const sequence = readDer(bytes);
  if (sequence.tag !== SEQUENCE) throw new Error('not a sequence in DER');
  return childrenOf(sequence).map(derInteger);
}

/** With dots, such as `1.2.840.113549.1.7.2`. */
export function derObjectId({ tag, content }: DerValue): string {
  if (tag !== OBJECT_ID || content.length === 0) throw new Error('not an object id in DER');
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  const [first = 0, ...others] = numbers;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - 40 * root, ...others].join('.');
}

export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Uint8Array.of(tag, length), content]);
  const digits = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
  const size = Buffer.alloc(digits);
  size.writeUIntBE(length, 0, digits);
  return Buffer.concat([Uint8Array.of(tag, 0x80 | digits), size, content]);
}

/** A number that is not negative, of its bytes, the most significant first. */
export function integerOf(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex(byte => byte !== 0);
  const digits = start === -1 ? Uint8Array.of(0) : bytes.subarray(start);
  return der(INTEGER, (digits[0] ?? 0) < 0x80 ? Buffer.alloc(0) : Uint8Array.of(0), digits);
}

export function objectIdOf(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const bytes = [40 * first + second, ...others].flatMap(number => {
    const digits = [number & 0x7f];
    for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128))
      digits.unshift((rest & 0x7f) | 0x80);
    return digits;
  });
  return der(OBJECT_ID, Uint8Array.from(bytes));
}
