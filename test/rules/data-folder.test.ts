/** Who may read what a local cloud keeps. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../lib/local/database.ts';

let parent: string;
let umask: number;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'mutoscope-folder-'));
  umask = process.umask(0);
});
afterEach(() => {
  process.umask(umask);
  rmSync(parent, { recursive: true, force: true });
});

const modesOf = (folder: string) =>
  ['', 'cloud.sqlite', 'cloud.sqlite-wal', 'cloud.sqlite-shm'].map(name =>
    (statSync(join(folder, name)).mode & 0o777).toString(8),
  );

it('is its owner’s alone, whatever the mask of the process', () => {
  const folder = join(parent, 'new');
  const database = openDatabase(folder);
  database.exec('CREATE TABLE secrets (value TEXT)');
  expect(modesOf(folder)).toEqual(['700', '600', '600', '600']);
  database.close();
});

it('is so again where an earlier start left it open', () => {
  const folder = join(parent, 'earlier');
  mkdirSync(folder, { mode: 0o755 });
  writeFileSync(join(folder, 'cloud.sqlite'), '', { mode: 0o644 });
  chmodSync(join(folder, 'cloud.sqlite'), 0o644);
  const database = openDatabase(folder);
  database.exec('CREATE TABLE secrets (value TEXT)');
  expect(modesOf(folder)).toEqual(['700', '600', '600', '600']);
  database.close();
});
