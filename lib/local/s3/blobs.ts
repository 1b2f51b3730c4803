/**
 * Object bytes as files. A file is complete and in place before a row names it, and is removed only after no row does;
 * what a kill leaves in between is swept at the next start. Names are random, so a key never becomes a path. Files are
 * not fsynced: like the database they outlive the process, not a power cut.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  createReadStream,
  createWriteStream,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export class Blobs {
  readonly #incoming: string;
  readonly #kept: string;

  constructor(folder: string) {
    this.#incoming = join(folder, 'incoming');
    this.#kept = join(folder, 'objects');
    rmSync(this.#incoming, { recursive: true, force: true });
    mkdirSync(this.#incoming, { recursive: true });
    mkdirSync(this.#kept, { recursive: true });
  }

  /** Stores bytes under a new name. */
  async keep(bytes: Buffer): Promise<string> {
    const name = randomUUID();
    const incoming = join(this.#incoming, name);
    await this.#whole(incoming, () => writeFile(incoming, bytes));
    await rename(incoming, this.#path(name));
    return name;
  }

  /** Stores the blobs `names` one after the other under a new name; `see` is shown every byte. */
  async join(names: readonly string[], see: (bytes: Buffer) => void): Promise<string> {
    const joined = randomUUID();
    const incoming = join(this.#incoming, joined);
    const path = (name: string) => this.#path(name);
    await this.#whole(incoming, () =>
      pipeline(async function* () {
        for (const name of names) {
          for await (const bytes of createReadStream(path(name))) {
            see(bytes);
            yield bytes;
          }
        }
      }, createWriteStream(incoming)),
    );
    await rename(incoming, this.#path(joined));
    return joined;
  }

  /** The same bytes under a new name. At once, so that the caller's row still names the first. */
  double(name: string): string {
    const twin = randomUUID();
    this.link(name, this.#path(twin));
    return twin;
  }

  /** The same bytes at `path`, outside. At once, as above. */
  link(name: string, path: string): void {
    try {
      linkSync(this.#path(name), path);
    } catch {
      // A file system without hard links.
      try {
        copyFileSync(this.#path(name), path);
      } catch (error) {
        rmSync(path, { force: true });
        throw error;
      }
    }
  }

  /** Takes a complete file of the same file system under a new name. */
  async adopt(path: string): Promise<string> {
    const name = randomUUID();
    await rename(path, this.#path(name));
    return name;
  }

  /** Bytes `first` to `last`, both included. Opens at once: a later removal does not touch a reading in progress. */
  read(name: string, first: number, last: number): Readable {
    const fd = openSync(this.#path(name), 'r');
    try {
      return createReadStream('', { fd, start: first, end: last, autoClose: true });
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Removes blobs that no row names any more. */
  async discard(names: readonly string[]): Promise<void> {
    await Promise.all(names.map(name => rm(this.#path(name), { force: true })));
  }

  /** Removes every file but those `named`. */
  sweep(named: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#kept)) if (!named.has(name)) rmSync(this.#path(name), { force: true });
  }

  /** What could not be written whole must not keep the room that it wanted. */
  async #whole(incoming: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      await rm(incoming, { force: true });
      throw error;
    }
  }

  #path(name: string): string {
    return join(this.#kept, name);
  }
}
