/**
 * TransactWriteItems is one SQLite transaction: every condition is asked and every change is made, or nothing is. The
 * client's token is stored in that same transaction, so a repeated request is never done twice within ten minutes.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { atomically } from '../../database.ts';
import { AwsError } from '../../service.ts';
import { type CancellationReason, cancelled } from '../contention.ts';
import { refuse } from '../values/refusal.ts';
import { itemSize } from '../values/value.ts';
import { CapacityMeter } from './capacity.ts';
import {
  CAPACITY,
  type Call,
  COLLECTION_METRICS,
  map,
  operation,
  readPart,
  refuseSameItem,
  type Stores,
} from './operation.ts';
import {
  CHECK,
  DELETE,
  type Outcome,
  PUT,
  perform,
  readCheck,
  readDelete,
  readPut,
  readUpdateWrite,
  UPDATE,
  type Write,
} from './write.ts';

const MOST_ITEMS = 100;
const LARGEST_BYTES = 4 * 1024 * 1024;
/** How long a token stands for its request; the same token later is a new request. */
const TOKEN_LIFETIME_MS = 10 * 60 * 1000;
const Put = z.strictObject(PUT);
const Update = z.strictObject(UPDATE);
const Delete = z.strictObject(DELETE);
const ConditionCheck = z.strictObject(CHECK);
const Element = z.strictObject({
  Put: map.optional(),
  Update: map.optional(),
  Delete: map.optional(),
  ConditionCheck: map.optional(),
});

export const TRANSACTIONS = {
  TransactWriteItems: operation(
    {
      TransactItems: z.array(Element).min(1).max(MOST_ITEMS),
      ClientRequestToken: z.string().optional(),
      ...CAPACITY,
      ...COLLECTION_METRICS,
    },
    'itself',
    (input, call) => {
      const { state: stores } = call;
      const { TransactItems: elements, ClientRequestToken: token } = input;
      const meter = new CapacityMeter(input, 2);
      const writes = elements.map(element => readElement(call, element));
      refuseSameItem(writes, 'Transaction request cannot include multiple operations on one item');
      const repeated = token === undefined ? undefined : answerTo(stores, token, elements);
      if (repeated) return repeated;
      const tables = writes.map(({ table }) => table);
      stores.contention.beforeTransaction(call.request.principal, tables);
      return atomically(stores.sql.database, () => {
        const outcomes = performAll(stores, writes);
        for (const [i, { table }] of writes.entries()) {
          meter.write(table, outcomes[i]?.before?.item, outcomes[i]?.after);
        }
        const answer = meter.list();
        if (token !== undefined) remember(stores, token, elements, answer);
        return answer;
      });
    },
  ),
};

function readElement(call: Call, element: z.output<typeof Element>): Write {
  const [kind, ...more] = Object.keys(element).filter(name => element[name as keyof typeof element] !== undefined);
  if (more.length > 0) refuse('TransactItems can only contain one of Check, Put, Update or Delete');
  if (kind === 'Put') return readPut(call, readPart(Put, element.Put, kind));
  if (kind === 'Update') return readUpdateWrite(call, readPart(Update, element.Update, kind));
  if (kind === 'Delete') return readDelete(call, readPart(Delete, element.Delete, kind));
  if (kind === 'ConditionCheck') return readCheck(call, readPart(ConditionCheck, element.ConditionCheck, kind));
  return refuse('TransactItems can only contain one of Check, Put, Update or Delete');
}

function performAll(stores: Stores, writes: readonly Write[]): readonly Outcome[] {
  const results = writes.map(write => attempt(stores, write));
  const reasons = results.map(result => ('reason' in result ? result.reason : { Code: 'None' }));
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
  const outcomes = results.flatMap(result => ('outcome' in result ? [result.outcome] : []));
  const bytes = outcomes.reduce(
    (sum, { before, after }) => sum + Math.max(before?.size ?? 0, after ? itemSize(after) : 0),
    0,
  );
  if (bytes > LARGEST_BYTES) refuse('Transaction request size exceeded: its items have at most 4 MB together');
  return outcomes;
}

function attempt(stores: Stores, write: Write): { outcome: Outcome } | { reason: CancellationReason } {
  try {
    return { outcome: perform(stores, write) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const code = error.code === 'ValidationException' ? 'ValidationError' : 'ConditionalCheckFailed';
    return { reason: { Code: code, Message: error.message, ...error.detail } };
  }
}

/** The answer already given under this token; undefined for a new one, refused where the request was another. */
function answerTo({ sql, context }: Stores, token: string, request: unknown): Record<string, unknown> | undefined {
  const row = sql
    .get('SELECT digest, answer FROM dynamodb_tokens WHERE token = ? AND at > ?')
    .get(token, context.clock.now() - TOKEN_LIFETIME_MS);
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
function remember({ sql, context }: Stores, token: string, request: unknown, answer: unknown): void {
  sql
    .get('INSERT OR REPLACE INTO dynamodb_tokens VALUES (?, ?, ?, ?)')
    .run(token, digestOf(request), context.clock.now(), JSON.stringify(answer));
}

/** Deletes the tokens whose time is over. */
export function forgetOldTokens({ sql, context }: Stores): void {
  sql.get('DELETE FROM dynamodb_tokens WHERE at <= ?').run(context.clock.now() - TOKEN_LIFETIME_MS);
}

function digestOf(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request, inOrder)).digest('base64');
}

/** The order of a map's members does not count. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
