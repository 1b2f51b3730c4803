import type { DatabaseSync } from 'node:sqlite';

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
