/**
 * Feeds one function from one stream. Invariants: batches go one after another in the order of the stream; a checkpoint is
 * written after its batch is done with, so a crash repeats a batch and skips none; a batch that fails is tried again,
 * after growing pauses, until it succeeds or is given up.
 */
import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../../service.ts';
import type { Functions } from '../functions.ts';
import type { Invoker } from '../invoker.ts';
import type { Mapping } from './mapping.ts';
import type { Batch } from './reader.ts';
import { type Checkpoint, type Checkpoints, StreamReader } from './reader.ts';
import { type EventRecord, failureMessage, firstReported, type GivenUp } from './stream-event.ts';

/** How soon an idle stream is looked at again; AWS looks four times a second. */
const IDLE_MS = 100;

export interface PollerParts {
  readonly context: CloudContext;
  readonly functions: Functions;
  readonly invoker: Invoker;
  readonly checkpoints: Checkpoints;
}

export class Poller {
  readonly mapping: Mapping;
  readonly #parts: PollerParts;
  readonly #reader: StreamReader;
  #cancel: () => void = () => {};
  #stopped = false;
  /** Steps in a row that could not even be tried. */
  #troubles = 0;
  #last = { requestId: '', functionError: undefined as string | undefined };
  /** In the words of AWS. */
  lastResult = 'No records processed';

  constructor(mapping: Mapping, parts: PollerParts) {
    this.mapping = mapping;
    this.#parts = parts;
    const role = (): string => parts.functions.find(mapping.functionName).definition.role;
    this.#reader = new StreamReader(parts.context, mapping, role);
  }

