/**
 * Stacks, their resources, events and change sets as rows. Each method is a transaction of its own, so that a kill leaves
 * what was done up to it: `deployment.ts` says how an operation is taken up from there.
 */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Output } from '../provision.ts';
import type { CloudContext, Resource } from '../service.ts';

/** What a stack is to be, or is. */
export interface Target {
  /** As it was given: JSON or YAML. */
  readonly body: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly capabilities: readonly string[];
}

export interface Operation {
  readonly kind: 'create' | 'update' | 'delete';
  readonly token: string | undefined;
  /** What it makes of the stack; none of a deletion. */
  readonly target: Target | undefined;
  readonly rollback: boolean;
  /** Whether what there is already, under a name that the template gives and keeps, becomes the stack's. */
  readonly importing: boolean;
  /** Logical ids that a deletion leaves. */
  readonly retain: readonly string[];
  /** The target is reached: what is left to do is to remove what it has no more. */
  readonly cleanup: boolean;
}

export interface StackRow extends Target {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly outputs: readonly Output[];
  /** Names of exports of other stacks that it reads. */
  readonly imports: readonly string[];
  /** Epoch ms, as all times here. */
  readonly created: number;
  readonly updated: number | undefined;
  readonly deleted: number | undefined;
  readonly protected: boolean;
  readonly operation: Operation | undefined;
}

/**
 * `current` of the stack; `new` made by an update that may yet be rolled back; `old` replaced or taken out by one, and to
 * be removed when that is done.
 */
export type ResourceState = 'current' | 'new' | 'old';

export interface ResourceRow {
  readonly stack: string;
  readonly logicalId: string;
  /** The generated physical name. */
  readonly name: string;
  readonly state: ResourceState;
  readonly status: string;
  readonly reason: string | undefined;
  readonly at: number;
  /** What is made, as its engine knows it. */
  readonly resource: Resource;
  /** Whether an update that is not done yet has changed it in place. */
  readonly changed: boolean;
  /** What becomes of it when it is no longer wanted: Delete, Retain or RetainExceptOnCreate. */
  readonly policy: string;
}

export interface EventRow {
  readonly id: string;
  readonly seq: number;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly token: string | undefined;
  readonly at: number;
}

export interface ChangeSetRow {
  readonly id: string;
  readonly name: string;
  readonly stack: string;
  readonly kind: 'CREATE' | 'UPDATE';
  readonly status: string;
  readonly reason: string | undefined;
  readonly execution: string;
  readonly description: string | undefined;
  readonly target: Target;
  readonly changes: readonly unknown[];
  readonly rollback: boolean;
  readonly importing: boolean;
  readonly created: number;
}

export class StackStore {
  readonly #database: DatabaseSync;
  readonly #context: CloudContext;

