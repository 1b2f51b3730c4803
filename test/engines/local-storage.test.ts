/** Where the embedded cloud keeps things: folder, lock, database and logs, and what trouble with them is answered with. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataFolder } from '../../bin/local/data-folder.ts';
import { atomically, openDatabase } from '../../lib/local/database.ts';
import { lockDataDir } from '../../lib/local/folder-lock.ts';
import { LogFile } from '../../lib/local/log-file.ts';
import { replaceFile } from '../../lib/local/replace-file.ts';
import { storageTrouble } from '../../lib/local/storage-trouble.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

describe('the format of a data folder', () => {
  it('is written into a new one, and found there by the next start', () => {
    claimDataFolder(folder);
    expect(readFileSync(at('format'), 'utf8')).toBe('3\n');
    expect(() => claimDataFolder(folder)).not.toThrow();
  });

  it.each(['garbage', '2x', '-1', '', '\u0000\u0000'])(
    'that reads %j beside data is refused with what it holds and what to do',
    text => {
      writeFileSync(at('format'), text);
      writeFileSync(at('cloud.sqlite'), 'data');
      expect(() => claimDataFolder(folder)).toThrow(
        /format should hold the number.*holds .*write 3 into it\. Otherwise: Delete/,
      );
      expect(readFileSync(at('format'), 'utf8')).toBe(text);
    },
  );

  it('that a kill has left empty, before there were data, is that of a new folder', () => {
    writeFileSync(at('format'), '');
    claimDataFolder(folder);
    expect(readFileSync(at('format'), 'utf8')).toBe('3\n');
  });

  it('of a later version is refused as such', () => {
    writeFileSync(at('format'), '4\n');
    expect(() => claimDataFolder(folder)).toThrow(/a later version \(format 4, this one reads 3\)/);
  });

  it('is claimed with what a kill has left half written swept away', () => {
    writeFileSync(at('local.json.0badcafe.new'), '{"api');
    claimDataFolder(folder);
    expect(readdirSync(folder)).toEqual(['format']);
  });
});

describe('the lock of a data folder', () => {
  it('keeps a second start out, with the process id of the first, and is free when that gives it free', () => {
    const unlock = lockDataDir(folder);
    expect(() => lockDataDir(folder)).toThrow(`in use by process ${process.pid}: stop it`);
    unlock();
    lockDataDir(folder)();
  });

  it('ends with its process, however that ends, and whoever has that process id now', async () => {
    const holding = `import { lockDataDir } from '${join(import.meta.dirname, '../../lib/local/folder-lock.ts')}';
      lockDataDir('${folder}'); process.stdout.write('held'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', holding], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(() => lockDataDir(folder)).toThrow(`in use by process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    // A file that names a process that lives is nobody's lock.
    writeFileSync(at('lock'), '1');
    lockDataDir(folder)();
  });

  it('is made anew where its file is damaged', () => {
    writeFileSync(at('lock.sqlite'), 'x'.repeat(5000));
    lockDataDir(folder)();
  });
});

describe('a database', () => {
  function filled(): void {
    const database = openDatabase(folder);
    database.exec('CREATE TABLE things (thing TEXT)');
    const insert = database.prepare('INSERT INTO things VALUES (?)');
    for (let n = 0; n < 200; n++) insert.run('x'.repeat(500));
    database.close();
  }

  it.each([
    ['cut in the middle', (file: string) => truncateSync(file, 20_000)],
    ['cut by one byte', (file: string) => truncateSync(file, statSync(file).size - 1)],
    ['cut in its first page', (file: string) => truncateSync(file, 50)],
    ['overwritten', (file: string) => writeFileSync(file, 'not a database, and long enough to be one '.repeat(50))],
  ])('that is %s is refused with its file and what to do, and left as it is', (_, damage) => {
    filled();
    const file = at('cloud.sqlite');
    damage(file);
    const before = readFileSync(file);
    expect(() => openDatabase(folder)).toThrow(
      /cloud\.sqlite cannot be used \(.+\)\. It is cut or overwritten\. Put a copy.*delete the folder/,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('that a kill has left behind its log is whole', async () => {
    const writing = `import { openDatabase } from '${join(import.meta.dirname, '../../lib/local/database.ts')}';
      const database = openDatabase('${folder}'); database.exec('CREATE TABLE things (thing TEXT)');
      const insert = database.prepare('INSERT INTO things VALUES (?)');
      for (let n = 0; n < 2000; n++) insert.run('x'.repeat(500));
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', writing], { stdio: 'inherit' });
    await once(child, 'exit');
    const database = openDatabase(folder);
    expect(database.prepare('SELECT count(*) AS n FROM things').get()?.n).toBe(2000);
    database.close();
  });

  it('that is full refuses a transaction whole, says so, and goes on when there is room', () => {
    const database = openDatabase(folder);
    database.exec('CREATE TABLE things (thing TEXT)');
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const add = (size: number) =>
      atomically(database, () => database.prepare('INSERT INTO things VALUES (?)').run('x'.repeat(size)));
    let error: unknown;
    try {
      add(100_000);
    } catch (thrown) {
      error = thrown;
    }
    expect(storageTrouble(error)).toBe('full');
    database.exec('PRAGMA max_page_count = 1000000');
    add(100_000);
    expect(database.prepare('SELECT count(*) AS n FROM things').get()?.n).toBe(1);
    database.close();
  });
});

describe('a log', () => {
  it('is cut at its size, and keeps what was before once', () => {
    const log = new LogFile(at('cloud.log'), 1000);
    for (let n = 0; n < 100; n++) log.write(`${n} ${'x'.repeat(100)}\n`);
    log.close();
    expect(statSync(at('cloud.log')).size).toBeLessThan(1200);
    expect(statSync(at('cloud.log.1')).size).toBeLessThan(1200);
    expect(readFileSync(at('cloud.log'), 'utf8')).toContain('\n99 ');
  });

  it('that cannot be written throws nothing, and says what was lost once it can be', () => {
    const file = join(folder, 'logs', 'cloud.log');
    // The folder's name is taken by a file: nothing can be written below it.
    writeFileSync(join(folder, 'logs'), '');
    const log = new LogFile(file);
    log.write('one\n');
    log.write('two\n');
    rmSync(join(folder, 'logs'));
    log.write('three\n');
    log.close();
    const [, lost = '', three] = readFileSync(file, 'utf8').split('\n');
    expect(JSON.parse(lost)).toMatchObject({
      event: 'log.lost',
      writes: 2,
      why: expect.stringMatching(/EEXIST|ENOTDIR/),
    });
    expect(three).toBe('three');
  });

  it.runIf(process.platform === 'linux')('on a full disk throws nothing', () => {
    const log = new LogFile('/dev/full');
    expect(() => log.write('line\n')).not.toThrow();
    log.close();
  });
});

describe('a file that is replaced', () => {
  it('has the new contents and its permissions, and leaves nothing else', () => {
    replaceFile(at('local.json'), 'old');
    replaceFile(at('local.json'), 'new', 0o600);
    expect(readFileSync(at('local.json'), 'utf8')).toBe('new');
    expect(statSync(at('local.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['local.json']);
  });

  it('is as it was where the new one cannot be written', () => {
    replaceFile(at('kept'), 'old');
    expect(() => replaceFile(join(at('kept'), 'below'), 'new')).toThrow();
    expect(readFileSync(at('kept'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['kept']);
  });
});
