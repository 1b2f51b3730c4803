import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { explainStorage, storageTrouble } from './storage-trouble.ts';

/**
 * Opens the one database of a local cloud. WAL with synchronous=NORMAL: a commit outlives `kill -9` of the process;
 * a power cut may take the last moments of it, which a laptop's stand-in for a cloud can afford. It holds secrets, the
 * administrator's among them, and the folder holds what customers uploaded: both are for their owner alone. Throws with
 * the file and what helps where it cannot be used. What is deleted is overwritten: it is gone from the file, as it is gone from a cloud.
 */
export function openDatabase(dataDir: string): DatabaseSync {
  const file = join(dataDir, 'cloud.sqlite');
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    chmodSync(dataDir, 0o700);
    // Made before SQLite would make it as readable as the process's mask allows; its journals are made like it.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    database = new DatabaseSync(file);
    database.exec(
      'PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON',
    );
    refuseCut(database, file);
    return database;
  } catch (error) {
    database?.close();
    const trouble = storageTrouble(error);
    throw trouble === undefined ? error : explainStorage(file, trouble, error);
  }
}

/** Throws where the file is shorter than it says: SQLite itself notices that only when it comes to a page that is missing. */
function refuseCut(database: DatabaseSync, file: string): void {
  // What a kill has left in the log is moved to the file first: until then a file may be shorter.
  database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  const { pages } = database
    .prepare('SELECT page_count * page_size AS pages FROM pragma_page_count, pragma_page_size')
    .get() as {
    pages: number;
  };
  const { size } = statSync(file);
  if (size < pages) throw explainStorage(file, 'damaged', new Error(`it has ${size} bytes of ${pages}`));
}

/** Runs `work` as one transaction: all of it, or, where it throws, none. Not re-entrant. */
export function atomically<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // On a full disk SQLite has rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
