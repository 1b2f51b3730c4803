/** The functions that Step Functions adds to JSONata, and those of JSONata that must follow the cloud's clock. */
import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';

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
export function registerFunctions(expression: jsonata.Expression, now: () => number): void {
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
