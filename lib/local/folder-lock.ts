import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storageTrouble } from './storage-trouble.ts';

const BUSY = 5;

/**
 * Takes the data directory for this process alone: two clouds on one folder would tear it. The lock is one that the
 * system holds for the process, by way of SQLite, so it ends with the process however that ends, and no process id of
 * an earlier time is taken for another's. The answer gives it free. Throws where another process has it.
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'lock.sqlite');
  try {
    return hold(dataDir, file);
  } catch (error) {
    // It holds nothing that is kept.
    if (storageTrouble(error) !== 'damaged') throw error;
    rmSync(file, { force: true });
    return hold(dataDir, file);
  }
}

function hold(dataDir: string, file: string): () => void {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('PRAGMA synchronous=OFF; BEGIN IMMEDIATE');
    // Committed, so that whoever finds the folder taken can read by whom; then held by a transaction that never ends.
    lock.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL) STRICT; DELETE FROM holder');
    lock.prepare('INSERT INTO holder VALUES (?)').run(process.pid);
    lock.exec('COMMIT; BEGIN IMMEDIATE');
    return () => {
      if (lock.isOpen) lock.close();
    };
  } catch (error) {
    const taken = ((error as { errcode?: number }).errcode ?? 0) % 256 === BUSY;
    const by = taken ? holderOf(lock) : undefined;
    lock.close();
    if (!taken) throw error;
    throw new Error(
      `${dataDir} is in use by ${by === undefined ? 'another process' : `process ${by}`}: stop it, or set MUTOSCOPE_DATA_DIR to another folder`,
    );
  }
}

function holderOf(lock: DatabaseSync): number | undefined {
  try {
    return Number(lock.prepare('SELECT pid FROM holder').get()?.pid) || undefined;
  } catch {
    // It is being written at this moment.
    return undefined;
  }
}
