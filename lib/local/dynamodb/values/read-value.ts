/** From the wire to canonical values. */
import { AwsError } from '../../service.ts';
import { readDecimal, writeDecimal } from './decimal.ts';
import { refuse } from './refusal.ts';
import { type Item, KINDS, type Kind, refuseDeeper, type Value } from './value.ts';

/** A map as it came, with nothing read yet. */
export type Wire = Readonly<Record<string, unknown>>;

const LONGEST_NAME_BYTES = 65_535;

/** Reads a map of attributes, such as an item or a key. */
export function readItem(wire: unknown, depth = 0): Item {
  if (!isRecord(wire)) throw malformed('a map of attribute values');
  return Object.fromEntries(Object.entries(wire).map(([name, value]) => [checkedName(name), readValue(value, depth)]));
}

function checkedName(name: string): string {
  if (name === '') refuse('One or more parameter values were invalid: An attribute name must not be empty');
  if (Buffer.byteLength(name) > LONGEST_NAME_BYTES) {
    refuse(`One or more parameter values were invalid: An attribute name is longer than ${LONGEST_NAME_BYTES} bytes`);
  }
  return name;
}

/** Reads one attribute value; refuses more or less than one kind, empty sets, duplicates and deep nesting. */
export function readValue(wire: unknown, depth = 0): Value {
  if (!isRecord(wire)) throw malformed('an attribute value');
  refuseDeeper(depth + 1);
  const kinds = Object.keys(wire).filter(kind => wire[kind] !== null && wire[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || !isKind(kind)) {
    refuse('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (kinds.length > 1) {
    refuse(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return read(kind, wire[kind], depth);
}

function read(kind: Kind, wire: unknown, depth: number): Value {
  switch (kind) {
    case 'S':
      return { S: text(wire) };
    case 'N':
      return { N: number(wire) };
    case 'B':
      return { B: binary(wire) };
    case 'BOOL':
      if (typeof wire !== 'boolean') throw malformed('a boolean');
      return { BOOL: wire };
    case 'NULL':
      if (wire !== true) {
        refuse('One or more parameter values were invalid: Null attribute value types must have the value of true');
      }
      return { NULL: true };
    case 'SS':
      return { SS: set(wire, text, 'string') };
    case 'NS':
      return { NS: set(wire, number, 'number') };
    case 'BS':
      return { BS: set(wire, binary, 'binary') };
    case 'L':
      return { L: list(wire).map(element => readValue(element, depth + 1)) };
    case 'M':
      return { M: readItem(wire, depth + 1) };
  }
}

function set(wire: unknown, element: (wire: unknown) => string, name: string): string[] {
  const elements = list(wire).map(element);
  if (elements.length === 0) {
    refuse(`One or more parameter values were invalid: An ${name} set  may not be empty`);
  }
  if (new Set(elements).size < elements.length) {
    refuse(`One or more parameter values were invalid: Input collection [${elements.join(', ')}] contains duplicates.`);
  }
  return elements;
}

function text(wire: unknown): string {
  if (typeof wire !== 'string') throw malformed('a string');
  return wire;
}

function number(wire: unknown): string {
  return writeDecimal(readDecimal(text(wire)));
}

function binary(wire: unknown): string {
  const given = text(wire);
  const canonical = Buffer.from(given, 'base64').toString('base64');
  if (canonical.replace(/=+$/, '') !== given.replace(/=+$/, '')) throw malformed('base64');
  return canonical;
}

function list(wire: unknown): readonly unknown[] {
  if (!Array.isArray(wire)) throw malformed('a list');
  return wire;
}

function isKind(text: string): text is Kind {
  return (KINDS as readonly string[]).includes(text);
}

export function isRecord(wire: unknown): wire is Wire {
  return typeof wire === 'object' && wire !== null && !Array.isArray(wire);
}

function malformed(expected: string): AwsError {
  return new AwsError('SerializationException', `The request has something else where ${expected} belongs`);
}
