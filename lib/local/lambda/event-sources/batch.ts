/**
 * What becomes of a batch. Pure: the next checkpoint out of the last one and what the function did. Dividing a batch takes
 * nothing from its retries, as on AWS.
 */
import type { Checkpoint } from './checkpoints.ts';
import type { Mapping } from './mapping.ts';
import type { EventRecord } from './stream-event.ts';

export interface Batch {
  /** In the order of the stream; never empty. */
  readonly records: readonly EventRecord[];
  /** The position behind it. */
  readonly end: string;
}

/** `from`: the first record that failed, where the function has named one; else it failed as a whole. */
export type Outcome = { readonly succeeded: true } | { readonly succeeded: false; readonly from: number | undefined };

export interface Verdict {
  readonly checkpoint: Checkpoint;
  /** What is given up. */
  readonly dropped: readonly EventRecord[];
}

/** Between attempts: 1 s, doubled each time, at most this. */
const LONGEST_PAUSE_MS = 60_000;

export function judge(mapping: Mapping, before: Checkpoint, batch: Batch, outcome: Outcome, now: number): Verdict {
  const { records, end } = batch;
  const later = before.ends.filter(other => other > end);
  const done = { checkpoint: { position: end, ends: later, failures: 0, dueAt: 0 }, dropped: [] };
  if (outcome.succeeded) return done;
  const { from } = outcome;
  if (from === undefined && mapping.bisects && records.length > 1) {
    const middle = sequenceOf(records[Math.ceil(records.length / 2) - 1]);
    return { checkpoint: { ...before, ends: [middle, end, ...later], dueAt: 0 }, dropped: [] };
  }
  // What came before the record that failed is done with, so this is that record's first failure.
  const position = from ? sequenceOf(records[from - 1]) : before.position;
  const failures = from ? 1 : before.failures + 1;
  if (failures > mapping.retries) return { ...done, dropped: records.slice(from ?? 0) };
  return { checkpoint: { position, ends: [end, ...later], failures, dueAt: now + pauseAfter(failures) }, dropped: [] };
}

/** Milliseconds to wait after so many failures in a row. */
export function pauseAfter(failures: number): number {
  return Math.min(1000 * 2 ** (failures - 1), LONGEST_PAUSE_MS);
}

/** The records at the head of the batch that have become too old. */
export function tooOld({ oldestMs }: Mapping, records: readonly EventRecord[], now: number): readonly EventRecord[] {
  const fresh = records.findIndex(({ dynamodb }) => now - dynamodb.ApproximateCreationDateTime * 1000 <= oldestMs);
  return fresh === -1 ? records : records.slice(0, fresh);
}

function sequenceOf(record: EventRecord | undefined): string {
  return record?.dynamodb.SequenceNumber ?? '';
}
