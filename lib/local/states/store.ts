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
