/** How a caller says that a repeated call is the same call, and how two calls are compared. Pure. */
import { createHash } from 'node:crypto';
import { Refusal } from '../catalogue/refusal.ts';

/** What makes a repeated call the same call: under which token it is kept, and the hash of what it said. */
export interface IdempotencyKey {
  readonly token: string;
  readonly requestHash: string;
}

/** Visible ASCII and spaces within. */
const FORM = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The token of an `Idempotency-Key`, undefined where the caller gave none; throws a Refusal for one of another form.
 * Another dialect's tokens of the same text are others.
 */
export function tokenOfKey(header: string | undefined): string | undefined {
  const key = header?.trim();
  if (key === undefined) return undefined;
  if (FORM.test(key)) return `v1:${key}`;
  throw new Refusal(
    'invalid_parameter',
    'Idempotency-Key must be 1 to 255 printable ASCII characters',
    'Idempotency-Key',
  );
}

/** The token of an `Ai-trace-id`: a UUID makes a repeated call the same call; anything else is only a trace. */
export function tokenOfTrace(header: string | undefined): string | undefined {
  const trace = header?.trim().toLowerCase() ?? '';
  return UUID.test(trace) ? trace : undefined;
}

/** What a call said, whatever the order of its members, a file by its content: 64 hex digits. */
export function requestHash(route: string, members: object): string {
  const sorted = inOrder(Object.entries(members)).map(([name, value]) => [name, comparable(value)]);
  return createHash('sha256')
    .update(JSON.stringify([route, sorted]))
    .digest('hex');
}

function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return createHash('sha256').update(value).digest('hex');
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(inOrder(Object.entries(value)).map(([name, member]) => [name, comparable(member)]));
}

function inOrder(members: readonly (readonly [string, unknown])[]) {
  return members.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Why the same token with another request is refused. */
export function idempotencyMismatch(field?: string): Refusal {
  const message =
    'this Ai-trace-id or Idempotency-Key was used before with another body; send a new one with each new request';
  return new Refusal('idempotency_mismatch', message, field);
}
