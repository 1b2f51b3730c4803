import { AwsError } from '../../service.ts';
import { refuse } from '../values/refusal.ts';

export interface ShardIterator {
  readonly table: string;
  /** The sequence number of the last record that was read. */
  readonly after: number;
  /** When it was given out, in epoch milliseconds. */
  readonly at: number;
}

const LIFETIME_MS = 15 * 60 * 1000;

/** The iterator as clients hold it: an opaque text. */
export function writeIterator(iterator: ShardIterator): string {
  return Buffer.from(JSON.stringify([iterator.table, iterator.after, iterator.at])).toString('base64');
}

/** Reads such a text; refuses any other, and one that is older than 15 minutes. */
export function readIterator(text: string, now: number): ShardIterator {
  const [table, after, at] = parsed(text);
  if (typeof table !== 'string' || typeof after !== 'number' || typeof at !== 'number') {
    refuse('Invalid ShardIterator');
  }
  if (at + LIFETIME_MS < now) {
    throw new AwsError('ExpiredIteratorException', 'The shard iterator has expired: it is more than 15 minutes old');
  }
  return { table, after, at };
}

function parsed(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
