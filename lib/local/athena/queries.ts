/** Queries and what came of them, in one table. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { STORE_AGAIN_MS } from '../storage-trouble.ts';
import type { ResultColumn } from './results.ts';

type QueryState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** What was asked, with everything decided that a workgroup decides. */
export interface QueryRequest {
  /** With its placeholders. */
  readonly sql: string;
  /** SQL literals for the placeholders, in their order. */
  readonly parameters: readonly string[];
  readonly database: string | undefined;
  readonly workGroup: string;
  /** The result's own address: `s3://bucket/prefix/<id>.csv`. */
  readonly output: string;
  readonly principal: string;
  readonly scanLimitBytes: number | undefined;
}

export interface QueryStatistics {
  readonly scannedBytes: number;
  readonly queuedMs: number;
  readonly planningMs: number;
  readonly engineMs: number;
}

/** How a query ended. */
export interface Outcome {
  readonly state: 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  readonly reason?: string;
  /** Whose fault a failure is: 1 Athena's, 2 the caller's. */
  readonly category?: 1 | 2;
  readonly columns?: readonly ResultColumn[];
  readonly statistics?: Partial<QueryStatistics>;
}

export interface Query extends QueryRequest {
  readonly id: string;
  readonly state: QueryState;
  /** Epoch ms. */
  readonly submittedAt: number;
  readonly endedAt: number | undefined;
  readonly outcome: Outcome | undefined;
}

export class QueryStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`
      CREATE TABLE IF NOT EXISTS athena_queries (
        id TEXT PRIMARY KEY, token TEXT UNIQUE, state TEXT NOT NULL, request TEXT NOT NULL,
        submitted_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT
      ) STRICT;
      CREATE INDEX IF NOT EXISTS athena_unfinished ON athena_queries (state) WHERE ended_at IS NULL;`);
  }

  has(workGroup: string): boolean {
    const sql = "SELECT 1 FROM athena_queries WHERE request ->> 'workGroup' = ? LIMIT 1";
    return this.#database.prepare(sql).get(workGroup) !== undefined;
  }

  /** Removes what was asked in the workgroup and is over. */
  forgetGroup(workGroup: string): void {
    const sql = "DELETE FROM athena_queries WHERE ended_at IS NOT NULL AND request ->> 'workGroup' = ?";
    this.#database.prepare(sql).run(workGroup);
  }

  add(query: Query, token: string | undefined): void {
    const { id, state, submittedAt, endedAt, outcome, ...request } = query;
    this.#database
      .prepare('INSERT INTO athena_queries (id, token, state, request, submitted_at) VALUES (?, ?, ?, ?, ?)')
      .run(id, token ?? null, state, JSON.stringify(request), submittedAt);
  }

  find(id: string): Query | undefined {
    return this.#one('SELECT * FROM athena_queries WHERE id = ?', id);
  }

  byToken(token: string): Query | undefined {
    return this.#one('SELECT * FROM athena_queries WHERE token = ?', token);
  }

  /** In the order of their submission. */
  unfinished(): readonly Query[] {
    const sql = 'SELECT * FROM athena_queries WHERE ended_at IS NULL ORDER BY submitted_at, rowid';
    return this.#database.prepare(sql).all().map(read);
  }

  run(id: string): void {
    this.#database.prepare("UPDATE athena_queries SET state = 'RUNNING' WHERE id = ?").run(id);
  }

  /** Ends a query once; a later end changes nothing. */
  end(id: string, outcome: Outcome, now: number): void {
    this.#database
      .prepare('UPDATE athena_queries SET state = ?, outcome = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL')
      .run(outcome.state, JSON.stringify(outcome), now, id);
  }

  forget(before: number): void {
    this.#database.prepare('DELETE FROM athena_queries WHERE ended_at < ?').run(before);
  }

  #one(sql: string, value: string): Query | undefined {
    const row = this.#database.prepare(sql).get(value);
    return row && read(row);
  }
}

