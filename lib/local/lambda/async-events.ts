/**
 * Invocations of type `Event`. An accepted event is in the database until its function has answered without an error,
 * or has failed three times, or six hours have passed: a `kill -9` loses none, and may run one again. To be throttled is
 * no failure: such an event is tried again later.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { CloudContext } from '../service.ts';
import { STORE_AGAIN_MS } from '../storage-trouble.ts';

/** AWS waits a minute before the second attempt and two before the third. */
const RETRY_AFTER_MS = [60_000, 120_000];
const OLDEST_MS = 6 * 3600 * 1000;
/** After it was throttled an event waits as long as it is old, and from one second to five minutes. */
const THROTTLED_MS = { least: 1000, most: 300_000 };
/** Events in work at one time; the others wait in the database. */
const AT_ONCE = 16;

export interface QueuedEvent {
  readonly requestId: string;
  readonly functionArn: string;
  readonly payload: string;
}

interface EventRow {
  readonly request_id: string;
  readonly function_arn: string;
  readonly payload: string;
  readonly attempts: number;
  readonly created_at: number;
}

export class AsyncEvents {
  readonly #context: CloudContext;
  readonly #database: DatabaseSync;
  /** Answers whether the function succeeded; undefined while it is not known here. */
  readonly #run: (event: QueuedEvent) => Promise<boolean | 'throttled'> | undefined;
  readonly #running = new Set<string>();
  #cancel: () => void = () => {};
  #stopped = false;

  constructor(context: CloudContext, run: (event: QueuedEvent) => Promise<boolean | 'throttled'> | undefined) {
    this.#context = context;
    this.#database = context.database;
    this.#run = run;
    this.#database.exec(`CREATE TABLE IF NOT EXISTS lambda_events (
      request_id TEXT PRIMARY KEY, function_arn TEXT NOT NULL, payload TEXT NOT NULL,
      attempts INTEGER NOT NULL, due_at INTEGER NOT NULL, created_at INTEGER NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS lambda_events_due ON lambda_events (due_at)`);
  }

  add(event: QueuedEvent): void {
    const now = this.#context.clock.now();
    this.#database
      .prepare('INSERT INTO lambda_events VALUES (?, ?, ?, 0, ?, ?)')
      .run(event.requestId, event.functionArn, event.payload, now, now);
    setImmediate(() => this.pump());
  }

  /** Runs what is due, and comes back when the next is. */
  pump(): void {
    if (this.#stopped) return;
    this.#cancel();
    const now = this.#context.clock.now();
    const due = this.#database
      .prepare('SELECT * FROM lambda_events WHERE due_at <= ? ORDER BY due_at LIMIT 200')
      .all(now) as unknown as EventRow[];
    for (const row of due) {
      if (this.#running.size >= AT_ONCE) return;
      if (!this.#running.has(row.request_id)) this.#attempt(row);
    }
    const next = this.#database.prepare('SELECT min(due_at) AS at FROM lambda_events WHERE due_at > ?').get(now);
    if (typeof next?.at === 'number') this.#cancel = this.#context.clock.at(next.at, () => this.pump());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #attempt(row: EventRow): void {
    const running = this.#run({ requestId: row.request_id, functionArn: row.function_arn, payload: row.payload });
    if (!running) {
      if (this.#context.clock.now() - row.created_at > OLDEST_MS) this.#drop(row);
      return;
    }
    this.#running.add(row.request_id);
    running.catch((): false => false).then(succeeded => this.#conclude(row, succeeded));
  }

  /** Notes how the attempt ended; where that cannot be stored, such as on a full disk, a while later. */
  #conclude(row: EventRow, succeeded: boolean | 'throttled'): void {
    if (this.#stopped) return;
    try {
      if (succeeded === 'throttled') this.#postpone(row);
      else if (succeeded) this.#drop(row);
      else this.#retry(row);
    } catch (error) {
      this.#context.log('lambda.event.not-concluded', { requestId: row.request_id, error: String(error) });
      this.#context.clock.after(STORE_AGAIN_MS, () => this.#conclude(row, succeeded));
      return;
    }
    this.#running.delete(row.request_id);
    this.pump();
  }

  #postpone(row: EventRow): void {
    const now = this.#context.clock.now();
    const age = now - row.created_at;
    if (age > OLDEST_MS) {
      this.#context.log('lambda.event.dropped', { functionArn: row.function_arn, requestId: row.request_id });
      this.#drop(row);
      return;
    }
    const wait = Math.min(Math.max(age, THROTTLED_MS.least), THROTTLED_MS.most);
    this.#database.prepare('UPDATE lambda_events SET due_at = ? WHERE request_id = ?').run(now + wait, row.request_id);
  }

  #retry(row: EventRow): void {
    const now = this.#context.clock.now();
    const wait = RETRY_AFTER_MS[row.attempts];
    if (wait === undefined || now + wait - row.created_at > OLDEST_MS) {
      this.#context.log('lambda.event.dropped', { functionArn: row.function_arn, requestId: row.request_id });
      this.#drop(row);
      return;
    }
    this.#database
      .prepare('UPDATE lambda_events SET attempts = attempts + 1, due_at = ? WHERE request_id = ?')
      .run(now + wait, row.request_id);
  }

  #drop(row: EventRow): void {
    this.#database.prepare('DELETE FROM lambda_events WHERE request_id = ?').run(row.request_id);
  }
}
