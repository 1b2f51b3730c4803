/** `Idempotency-Key`: the same key with the same body is the same video. Pure. */
import { createHash } from 'node:crypto';
import { Refusal } from '../../catalogue/refusal.ts';

/** Visible ASCII and spaces within. */
const FORM = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/**
 * The token under which the call is kept, undefined where the caller gave no key. Another dialect's tokens of the same
 * text are others.
 */
export function tokenOf(header: string | undefined): string | undefined {
  const key = header?.trim();
  if (key === undefined) return undefined;
  if (!FORM.test(key)) {
    throw new Refusal(
      'invalid_parameter',
      'Idempotency-Key must be 1 to 255 printable ASCII characters',
      'Idempotency-Key',
    );
  }
  return `v1:${key}`;
}

/** The body's members as they are compared: a file by what is in it. */
export function comparable(members: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? createHash('sha256').update(value).digest('hex') : value,
    ]),
  );
}
