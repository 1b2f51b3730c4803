/**
 * The tables of SQS. A message is `ready` (1) or waits for `visible_at` (0): delayed where it was never received since
 * it came here, else in flight. Whatever is due becomes ready before anything is read, so the indexes are by `ready`.
 */
import type { DatabaseSync } from 'node:sqlite';

export function prepareTables(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS sqs_queues (
      name TEXT PRIMARY KEY,
      attributes TEXT NOT NULL,
      tags TEXT NOT NULL,
      created INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      purged INTEGER
    ) STRICT;
    CREATE TABLE IF NOT EXISTS sqs_messages (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      queue TEXT NOT NULL REFERENCES sqs_queues (name),
      id TEXT NOT NULL UNIQUE,
      body TEXT NOT NULL,
      attributes TEXT NOT NULL,
      trace TEXT,
      tenant TEXT NOT NULL,
      sender TEXT NOT NULL,
      sent INTEGER NOT NULL,
      ready INTEGER NOT NULL,
      visible_at INTEGER NOT NULL,
      receives INTEGER NOT NULL,
      first_received INTEGER,
      last_received INTEGER,
      receipt TEXT,
      dead_from TEXT
    ) STRICT;
    CREATE INDEX IF NOT EXISTS sqs_ready ON sqs_messages (queue, tenant, seq) WHERE ready = 1;
    CREATE INDEX IF NOT EXISTS sqs_waiting ON sqs_messages (queue, visible_at) WHERE ready = 0;
    CREATE INDEX IF NOT EXISTS sqs_in_flight ON sqs_messages (queue, tenant) WHERE ready = 0 AND receives > 0;
    CREATE INDEX IF NOT EXISTS sqs_age ON sqs_messages (queue, sent);
    CREATE TABLE IF NOT EXISTS sqs_turns (
      queue TEXT NOT NULL,
      tenant TEXT NOT NULL,
      turn INTEGER NOT NULL,
      served INTEGER NOT NULL,
      PRIMARY KEY (queue, tenant)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS sqs_move_tasks (
      handle TEXT PRIMARY KEY,
      source TEXT NOT NULL,
      destination TEXT,
      started INTEGER NOT NULL,
      moved INTEGER NOT NULL
    ) STRICT;
  `);
}
