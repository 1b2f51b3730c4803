/** Message attributes: their limits, size, choice by name, and the MD5 by which SDKs verify them. Pure. */
import { createHash } from 'node:crypto';
import { invalid, refusal } from './sqs-error.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  /** base64 */
  readonly BinaryValue?: string | undefined;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** Throws InvalidParameterValue for attributes that SQS does not take. */
export function checkMessageAttributes(attributes: MessageAttributes): void {
  const names = Object.keys(attributes);
  if (names.length > 10) {
    throw refusal(
      'InvalidParameterValueException',
      `Number of message attributes [${names.length}] exceeds the allowed maximum [10].`,
    );
  }
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^(?!aws\.|amazon\.)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/i.test(name) || name.length > 256) {
      throw invalid('MessageAttributeName', name, 'Invalid attribute name.');
    }
    const [, kind] = /^(String|Number|Binary)(\..+)?$/.exec(DataType ?? '') ?? [];
    const value = kind === 'Binary' ? BinaryValue : StringValue;
    if (kind === undefined) {
      throw refusal(
        'InvalidParameterValueException',
        `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
      );
    }
    if (!value) {
      throw refusal(
        'InvalidParameterValueException',
        `Message (user) attribute '${name}' must contain a non-empty value of type '${kind}'.`,
      );
    }
    if (kind === 'Number' && !Number.isFinite(Number(value))) {
      throw refusal(
        'InvalidParameterValueException',
        `Can't cast the value of message (user) attribute '${name}' to a number.`,
      );
    }
  }
}

/** Bytes that the attributes add to a message: names, types and values. */
export function sizeOf(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce((sum, [name, attribute]) => {
    return sum + Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + bytesOf(attribute).length;
  }, 0);
}

/** The attributes that `wanted` names: a name, `All`, `.*`, or a prefix ending in `.*`. */
export function chosen(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  const picks = (name: string) =>
    wanted.some(one => one === 'All' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -2))));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => picks(name)));
}

/** AWS's digest: by name, each of name, type and value with its length before it; undefined for no attributes. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const named = Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1));
  if (named.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const [name, attribute] of named) {
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    hash.update(Buffer.of(attribute.DataType.startsWith('Binary') ? 2 : 1));
    add(bytesOf(attribute));
  }
  return hash.digest('hex');
}

function bytesOf({ DataType, StringValue = '', BinaryValue = '' }: MessageAttribute): Buffer {
  return DataType.startsWith('Binary') ? Buffer.from(BinaryValue, 'base64') : Buffer.from(StringValue);
}
