import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A text file that grows to `largest` bytes and is then renamed to `<name>.1`, over the one before. Writes go straight
 * to the system, so that the last lines before a `kill -9` are there to read. Writing never throws: a log that cannot be
 * written, such as on a full disk, loses lines, and says how many once it can be written again.
 */
export class LogFile {
  readonly #path: string;
  readonly #largest: number;
  #descriptor: number | undefined;
  #size = 0;
  #closed = false;
  /** Writes that failed since the last that did not, and why. */
  #lost: { writes: number; why: string } | undefined;

  constructor(path: string, largest = 5 * 1024 * 1024) {
    this.#path = path;
    this.#largest = largest;
  }

  /** Does nothing after `close`. */
  write(text: string): void {
    if (this.#closed) return;
    try {
      if (this.#lost)
        this.#append(`\n${JSON.stringify({ at: new Date().toISOString(), event: 'log.lost', ...this.#lost })}\n`);
      this.#lost = undefined;
      this.#append(text);
    } catch (error) {
      this.#lost = {
        writes: (this.#lost?.writes ?? 0) + 1,
        why: error instanceof Error ? error.message : String(error),
      };
    }
  }

  close(): void {
    this.#closed = true;
    this.#release();
  }

  #append(text: string): void {
    if (this.#size > this.#largest) this.#rotate();
    this.#descriptor ??= this.#open();
    // The last of the room takes a part: the next write of the rest then says that there is none.
    for (let rest = Buffer.from(text); rest.length > 0; ) {
      const written = writeSync(this.#descriptor, rest);
      this.#size += written;
      rest = rest.subarray(written);
    }
  }

  #release(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true });
    const descriptor = openSync(this.#path, 'a');
    this.#size = fstatSync(descriptor).size;
    return descriptor;
  }

  #rotate(): void {
    this.#release();
    renameSync(this.#path, `${this.#path}.1`);
    this.#size = 0;
  }
}
