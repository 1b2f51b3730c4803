/**
 * Log events, by group and stream. Writers wait for nothing: an event is in memory first and in the database a moment
 * later, or as soon as anybody reads. A kill may lose that moment, as CloudWatch may; a full disk loses events, and harms
 * no function. A group keeps its newest events alone.
 */
import { atomically } from '../database.ts';
import type { CloudContext } from '../service.ts';

const FLUSH_MS = 250;
/** Of one group. */
const MOST_EVENTS = 20_000;
/** Events that wait because nothing can be written; the oldest go. */
const MOST_WAITING = 10_000;
/** Groups are cut back to what they keep after so many events. */
const TRIM_EVERY = 2_000;
/** AWS takes a message of a megabyte. */
const LONGEST_MESSAGE = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface Group {
  readonly name: string;
  /** Epoch ms, as all times here. */
  readonly created: number;
  readonly retention_days: number | null;
}

export interface Stream {
  readonly name: string;
  readonly created: number;
  readonly first_at: number;
  readonly last_at: number;
  readonly ingested: number;
}

export interface LogEvent {
  readonly id: number;
  readonly stream: string;
  readonly at: number;
  readonly ingested: number;
  readonly message: string;
}

/** Where a page begins or ends: at an event of that time with that id. */
export interface Position {
  readonly at: number;
  readonly id: number;
}

interface Waiting {
  readonly group: string;
  readonly stream: string;
  readonly at: number;
  readonly message: string;
}

export class LogStore {
  readonly #context: CloudContext;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sinceTrim = 0;

  constructor(context: CloudContext) {
    this.#context = context;
    context.database.exec(`
      CREATE TABLE IF NOT EXISTS logs_groups (
        name TEXT PRIMARY KEY, created INTEGER NOT NULL, retention_days INTEGER) STRICT;
      CREATE TABLE IF NOT EXISTS logs_streams (
        log_group TEXT NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL, first_at INTEGER NOT NULL,
        last_at INTEGER NOT NULL, ingested INTEGER NOT NULL, PRIMARY KEY (log_group, name)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS logs_events (
        id INTEGER PRIMARY KEY AUTOINCREMENT, log_group TEXT NOT NULL, stream TEXT NOT NULL, at INTEGER NOT NULL,
        ingested INTEGER NOT NULL, message TEXT NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS logs_events_at ON logs_events (log_group, at, id)`);
  }

  /** Makes the group, or sets how long it keeps its events. */
  describe(name: string, retentionDays: number | undefined): void {
    this.#context.database
      .prepare(`INSERT INTO logs_groups VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET retention_days = ?3`)
      .run(name, this.#context.clock.now(), retentionDays ?? null);
  }

  /** Removes the group with all that was written to it. */
  remove(name: string): void {
    this.#flush();
    this.#waiting = this.#waiting.filter(({ group }) => group !== name);
    const { database } = this.#context;
    atomically(database, () => {
      for (const sql of [
        'logs_events WHERE log_group = ?',
        'logs_streams WHERE log_group = ?',
        'logs_groups WHERE name = ?',
      ])
        database.prepare(`DELETE FROM ${sql}`).run(name);
    });
  }

  names(): readonly string[] {
    return this.#context.database
      .prepare('SELECT name FROM logs_groups')
      .all()
      .map(({ name }) => String(name));
  }

  write(group: string, stream: string, text: string): void {
    const message = text.replace(/\r?\n$/, '').slice(0, LONGEST_MESSAGE);
    if (message === '') return;
    this.#waiting.push({ group, stream, at: this.#context.clock.now(), message });
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS).unref();
  }

  groups(): readonly (Group & { readonly bytes: number })[] {
    this.#flush();
    const sql = `SELECT *, (SELECT coalesce(sum(length(message)), 0) FROM logs_events WHERE log_group = name) AS bytes
      FROM logs_groups ORDER BY name`;
    return this.#context.database.prepare(sql).all() as unknown as (Group & { bytes: number })[];
  }

  hasGroup(name: string): boolean {
    this.#flush();
    return this.#context.database.prepare('SELECT 1 FROM logs_groups WHERE name = ?').get(name) !== undefined;
  }

  streams(group: string): readonly Stream[] {
    const sql = 'SELECT * FROM logs_streams WHERE log_group = ? ORDER BY name';
    return this.#context.database.prepare(sql).all(group) as unknown as Stream[];
  }

  /** Events of the group from `from` on and before `to`, oldest first; or newest first, from before `to` on. */
  *events(group: string, from: Position, to: Position, newestFirst = false): Generator<LogEvent> {
    const order = newestFirst ? 'DESC' : 'ASC';
    const rows = this.#context.database
      .prepare(
        `SELECT id, stream, at, ingested, message FROM logs_events
         WHERE log_group = ? AND (at, id) >= (?, ?) AND (at, id) < (?, ?) ORDER BY at ${order}, id ${order}`,
      )
      .iterate(group, from.at, from.id, to.at, to.id);
    for (const row of rows) yield row as unknown as LogEvent;
  }

  #store(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { database, clock } = this.#context;
    const events = this.#waiting;
    if (events.length === 0) return;
    const now = clock.now();
    const group = database.prepare('INSERT OR IGNORE INTO logs_groups VALUES (?, ?, NULL)');
    const stream = database.prepare(
      `INSERT INTO logs_streams VALUES (?1, ?2, ?3, ?4, ?4, ?3)
       ON CONFLICT (log_group, name) DO UPDATE SET last_at = max(last_at, ?4), ingested = ?3`,
    );
    const event = database.prepare(
      'INSERT INTO logs_events (log_group, stream, at, ingested, message) VALUES (?, ?, ?, ?, ?)',
    );
    atomically(database, () => {
      for (const one of events) {
        group.run(one.group, now);
        stream.run(one.group, one.stream, now, one.at);
        event.run(one.group, one.stream, one.at, now, one.message);
      }
      this.#sinceTrim += events.length;
      if (this.#sinceTrim >= TRIM_EVERY) this.#trim(now);
    });
    this.#waiting = [];
  }

  stop(): void {
    this.#flush();
    clearTimeout(this.#timer);
  }

  /** What was written is read from now on, unless the disk is full. Not inside a transaction. */
  #flush(): void {
    try {
      this.#store();
    } catch {
      // The disk is full: the log is the last that may say so. What waits is tried again with the next event.
      this.#timer = undefined;
      this.#waiting = this.#waiting.slice(-MOST_WAITING);
    }
  }

  #trim(now: number): void {
    this.#sinceTrim = 0;
    const { database } = this.#context;
    const groups = database.prepare('SELECT * FROM logs_groups').all() as unknown as Group[];
    for (const { name, retention_days } of groups) {
      database
        .prepare(
          `DELETE FROM logs_events WHERE log_group = ?1 AND id <=
             (SELECT id FROM logs_events WHERE log_group = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${MOST_EVENTS})`,
        )
        .run(name);
      if (retention_days === null) continue;
      const oldest = now - retention_days * DAY_MS;
      database.prepare('DELETE FROM logs_events WHERE log_group = ? AND at < ?').run(name, oldest);
      database.prepare('DELETE FROM logs_streams WHERE log_group = ? AND last_at < ?').run(name, oldest);
    }
  }
}
