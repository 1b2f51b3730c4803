/** Every statement on the engine's tables that the interpreter needs. Nothing here opens a transaction. */
import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { BranchRow, EventRow, ExecutionRow, MachineRow, TokenRow } from './rows.ts';

type Values = Readonly<Record<string, SQLInputValue>>;

export class Store {
  readonly database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  machine(arn: string): MachineRow | undefined {
    return this.#one('SELECT * FROM states_machine WHERE arn = ?', arn);
  }

  machines(after: string, limit: number): readonly MachineRow[] {
    return this.#all('SELECT * FROM states_machine WHERE arn > ? ORDER BY arn LIMIT ?', after, limit);
  }

  /** Keeps the definition's text by its hash, and answers the hash. */
  keepDefinition(text: string): string {
    const hash = createHash('sha256').update(text).digest('hex');
    this.#run('INSERT OR IGNORE INTO states_definition VALUES (?, ?)', hash, text);
    return hash;
  }

  definition(hash: string): string {
    const row = this.#one<{ text: string }>('SELECT text FROM states_definition WHERE hash = ?', hash);
    if (!row) throw new Error(`no definition ${hash}`);
    return row.text;
  }

  putMachine(row: MachineRow): void {
    this.#run(
      `INSERT INTO states_machine VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (arn) DO UPDATE SET
        role_arn = excluded.role_arn, definition = excluded.definition, updated_at = excluded.updated_at`,
      row.arn,
      row.name,
      row.role_arn,
      row.definition,
      row.created_at,
      row.updated_at,
    );
  }

  /** Removes the machine, and its executions that are over. */
  removeMachine(arn: string): void {
    this.#run("DELETE FROM states_execution WHERE machine_arn = ? AND status <> 'RUNNING'", arn);
    this.#run('DELETE FROM states_machine WHERE arn = ?', arn);
  }

  execution(arn: string): ExecutionRow | undefined {
    return this.#one('SELECT * FROM states_execution WHERE arn = ?', arn);
  }

  openExecutions(): readonly ExecutionRow[] {
    return this.#all("SELECT * FROM states_execution WHERE status = 'RUNNING' ORDER BY seq");
  }

  /** The newest first, from before `seq`. */
  executions(machineArn: string, before: number, status: string | null, limit: number): readonly ExecutionRow[] {
    return this.#all(
      `SELECT * FROM states_execution WHERE machine_arn = ?1 AND seq < ?2 AND (?3 IS NULL OR status = ?3)
        ORDER BY seq DESC LIMIT ?4`,
      machineArn,
      before,
      status,
      limit,
    );
  }

  insertExecution(values: Values): void {
    this.#insert('states_execution', values);
  }

  updateExecution(arn: string, values: Values): void {
    this.#update('states_execution', 'arn', arn, values);
  }

  /** Removes executions that closed before `time`, with all that belongs to them. */
  forgetExecutions(time: number): void {
    this.#run('DELETE FROM states_execution WHERE stopped_at < ?', time);
  }

  branch(id: number): BranchRow | undefined {
    return this.#one('SELECT * FROM states_branch WHERE id = ?', id);
  }

  branches(execution: string): readonly BranchRow[] {
    return this.#all('SELECT * FROM states_branch WHERE execution = ? ORDER BY id', execution);
  }

  children(parent: number): readonly BranchRow[] {
    return this.#all('SELECT * FROM states_branch WHERE parent = ? ORDER BY slot', parent);
  }

  /** Whether a branch of `parent` has yet to end. */
  hasOpenChild(parent: number): boolean {
    // Two ranges of the index rather than `<>`, which would read every branch that is done.
    const open = "SELECT 1 FROM states_branch WHERE parent = ?1 AND (phase < 'done' OR phase > 'done') LIMIT 1";
    return this.#one(open, parent) !== undefined;
  }

  /** The next iteration that waits for its turn. */
  pendingChild(parent: number): BranchRow | undefined {
    return this.#one(
      "SELECT * FROM states_branch WHERE parent = ? AND phase = 'pending' ORDER BY slot LIMIT 1",
      parent,
    );
  }

  insertBranch(values: Values): number {
    return this.#insert('states_branch', values);
  }

  updateBranch(id: number, values: Values): void {
    this.#update('states_branch', 'id', id, values);
  }

  /** Removes the branches below `parent`, at every depth. */
  deleteChildren(parent: number): void {
    this.#run('DELETE FROM states_branch WHERE parent = ?', parent);
  }

  token(token: string): TokenRow | undefined {
    return this.#one('SELECT * FROM states_token WHERE token = ?', token);
  }

  insertToken(row: TokenRow): void {
    this.#insert('states_token', { ...row });
  }

  insertEvent(execution: string, { id, previous, at, type, detail }: EventRow): void {
    this.#run('INSERT INTO states_event VALUES (?, ?, ?, ?, ?, ?)', execution, id, previous, at, type, detail);
  }

  /** Events from number `from` on, or, with `newestFirst`, from it backwards. */
  events(execution: string, from: number, newestFirst: boolean, limit: number): readonly EventRow[] {
    const order = newestFirst ? 'id <= ? ORDER BY id DESC' : 'id >= ? ORDER BY id';
    return this.#all(`SELECT * FROM states_event WHERE execution = ? AND ${order} LIMIT ?`, execution, from, limit);
  }

  #insert(table: string, values: Values): number {
    const names = Object.keys(values);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    return Number(this.#statement(sql).run(...Object.values(values)).lastInsertRowid);
  }

  #update(table: string, key: string, id: SQLInputValue, values: Values): void {
    const sets = Object.keys(values).map(name => `${name} = ?`);
    this.#run(`UPDATE ${table} SET ${sets.join(', ')} WHERE ${key} = ?`, ...Object.values(values), id);
  }

  #one<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#statement(sql).get(...values) as T | undefined;
  }

  #all<T>(sql: string, ...values: SQLInputValue[]): readonly T[] {
    return this.#statement(sql).all(...values) as T[];
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#statement(sql).run(...values);
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