  /** Begins where an earlier start left off, or at the mapping's starting position. */
  async start(): Promise<void> {
    if (!this.#stored()) {
      this.#save({ position: await this.#reader.startingPosition(), ends: [], failures: 0, dueAt: 0 });
    }
    this.#wait(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #wait(ms: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#parts.context.clock.after(ms, () => {
      this.#step().then(
        next => {
          this.#troubles = 0;
          this.#wait(next);
        },
        error => this.#trouble(error),
      );
    });
  }

  /** The function is throttled, or a grant has gone: nothing was tried, so nothing counts as a failed attempt. */
  #trouble(error: unknown): void {
    if (this.#stopped) return;
    this.lastResult = `PROBLEM: ${error instanceof Error ? error.message : error}`;
    this.#parts.context.log('lambda.stream.trouble', { mapping: this.mapping.logicalId, error: String(error) });
    this.#troubles += 1;
    this.#wait(pauseAfter(this.#troubles));
  }

  /** One read and at most one invocation. Answers how many milliseconds to wait for the next. */
  async #step(): Promise<number> {
    const before = this.#stored();
    if (!before) throw new Error('the mapping has no checkpoint');
    const now = this.#parts.context.clock.now();
    if (before.dueAt > now) return before.dueAt - now;
    const [end] = before.ends;
    if (end === undefined) {
      const { batch, passed, more } = await this.#reader.gather(before);
      if (this.#stopped) return 0;
      if (passed !== undefined) this.#save({ ...before, position: passed });
      if (batch) await this.#deliver(before, batch);
      return batch || more ? 0 : IDLE_MS;
    }
    const batch = await this.#reader.again(before, end);
    if (this.#stopped) return 0;
    if (batch) await this.#deliver(before, batch);
    else this.#save({ position: end, ends: before.ends.slice(1), failures: 0, dueAt: 0 });
    return 0;
  }

  async #deliver(before: Checkpoint, batch: Batch): Promise<void> {
    const { clock } = this.#parts.context;
    const old = tooOld(this.mapping, batch.records, clock.now());
    const last = old.at(-1)?.dynamodb.SequenceNumber;
    if (last !== undefined) {
      await this.#giveUp('RecordAgeExceeded', old, before.failures);
      if (this.#stopped) return;
      const all = old.length === batch.records.length;
      const ends = all ? before.ends.filter(end => end > batch.end) : before.ends;
      this.#save({ ...before, position: all ? batch.end : last, ends, dueAt: 0, ...(all && { failures: 0 }) });
      return;
    }
    const outcome = await this.#invoke(batch);
    if (this.#stopped) return;
    const { checkpoint, dropped } = judge(this.mapping, before, batch, outcome, clock.now());
    if (dropped.length > 0) await this.#giveUp('RetryAttemptsExhausted', dropped, before.failures + 1);
    if (!this.#stopped) this.#save(checkpoint);
  }

  /** Throws where the function cannot be invoked at all. */
  async #invoke({ records }: Batch): Promise<Outcome> {
    const { definition, arn } = this.#parts.functions.find(this.mapping.functionName);
    const requestId = randomUUID();
    const payload = JSON.stringify({ Records: records });
    const answer = await this.#parts.invoker.invoke({ definition, functionArn: arn, payload, requestId });
    this.#last = { requestId, functionError: answer.functionError };
    const reported = this.mapping.reportsItemFailures && !answer.functionError;
    const from = reported ? firstReported(answer.payload, records) : undefined;
    const succeeded = reported ? from === -1 : !answer.functionError;
    this.lastResult = succeeded ? 'OK' : 'PROBLEM: Function call failed';
    return succeeded ? { succeeded } : { succeeded, from };
  }

  async #giveUp(condition: GivenUp['condition'], records: Batch['records'], invokeCount: number): Promise<void> {
    const { context, functions } = this.#parts;
    const { logicalId: mapping, onFailure } = this.mapping;
    context.log('lambda.stream.given-up', { mapping, condition, records: records.length });
    if (onFailure === undefined) return;
    const { definition, arn: functionArn } = functions.find(this.mapping.functionName);
    const given = { condition, functionArn, invokeCount, shardId: this.#reader.shardId, records, ...this.#last };
    const [, , , , account, queue] = onFailure.split(':');
    const body = failureMessage(given, context.clock.now());
    const queueUrl = `${context.awsUrl}/${account}/${queue}`;
    // As on AWS, a destination that takes nothing does not stop the stream.
    await context.ports
      .sendMessage({ queueUrl, body, as: definition.role })
      .catch((error: unknown) => context.log('lambda.stream.on-failure-lost', { mapping, error: String(error) }));
  }

  #stored(): Checkpoint | undefined {
    return this.#parts.checkpoints.find(this.mapping.id, this.mapping.streamArn);
  }

  #save(checkpoint: Checkpoint): void {
    this.#parts.checkpoints.put(this.mapping.id, this.mapping.streamArn, checkpoint);
  }
}

// What becomes of a batch. Pure: the next checkpoint out of the last one and what the function did. Dividing a batch takes
// nothing from its retries, as on AWS.

/** `from`: the first record that failed, where the function has named one; else it failed as a whole. */
type Outcome = { readonly succeeded: true } | { readonly succeeded: false; readonly from: number | undefined };

interface Verdict {
  readonly checkpoint: Checkpoint;
  /** What is given up. */
  readonly dropped: readonly EventRecord[];
}

/** Between attempts: 1 s, doubled each time, at most this. */
const LONGEST_PAUSE_MS = 60_000;

function judge(mapping: Mapping, before: Checkpoint, batch: Batch, outcome: Outcome, now: number): Verdict {
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
function pauseAfter(failures: number): number {
  return Math.min(1000 * 2 ** (failures - 1), LONGEST_PAUSE_MS);
}

/** The records at the head of the batch that have become too old. */
function tooOld({ oldestMs }: Mapping, records: readonly EventRecord[], now: number): readonly EventRecord[] {
  const fresh = records.findIndex(({ dynamodb }) => now - dynamodb.ApproximateCreationDateTime * 1000 <= oldestMs);
  return fresh === -1 ? records : records.slice(0, fresh);
}

function sequenceOf(record: EventRecord | undefined): string {
  return record?.dynamodb.SequenceNumber ?? '';
}
