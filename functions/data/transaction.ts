/** Transactions with named writes: all of it is written, or it is said which conditions refused it. */
import { setTimeout as pause } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { random } from '../runtime/runtime.ts';
import { busy, CONTENTION_RETRIES, contentionPause } from './contention.ts';
import { documents, type TransactWrite } from './table.ts';

export type NamedWrites = Readonly<Record<string, TransactWrite>>;

/** The writes whose conditions were refused, each with what stood there; null where nothing did, or it was not asked for. */
export type RefusedWrites = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

/**
 * Commits the writes, or answers what refused them. Contention is the client's matter (contention.ts): throws a Refusal
 * `busy` where others are in the way again and again.
 */
export async function commit(writes: NamedWrites): Promise<RefusedWrites | undefined> {
  try {
    await documents.send(new TransactWriteCommand({ TransactItems: Object.values(writes) }));
    return undefined;
  } catch (error) {
    return refusedBy(error, Object.keys(writes));
  }
}

/** What one attempt came to: what to write and what to answer then, or an answer that needs no write. */
export interface Attempt<Result> {
  readonly result: Result;
  readonly writes?: NamedWrites;
  /** What refused conditions mean; RETRY, which is also meant where this is absent: read and decide again. */
  readonly refused?: (refused: RefusedWrites) => Result | typeof RETRY;
}

export const RETRY = Symbol('read and decide again');

/**
 * Reads, decides and commits: `attempt` does the first two. Where what it read has changed before its writes were
 * committed, it is called again, after a pause; throws a Refusal `busy` where that never ends, and what `attempt` throws.
 */
export async function transact<Result>(attempt: () => Promise<Attempt<Result>> | Attempt<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    const { result, writes, refused: explain } = await attempt();
    const refused = writes && (await commit(writes));
    if (!refused) return result;
    const meaning = explain ? explain(refused) : RETRY;
    if (meaning !== RETRY) return meaning;
    if (tries > CONTENTION_RETRIES) throw busy();
    await pause(contentionPause(tries, random));
  }
}

/** Rethrows what is no cancelled transaction. */
function refusedBy(error: unknown, names: readonly string[]): RefusedWrites {
  if (!(error instanceof TransactionCanceledException)) throw error;
  const reasons = error.CancellationReasons ?? [];
  const refused = names.flatMap((name, position) => {
    const { Code, Item } = reasons[position] ?? {};
    return Code === 'ConditionalCheckFailed' ? [[name, Item ? unmarshall(Item) : null] as const] : [];
  });
  // Such as an item that is too large, or a validation error: nobody's condition.
  if (refused.length === 0) throw error;
  return Object.fromEntries(refused);
}
