/**
 * A field of a state as JSONata sees it: any JSON in which a string `{% ... %}` is an expression.
 * Compiled expressions are kept by their text; an expression knows nothing of the execution, only of its bindings.
 */
import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { ERROR, StateFailure } from './failure.ts';
import { isObject, type Json } from './json.ts';

/** What an expression sees: `$states` under `states`, and each variable under its name. */
export type Bindings = Readonly<Record<string, unknown>>;

/** An expression that runs longer than this fails, so that it cannot hold the process. */
const LIMITS = { timeout: 2_000, stack: 500 };

/** The JSONata inside `{% %}`, or undefined for any other value. */
export function expressionIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || !value.startsWith('{%') || !value.endsWith('%}') || value.length < 4)
    return undefined;
  return value.slice(2, -2).trim();
}

export class Templates {
  readonly #compiled = new Map<string, jsonata.Expression>();
  readonly #now: () => number;

  /** `now`: epoch milliseconds, for `$now()` and `$millis()`. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Throws an Error with JSONata's message unless every expression in the template is well formed. */
  check(template: Json): void {
    const source = expressionIn(template);
    if (source !== undefined) {
      if (/\$eval\s*\(/.test(source)) throw new Error('$eval is not supported in Step Functions');
      this.#compile(source);
    } else if (Array.isArray(template)) {
      for (const item of template) this.check(item);
    } else if (isObject(template)) {
      for (const item of Object.values(template)) this.check(item);
    }
  }

  /** The template with its expressions evaluated; throws States.QueryEvaluationError, which names `location`. */
  async evaluate(template: Json, bindings: Bindings, location: string): Promise<Json> {
    const source = expressionIn(template);
    if (source !== undefined) return this.#run(source, bindings, location);
    if (Array.isArray(template)) {
      const items: Json[] = [];
      for (const [index, item] of template.entries()) {
        items.push(await this.evaluate(item, bindings, `${location}[${index}]`));
      }
      return items;
    }
    if (isObject(template)) {
      const members: Record<string, Json> = {};
      for (const [name, member] of Object.entries(template)) {
        members[name] = await this.evaluate(member, bindings, `${location}/${name}`);
      }
      return members;
    }
    return template;
  }

  async #run(source: string, bindings: Bindings, location: string): Promise<Json> {
    let result: unknown;
    try {
      result = await this.#compile(source).evaluate(undefined, { ...bindings });
    } catch (error) {
      const cause = `The JSONata expression '${source}' specified for the field '${location}' threw an error during evaluation. ${described(error)}`;
      throw new StateFailure(ERROR.queryEvaluation, cause, location);
    }
    // A function, or a result without a value, has no JSON.
    const text = typeof result === 'function' ? undefined : JSON.stringify(result);
    if (text === undefined) {
      const cause = `The JSONata expression '${source}' specified for the field '${location}' returned nothing (undefined).`;
      throw new StateFailure(ERROR.queryEvaluation, cause, location);
    }
    return JSON.parse(text) as Json;
  }

  #compile(source: string): jsonata.Expression {
    const known = this.#compiled.get(source);
    if (known) return known;
    let expression: jsonata.Expression;
    try {
      expression = jsonata(source, LIMITS);
    } catch (error) {
      throw new Error(`'${source}' is not JSONata: ${described(error)}`);
    }
    registerFunctions(expression, this.#now);
    this.#compiled.set(source, expression);
    return expression;
  }
}

/** JSONata throws plain objects with `code` and `message`. */
function described(error: unknown): string {
  if (!isObject(error) && !(error instanceof Error)) return String(error);
  const { code, message } = error as { code?: unknown; message?: unknown };
  return [code, message].filter(part => typeof part === 'string').join(': ');
}

// The functions that Step Functions adds to JSONata, and those of JSONata that must follow the cloud's clock.

const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
/** A longer range could not pass the 256 KiB limit of a state's data. */
const RANGE_LIMIT = 100_000;

const instant = jsonata('$fromMillis($instant, $picture, $timezone)');

type Implementation = Parameters<jsonata.Expression['registerFunction']>[1];

/** Adds the functions to a compiled expression; `now` answers epoch milliseconds. */
function registerFunctions(expression: jsonata.Expression, now: () => number): void {
  for (const [name, implementation] of Object.entries(functions(now))) {
    expression.registerFunction(name, implementation);
  }
}

function functions(now: () => number): Readonly<Record<string, Implementation>> {
  return {
    partition: (items: unknown, size: unknown) => {
      const list = Array.isArray(items) ? items : [items];
      const step = positive(size, '$partition');
      return Array.from({ length: Math.ceil(list.length / step) }, (_, i) => list.slice(i * step, (i + 1) * step));
    },
    range: (first: unknown, last: unknown, step: unknown) => {
      const [from, to, by] = [integer(first, '$range'), integer(last, '$range'), integer(step ?? 1, '$range')];
      if (by === 0) throw new Error('$range: the step must not be 0');
      const length = Math.max(0, Math.floor((to - from) / by) + 1);
      if (length > RANGE_LIMIT) throw new Error(`$range: more than ${RANGE_LIMIT} items`);
      return Array.from({ length }, (_, i) => from + i * by);
    },
    hash: (text: unknown, algorithm: unknown = 'SHA-256') => {
      const name = ALGORITHMS[String(algorithm)];
      if (!name) throw new Error(`$hash: the algorithm must be one of ${Object.keys(ALGORITHMS).join(', ')}`);
      const data = typeof text === 'string' ? text : JSON.stringify(text);
      return createHash(name).update(data).digest('hex');
    },
    random: (seed: unknown) => (seed === undefined ? Math.random() : seeded(integer(seed, '$random'))),
    uuid: () => randomUUID(),
    parse: (text: unknown) => JSON.parse(String(text)),
    millis: () => now(),
    now: (picture: unknown, timezone: unknown) => instant.evaluate({}, { instant: now(), picture, timezone }),
    eval: () => {
      throw new Error('$eval is not supported in Step Functions; use $parse');
    },
  };
}

function integer(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return Math.trunc(value);
  throw new Error(`${name}: expected a number`);
}

function positive(value: unknown, name: string): number {
  const number = integer(value, name);
  if (number < 1) throw new Error(`${name}: the size must be positive`);
  return number;
}

/** The same number in [0, 1) for the same seed. */
function seeded(seed: number): number {
  return createHash('sha256').update(String(seed)).digest().readUInt32BE(0) / 2 ** 32;
}
