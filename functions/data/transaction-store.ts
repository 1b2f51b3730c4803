/** One transaction with named writes: all of it is written, or it is said which conditions refused it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Refusal } from '../catalogue/refusal.ts';
import type { Random } from '../runtime/ids.ts';
import { CONFLICT_RETRIES, conflictPause } from './conflict-pause.ts';
import { documents, type TransactWrite } from './table.ts';

/** The writes whose conditions were refused, each with what stood there; null where nothing did, or it was not asked for. */
export type RefusedWrites = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

/** For an item that many write: randomness and a clock for the pauses between tries. */
export interface Patience {
  readonly random: Random;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Commits the writes, or answers what refused them; throws a Refusal where others are in the way again and again. */
export async function commit(
  writes: Readonly<Record<string, TransactWrite>>,
  { random, pause = sleep }: Patience,
): Promise<RefusedWrites | undefined> {
  const names = Object.keys(writes);
  for (let tries = 1; ; tries++) {
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: Object.values(writes) }));
      return undefined;
    } catch (error) {
      const refused = refusedOf(error, names);
      if (Object.keys(refused).length > 0) return refused;
      if (tries > CONFLICT_RETRIES)
        throw new Refusal('busy', 'many changes of this account at once; send the call again in a moment');
      await pause(conflictPause(tries, random));
    }
  }
}

/** Rethrows what is no cancelled transaction. */
function refusedOf(error: unknown, names: readonly string[]): RefusedWrites {
  if (!(error instanceof TransactionCanceledException)) throw error;
  const reasons = error.CancellationReasons ?? [];
  const wrong = reasons.find(
    ({ Code }) => !['None', 'ConditionalCheckFailed', 'TransactionConflict'].includes(Code ?? 'None'),
  );
  if (wrong) throw error;
  return Object.fromEntries(
    names.flatMap((name, position) => {
      const { Code, Item } = reasons[position] ?? {};
      return Code === 'ConditionalCheckFailed' ? [[name, Item ? unmarshall(Item) : null]] : [];
    }),
  );
}