/**
 * The engine's tables. An execution is one row; where it stands is one branch row, and one more for each iteration of
 * a Map or branch of a Parallel that it is in. Times are epoch milliseconds; JSON is text.
 */
export function createTables(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS states_definition (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;

    CREATE TABLE IF NOT EXISTS states_machine (
      arn TEXT PRIMARY KEY, name TEXT NOT NULL, role_arn TEXT NOT NULL,
      definition TEXT NOT NULL REFERENCES states_definition(hash), created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS states_execution (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, machine_arn TEXT NOT NULL, name TEXT NOT NULL,
      role_arn TEXT NOT NULL, definition TEXT NOT NULL REFERENCES states_definition(hash),
      status TEXT NOT NULL, input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
      started_at INTEGER NOT NULL, stopped_at INTEGER, deadline INTEGER,
      redrive_count INTEGER NOT NULL DEFAULT 0, redriven_at INTEGER, last_event INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX IF NOT EXISTS states_execution_by_machine ON states_execution (machine_arn, seq);
    CREATE INDEX IF NOT EXISTS states_execution_open ON states_execution (seq) WHERE status = 'RUNNING';

    CREATE TABLE IF NOT EXISTS states_branch (
      id INTEGER PRIMARY KEY AUTOINCREMENT, execution TEXT NOT NULL REFERENCES states_execution(arn) ON DELETE CASCADE,
      parent INTEGER REFERENCES states_branch(id) ON DELETE CASCADE, slot INTEGER NOT NULL, item TEXT,
      phase TEXT NOT NULL, state TEXT NOT NULL, input TEXT NOT NULL, variables TEXT NOT NULL, output TEXT,
      entered_at INTEGER NOT NULL, used_retries TEXT NOT NULL, token TEXT, arguments TEXT,
      wake_at INTEGER, timeout_at INTEGER, heartbeat_at INTEGER, heartbeat_seconds REAL, last_event INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS states_branch_of_execution ON states_branch (execution);
    CREATE INDEX IF NOT EXISTS states_branch_of_parent ON states_branch (parent, phase, slot);

    CREATE TABLE IF NOT EXISTS states_token (
      token TEXT PRIMARY KEY, branch INTEGER NOT NULL, machine_arn TEXT NOT NULL,
      execution TEXT NOT NULL REFERENCES states_execution(arn) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS states_token_of_execution ON states_token (execution);

    CREATE TABLE IF NOT EXISTS states_event (
      execution TEXT NOT NULL REFERENCES states_execution(arn) ON DELETE CASCADE, id INTEGER NOT NULL,
      previous INTEGER NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL, detail TEXT NOT NULL,
      PRIMARY KEY (execution, id)
    ) STRICT, WITHOUT ROWID;`);
}
