/**
 * A field of a state as JSONata sees it: any JSON in which a string `{% ... %}` is an expression.
 * Compiled expressions are kept by their text; an expression knows nothing of the execution, only of its bindings.
 */
import jsonata from 'jsonata';
import { ERROR, StateFailure } from './failure.ts';
import { isObject, type Json } from './json.ts';
import { registerFunctions } from './jsonata-functions.ts';

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
