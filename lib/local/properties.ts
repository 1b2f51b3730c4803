/**
 * Reads the properties of a CloudFormation resource. Every name must be known to the reader: another one stops the boot
 * with the logical id and the property, so that nothing in a template is ignored in silence.
 */
import type { Resource } from './service.ts';

/** Throws with `where` and the names of the properties that `known` does not list. */
export function refuseUnknown(where: string, values: object, known: readonly string[]): void {
  const unknown = Object.keys(values).filter(name => !known.includes(name));
  if (unknown.length > 0) throw new Error(`${where}: the local cloud does not know ${unknown.join(', ')}`);
}

export class Properties {
  readonly #where: string;
  readonly #values: Readonly<Record<string, unknown>>;

  /** `where` opens every complaint; throws where `values` has a name that is not in `known`. */
  constructor(where: string, values: unknown, known: readonly string[]) {
    this.#where = where;
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw new Error(`${where} should be an object, not ${JSON.stringify(values)}`);
    }
    this.#values = values as Record<string, unknown>;
    refuseUnknown(where, values, known);
  }

  static of(resource: Pick<Resource, 'logicalId' | 'type' | 'properties'>, known: readonly string[]): Properties {
    return new Properties(`${resource.logicalId} (${resource.type})`, resource.properties ?? {}, known);
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.#values[name];
  }

  /** Throws a complaint about one property. */
  refuse(name: string, why: string): never {
    throw new Error(`${this.#where}.${name}: ${why}`);
  }

  string(name: string, fallback?: string): string {
    const value = this.optionalString(name) ?? fallback;
    return value ?? this.refuse(name, 'is missing');
  }

  optionalString(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined) return undefined;
    if (typeof value === 'object') return this.refuse(name, `should be text, not ${JSON.stringify(value)}`);
    return String(value);
  }

  /** One of `allowed`; `fallback` where the property is absent. */
  choice<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.optionalString(name) ?? fallback;
    const found = allowed.find(item => item === value);
    return found ?? this.refuse(name, `the local cloud knows ${allowed.join(', ')}, not ${value}`);
  }

  number(name: string, fallback: number): number {
    return this.optionalNumber(name) ?? fallback;
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#values[name];
    if (value === undefined) return undefined;
    const number = Number(value);
    return Number.isFinite(number) ? number : this.refuse(name, `should be a number, not ${JSON.stringify(value)}`);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.#values[name];
    if (value === undefined) return fallback;
    return String(value) === 'true';
  }

  strings(name: string): readonly string[] {
    return this.#list(name).map(String);
  }

  /** An object whose values are text; empty where absent. */
  map(name: string): Readonly<Record<string, string>> {
    const value = this.#values[name] ?? {};
    if (typeof value !== 'object') return this.refuse(name, 'should be an object');
    return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, String(item)]));
  }

  nested(name: string, known: readonly string[]): Properties | undefined {
    return this.has(name) ? new Properties(`${this.#where}.${name}`, this.#values[name], known) : undefined;
  }

  items(name: string, known: readonly string[]): readonly Properties[] {
    return this.#list(name).map((item, index) => new Properties(`${this.#where}.${name}[${index}]`, item, known));
  }

  #list(name: string): readonly unknown[] {
    const value = this.#values[name] ?? [];
    return Array.isArray(value) ? value : this.refuse(name, 'should be a list');
  }
}