  constructor(context: CloudContext) {
    this.#context = context;
    this.#database = context.database;
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS cloudformation_stacks (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, deleted INTEGER, row TEXT NOT NULL) STRICT;
      CREATE UNIQUE INDEX IF NOT EXISTS cloudformation_live ON cloudformation_stacks (name) WHERE deleted IS NULL;
      CREATE TABLE IF NOT EXISTS cloudformation_stack_resources (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, stack TEXT NOT NULL, logical_id TEXT NOT NULL, name TEXT NOT NULL,
        row TEXT NOT NULL, UNIQUE (stack, logical_id, name)) STRICT;
      CREATE TABLE IF NOT EXISTS cloudformation_retained (
        type TEXT NOT NULL, key TEXT NOT NULL, resource TEXT NOT NULL, PRIMARY KEY (type, key)) STRICT;
      CREATE TABLE IF NOT EXISTS cloudformation_events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, stack TEXT NOT NULL, row TEXT NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS cloudformation_events_of ON cloudformation_events (stack, seq);
      CREATE TABLE IF NOT EXISTS cloudformation_change_sets (
        id TEXT PRIMARY KEY, stack TEXT NOT NULL, name TEXT NOT NULL, row TEXT NOT NULL, UNIQUE (stack, name)) STRICT`);
  }

  /** By name, of those that are not deleted; or by id. */
  find(nameOrId: string): StackRow | undefined {
    const sql = 'SELECT row FROM cloudformation_stacks WHERE id = ?1 OR (name = ?1 AND deleted IS NULL)';
    return this.#one<StackRow>(sql, nameOrId);
  }

  /** In the order in which they came to be. */
  stacks(): readonly StackRow[] {
    return this.#all<StackRow>('SELECT row FROM cloudformation_stacks ORDER BY rowid');
  }

  live(): readonly StackRow[] {
    return this.#all<StackRow>('SELECT row FROM cloudformation_stacks WHERE deleted IS NULL ORDER BY rowid');
  }

  /** Makes a stack of that name, in which there is nothing yet. */
  add(name: string, status: string, target: Target): StackRow {
    const { region, accountId, clock } = this.#context;
    const row: StackRow = {
      ...target,
      id: `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${randomUUID()}`,
      name,
      status,
      reason: undefined,
      outputs: [],
      imports: [],
      created: clock.now(),
      updated: undefined,
      deleted: undefined,
      protected: false,
      operation: undefined,
    };
    this.#run('INSERT INTO cloudformation_stacks VALUES (?, ?, NULL, ?)', row.id, name, JSON.stringify(row));
    return row;
  }

  change(id: string, change: Partial<StackRow>): StackRow {
    const before = this.find(id);
    if (!before) throw new Error(`there is no stack ${id}`);
    const row = { ...before, ...change };
    const sql = 'UPDATE cloudformation_stacks SET deleted = ?, row = ? WHERE id = ?';
    this.#run(sql, row.deleted ?? null, JSON.stringify(row), id);
    return row;
  }

  /** Forgets a stack that never came to be. */
  forget(id: string): void {
    for (const table of ['stack_resources', 'events', 'change_sets'])
      this.#run(`DELETE FROM cloudformation_${table} WHERE stack = ?`, id);
    this.#run('DELETE FROM cloudformation_stacks WHERE id = ?', id);
  }

  /** In the order in which they were last made or changed. */
  resources(stack: string): readonly ResourceRow[] {
    return this.#all('SELECT row FROM cloudformation_stack_resources WHERE stack = ? ORDER BY seq', stack);
  }

  /** Takes the place of a row of the same stack, logical id and name, and stands after all others. */
  putResource(row: ResourceRow): void {
    const sql =
      'INSERT OR REPLACE INTO cloudformation_stack_resources (stack, logical_id, name, row) VALUES (?, ?, ?, ?)';
    this.#run(sql, row.stack, row.logicalId, row.name, JSON.stringify(row));
  }

  /** Changes a row where it stands. */
  changeResource(row: ResourceRow, change: Partial<ResourceRow>): ResourceRow {
    const after = { ...row, ...change };
    const sql = 'UPDATE cloudformation_stack_resources SET row = ? WHERE stack = ? AND logical_id = ? AND name = ?';
    this.#run(sql, JSON.stringify(after), row.stack, row.logicalId, row.name);
    return after;
  }

  dropResource({ stack, logicalId, name }: Pick<ResourceRow, 'stack' | 'logicalId' | 'name'>): void {
    const sql = 'DELETE FROM cloudformation_stack_resources WHERE stack = ? AND logical_id = ? AND name = ?';
    this.#run(sql, stack, logicalId, name);
  }

  /** Notes what a stack has left behind: it is there at the next start too. */
  retain(key: string, resource: Resource): void {
    const sql = 'INSERT OR REPLACE INTO cloudformation_retained VALUES (?, ?, ?)';
    this.#run(sql, resource.type, key, JSON.stringify(resource));
  }

  retained(): readonly Resource[] {
    return this.#all('SELECT resource AS row FROM cloudformation_retained ORDER BY rowid');
  }

  /** It is some stack's again, or gone. */
  unretain(type: string, key: string): void {
    this.#run('DELETE FROM cloudformation_retained WHERE type = ? AND key = ?', type, key);
  }

  addEvent(stack: string, event: Omit<EventRow, 'id' | 'seq' | 'at'>): void {
    const row = { ...event, id: randomUUID(), at: this.#context.clock.now() };
    this.#run('INSERT INTO cloudformation_events (stack, row) VALUES (?, ?)', stack, JSON.stringify(row));
  }

  /** The newest first, from before `before`. */
  events(stack: string, before: number, limit: number): readonly EventRow[] {
    return this.#database
      .prepare('SELECT seq, row FROM cloudformation_events WHERE stack = ? AND seq < ? ORDER BY seq DESC LIMIT ?')
      .all(stack, before, limit)
      .map(({ seq, row }) => ({ ...(JSON.parse(String(row)) as EventRow), seq: Number(seq) }));
  }

  putChangeSet(row: ChangeSetRow): void {
    const sql = 'INSERT OR REPLACE INTO cloudformation_change_sets VALUES (?, ?, ?, ?)';
    this.#run(sql, row.id, row.stack, row.name, JSON.stringify(row));
  }

  changeSets(stack: string): readonly ChangeSetRow[] {
    return this.#all('SELECT row FROM cloudformation_change_sets WHERE stack = ? ORDER BY rowid', stack);
  }

  /** By id, or by name within a stack. */
  changeSet(nameOrId: string, stack: string | undefined): ChangeSetRow | undefined {
    const sql = 'SELECT row FROM cloudformation_change_sets WHERE id = ? OR (name = ? AND stack = ?)';
    return this.#one(sql, nameOrId, nameOrId, stack ?? '');
  }

  dropChangeSet(id: string): void {
    this.#run('DELETE FROM cloudformation_change_sets WHERE id = ?', id);
  }

  #one<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    const found = this.#database.prepare(sql).get(...values);
    return found && (JSON.parse(String(found.row)) as T);
  }

  #all<T>(sql: string, ...values: SQLInputValue[]): readonly T[] {
    return this.#database
      .prepare(sql)
      .all(...values)
      .map(({ row }) => JSON.parse(String(row)) as T);
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#database.prepare(sql).run(...values);
  }
}
