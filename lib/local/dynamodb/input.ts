/** The members of a request's body, each read with the type that it must have. */
import { AwsError } from '../service.ts';
import { refuse } from './values/refusal.ts';

export type Input = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member as a map; refused where it is missing. */
export function recordIn(input: Input, name: string): Input {
  return optionalRecordIn(input, name) ?? missing(name);
}

export function optionalRecordIn(input: Input, name: string): Input | undefined {
  const value = input[name] ?? undefined;
  return value === undefined || isRecord(value) ? value : malformed(name, 'a map');
}

/** The member as a list of maps; refused where it is missing. */
export function recordsIn(input: Input, name: string): readonly Input[] {
  const value = input[name] ?? missing(name);
  if (!Array.isArray(value)) return malformed(name, 'a list');
  return value.map(element => (isRecord(element) ? element : malformed(name, 'a list of maps')));
}

/** The member as text; refused where it is missing. */
export function textIn(input: Input, name: string): string {
  return optionalTextIn(input, name) ?? missing(name);
}

export function optionalTextIn(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  return value === undefined || typeof value === 'string' ? value : malformed(name, 'a string');
}

/** The member as a truth value; false where it is missing. */
export function flagIn(input: Input, name: string): boolean {
  const value = input[name] ?? false;
  return typeof value === 'boolean' ? value : malformed(name, 'a boolean');
}

/** The member as a whole number within the range. */
export function optionalIntegerIn(input: Input, name: string, least: number, most: number): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) return malformed(name, 'a whole number');
  const bound = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  if (value < least || value > most) invalid(name, String(value), `Member must have value ${bound}`);
  return value;
}

/** The member as one of the allowed texts; the first of them where it is missing. */
export function choiceIn<T extends string>(input: Input, name: string, allowed: readonly [T, ...T[]]): T {
  const value = optionalTextIn(input, name);
  if (value === undefined) return allowed[0];
  const found = allowed.find(text => text === value);
  return found ?? invalid(name, value, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
}

/** Throws AWS's error for a member that breaks a constraint of the service's model. */
export function invalid(name: string, value: string, constraint: string): never {
  refuse(
    `1 validation error detected: Value '${value}' at '${memberName(name)}' failed to satisfy constraint: ${constraint}`,
  );
}

function missing(name: string): never {
  refuse(
    `1 validation error detected: Value null at '${memberName(name)}' failed to satisfy constraint: Member must not be null`,
  );
}

function malformed(name: string, expected: string): never {
  throw new AwsError('SerializationException', `${name} is not ${expected}`);
}

function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
