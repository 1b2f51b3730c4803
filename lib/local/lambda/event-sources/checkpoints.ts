/** How far each mapping has come in its stream. A position moves on only past records that are done with. */
import type { DatabaseSync } from 'node:sqlite';

export interface Checkpoint {
  /** Everything up to here is done with. */
  readonly position: string;
  /** Where the batches that are to be tried again end, the next one first; empty where nothing has failed. */
  readonly ends: readonly string[];
  /** How often the next of these has failed. */
  readonly failures: number;
  /** When it is tried again, in epoch ms. */
  readonly dueAt: number;
}

export class Checkpoints {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`CREATE TABLE IF NOT EXISTS lambda_checkpoints (
      mapping TEXT NOT NULL, stream TEXT NOT NULL, position TEXT NOT NULL, ends TEXT NOT NULL,
      failures INTEGER NOT NULL, due_at INTEGER NOT NULL, PRIMARY KEY (mapping, stream)) STRICT`);
  }

  find(mapping: string, stream: string): Checkpoint | undefined {
    const row = this.#database
      .prepare('SELECT * FROM lambda_checkpoints WHERE mapping = ? AND stream = ?')
      .get(mapping, stream);
    return (
      row && {
        position: String(row.position),
        ends: JSON.parse(String(row.ends)) as string[],
        failures: Number(row.failures),
        dueAt: Number(row.due_at),
      }
    );
  }

  put(mapping: string, stream: string, { position, ends, failures, dueAt }: Checkpoint): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO lambda_checkpoints VALUES (?, ?, ?, ?, ?, ?)')
      .run(mapping, stream, position, JSON.stringify(ends), failures, dueAt);
  }
}