function read(row: Record<string, unknown>): Query {
  return {
    ...(JSON.parse(String(row.request)) as QueryRequest),
    id: String(row.id),
    state: String(row.state) as QueryState,
    submittedAt: Number(row.submitted_at),
    endedAt: row.ended_at === null ? undefined : Number(row.ended_at),
    outcome: row.outcome === null ? undefined : (JSON.parse(String(row.outcome)) as Outcome),
  };
}

// Runs queries, two at once, in the order of their submission. A query has its own time limit, on the real clock: it is
// real work, and moving the clock of the cloud forward does not make it longer.

/** Each may take its share of memory and processor: see duckdb.ts. */
const AT_ONCE = 2;

/** Ends when the query has; the signal asks it to end now, and its reason is the outcome. */
type RunQuery = (query: Query, signal: AbortSignal) => Promise<Outcome>;

export class QueryQueue {
  readonly #clock: Clock;
  readonly #store: QueryStore;
  readonly #timeoutMs: number;
  readonly #run: RunQuery;
  readonly #waiting: string[] = [];
  readonly #running = new Map<string, { readonly controller: AbortController; readonly done: Promise<void> }>();
  #stopped = false;

  constructor(clock: Clock, store: QueryStore, timeoutMs: number, run: RunQuery) {
    this.#clock = clock;
    this.#store = store;
    this.#timeoutMs = timeoutMs;
    this.#run = run;
  }

  /** Takes a stored query that is QUEUED. */
  submit(id: string): void {
    this.#waiting.push(id);
    this.#next();
  }

  /** Ends the query as CANCELLED; one that has ended stays as it is. */
  async cancel(id: string): Promise<void> {
    const outcome: Outcome = { state: 'CANCELLED', reason: 'Query cancelled by user' };
    const running = this.#running.get(id);
    if (!running) return this.#store.end(id, outcome, this.#clock.now());
    running.controller.abort(outcome);
    await running.done;
  }

  /** After a start: what was running has failed, what was queued is queued again. */
  resume(): void {
    for (const { id, state } of this.#store.unfinished()) {
      const reason = 'The local cloud stopped while this query ran; submit it again';
      if (state === 'RUNNING') this.#store.end(id, { state: 'FAILED', reason, category: 1 }, this.#clock.now());
      else this.submit(id);
    }
  }

  /** Ends the work, not the queries: the next start says that they failed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { controller } of this.#running.values()) controller.abort();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #next(): void {
    while (!this.#stopped && this.#running.size < AT_ONCE) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      const query = this.#store.find(id);
      if (query?.state !== 'QUEUED') continue;
      const controller = new AbortController();
      this.#running.set(id, { controller, done: this.#work(query, controller) });
    }
  }

  async #work(query: Query, controller: AbortController): Promise<void> {
    const { id } = query;
    const started = this.#clock.now();
    const late: Outcome = { state: 'FAILED', reason: 'Query timeout', category: 2 };
    const timer = setTimeout(() => controller.abort(late), this.#timeoutMs).unref();
    const ended = await this.#attempt(query, controller.signal);
    clearTimeout(timer);
    this.#running.delete(id);
    const outcome = controller.signal.aborted ? (controller.signal.reason as Outcome) : ended;
    this.#end(id, { ...outcome, statistics: { ...ended.statistics, queuedMs: started - query.submittedAt } });
    this.#next();
  }

  async #attempt(query: Query, signal: AbortSignal): Promise<Outcome> {
    try {
      this.#store.run(query.id);
      return await this.#run(query, signal);
    } catch (error) {
      return { state: 'FAILED', reason: `GENERIC_INTERNAL_ERROR: ${error}`, category: 1 };
    }
  }

  /** Stores how the query ended; where that cannot be, such as on a full disk, a while later. */
  #end(id: string, outcome: Outcome): void {
    if (this.#stopped) return;
    try {
      this.#store.end(id, outcome, this.#clock.now());
    } catch {
      this.#clock.after(STORE_AGAIN_MS, () => this.#end(id, outcome));
    }
  }
}
