/** Queries and what came of them, in one table. */
import type { DatabaseSync } from 'node:sqlite';
import type { ResultColumn } from './result-types.ts';

export type QueryState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

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
