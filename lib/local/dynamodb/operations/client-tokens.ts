import { createHash } from 'node:crypto';
import { AwsError } from '../../service.ts';
import type { Stores } from './operation.ts';

/** How long a token stands for its request; the same token later is a new request. */
const LIFETIME_MS = 10 * 60 * 1000;

/** The answer already given under this token; undefined for a new one, refused where the request was another. */
export function answerTo(
  { sql, context }: Stores,
  token: string,
  request: unknown,
): Record<string, unknown> | undefined {
  const row = sql
    .get('SELECT digest, answer FROM dynamodb_tokens WHERE token = ? AND at > ?')
    .get(token, context.clock.now() - LIFETIME_MS);
  if (!row) return undefined;
  if (row.digest !== digestOf(request)) {
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'Request parameters do not match those of the earlier request with the same client token',
    );
  }
  return JSON.parse(String(row.answer)) as Record<string, unknown>;
}

/** Stores the answer under the token; inside the request's own transaction. */
export function remember({ sql, context }: Stores, token: string, request: unknown, answer: unknown): void {
  sql
    .get('INSERT OR REPLACE INTO dynamodb_tokens VALUES (?, ?, ?, ?)')
    .run(token, digestOf(request), context.clock.now(), JSON.stringify(answer));
}

/** Deletes the tokens whose time is over. */
export function forgetOldTokens({ sql, context }: Stores): void {
  sql.get('DELETE FROM dynamodb_tokens WHERE at <= ?').run(context.clock.now() - LIFETIME_MS);
}

function digestOf(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request, inOrder)).digest('base64');
}

/** The order of a map's members does not count. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
