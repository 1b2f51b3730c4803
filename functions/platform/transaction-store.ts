/** One transaction with named writes: all of it is written, or it is said which conditions refused it. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Random } from './ids.ts';
import { Refusal } from './refusal.ts';
import { documents, type TransactWrite } from './table.ts';

/** The writes whose conditions were refused, each with what stood there; null where nothing did, or it was not asked for. */
export type RefusedWrites = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

/** Two transactions on one item that meet: the later one is sent again, each time a round trip later or after a pause. */
const CONFLICT_RETRIES = 8;
/** The longest first pause; each other may be twice as long, 2.5 s in all. */
const FIRST_PAUSE_MS = 10;

/** For an item that many write: who meets others there waits for a while, and not as long as they. */
export interface Patience {
  readonly pause: (ms: number) => Promise<void>;
  readonly random: Random;
}

/** Commits the writes, or answers what refused them; throws a Refusal where others are in the way again and again. */
export async function commit(
  writes: Readonly<Record<string, TransactWrite>>,
  patience?: Patience,
): Promise<RefusedWrites | undefined> {
  const names = Object.keys(writes);
  for (let attempt = 0; attempt <= CONFLICT_RETRIES; attempt++) {
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: Object.values(writes) }));
      return undefined;
    } catch (error) {
      const refused = refusedOf(error, names);
      if (Object.keys(refused).length > 0) return refused;
      if (patience && attempt < CONFLICT_RETRIES) {
        const [share = 0] = patience.random(1);
        await patience.pause((2 ** attempt * FIRST_PAUSE_MS * share) / 255);
      }
    }
  }
  throw new Refusal('busy', 'many changes of this account at once; send the call again in a moment');
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
