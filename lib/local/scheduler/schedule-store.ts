import type { DatabaseSync } from 'node:sqlite';

export interface ScheduleRow {
  readonly arn: string;
  readonly name: string;
  readonly group_name: string;
  readonly expression: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly description: string | null;
  readonly function_arn: string;
  readonly role_arn: string;
  readonly input: string | null;
  /** Attempts beyond the first. */
  readonly retries: number;
  readonly max_age_seconds: number;
  /** The ARN of the queue that gets what was given up. */
  readonly dead_letter_arn: string | null;
  readonly created_at: number;
  readonly updated_at: number;
  /** What the coming run, or the one being tried, was scheduled for; null where none is left. Epoch ms. */
  readonly due_at: number | null;
  /** When it is tried (again). */
  readonly try_at: number | null;
  readonly attempts: number;
}

export class ScheduleStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`
      CREATE TABLE IF NOT EXISTS scheduler_group (name TEXT PRIMARY KEY) STRICT;
      INSERT OR IGNORE INTO scheduler_group VALUES ('default');
      CREATE TABLE IF NOT EXISTS scheduler_schedule (
        arn TEXT PRIMARY KEY, name TEXT NOT NULL, group_name TEXT NOT NULL REFERENCES scheduler_group(name),
        expression TEXT NOT NULL, state TEXT NOT NULL, description TEXT, function_arn TEXT NOT NULL,
        role_arn TEXT NOT NULL, input TEXT, retries INTEGER NOT NULL, max_age_seconds INTEGER NOT NULL, dead_letter_arn TEXT,
        created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
        due_at INTEGER, try_at INTEGER, attempts INTEGER NOT NULL
      ) STRICT;`);
  }

  addGroup(name: string): void {
    this.#database.prepare('INSERT OR IGNORE INTO scheduler_group VALUES (?)').run(name);
  }

  groups(): readonly string[] {
    return this.#database
      .prepare('SELECT name FROM scheduler_group')
      .all()
      .map(({ name }) => String(name));
  }

  removeGroup(name: string): void {
    this.#database.prepare('DELETE FROM scheduler_schedule WHERE group_name = ?').run(name);
    this.#database.prepare('DELETE FROM scheduler_group WHERE name = ?').run(name);
  }

  remove(arn: string): void {
    this.#database.prepare('DELETE FROM scheduler_schedule WHERE arn = ?').run(arn);
  }

  hasGroup(name: string): boolean {
    return this.#database.prepare('SELECT 1 FROM scheduler_group WHERE name = ?').get(name) !== undefined;
  }

  schedule(arn: string): ScheduleRow | undefined {
    return this.#database.prepare('SELECT * FROM scheduler_schedule WHERE arn = ?').get(arn) as ScheduleRow | undefined;
  }

  schedules(): readonly ScheduleRow[] {
    return this.#database.prepare('SELECT * FROM scheduler_schedule ORDER BY arn').all() as unknown as ScheduleRow[];
  }

  /** Each statement is a transaction of its own. */
  put(row: ScheduleRow): void {
    const names = Object.keys(row);
    const sql = `INSERT OR REPLACE INTO scheduler_schedule (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    this.#database.prepare(sql).run(...Object.values(row));
  }

  plan(arn: string, plan: Pick<ScheduleRow, 'due_at' | 'try_at' | 'attempts'>): void {
    this.#database
      .prepare('UPDATE scheduler_schedule SET due_at = ?, try_at = ?, attempts = ? WHERE arn = ?')
      .run(plan.due_at, plan.try_at, plan.attempts, arn);
  }
}
