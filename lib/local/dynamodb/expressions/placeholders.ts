/**
 * The names (`#n`) and values (`:v`) that stand for others in the expressions of one request. All of the request's
 * expressions are read first; what no expression used is then refused by `finish`.
 */
import { refuse } from '../values/refusal.ts';
import type { Value } from '../values/value.ts';

export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, Value>;
  readonly #used = new Set<string>();

  /** Undefined stands for a parameter that was not sent. */
  constructor(
    names: Readonly<Record<string, string>> | undefined,
    values: Readonly<Record<string, Value>> | undefined,
  ) {
    this.#names = read('ExpressionAttributeNames', '#', names);
    this.#values = read('ExpressionAttributeValues', ':', values);
  }

  /** The attribute's name behind `#placeholder`. */
  name(placeholder: string, label: string): string {
    const name = this.#names.get(placeholder);
    if (name === undefined) {
      refuse(
        `Invalid ${label}: An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    }
    this.#used.add(placeholder);
    return name;
  }

  /** The value behind `:placeholder`. */
  value(placeholder: string, label: string): Value {
    const value = this.#values.get(placeholder);
    if (value === undefined) {
      refuse(
        `Invalid ${label}: An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      );
    }
    this.#used.add(placeholder);
    return value;
  }

  /** Refuses placeholders that were sent but stand in no expression. */
  finish(): void {
    this.#refuseUnused('ExpressionAttributeNames', this.#names);
    this.#refuseUnused('ExpressionAttributeValues', this.#values);
  }

  #refuseUnused(parameter: string, given: ReadonlyMap<string, unknown>): void {
    const unused = [...given.keys()].filter(placeholder => !this.#used.has(placeholder));
    if (unused.length > 0) refuse(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}

function read<T>(
  parameter: string,
  mark: '#' | ':',
  given: Readonly<Record<string, T>> | undefined,
): ReadonlyMap<string, T> {
  if (given === undefined) return new Map();
  const entries = Object.entries(given);
  if (entries.length === 0) refuse(`${parameter} must not be empty`);
  for (const [placeholder] of entries) {
    if (!/^[#:][A-Za-z0-9_]+$/.test(placeholder) || !placeholder.startsWith(mark)) {
      refuse(`${parameter} contains invalid key: Syntax error; key: "${placeholder}"`);
    }
  }
  return new Map(entries);
}
