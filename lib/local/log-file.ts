import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A text file that grows to `largest` bytes and is then renamed to `<name>.1`, over the one before. Writes go straight
 * to the system, so that the last lines before a `kill -9` are there to read.
 */
export class LogFile {
  readonly #path: string;
  readonly #largest: number;
  #descriptor: number | undefined;
  #size = 0;
  #closed = false;

  constructor(path: string, largest = 5 * 1024 * 1024) {
    this.#path = path;
    this.#largest = largest;
  }

  /** Does nothing after `close`. */
  write(text: string): void {
    if (this.#closed) return;
    if (this.#size > this.#largest) this.#rotate();
    this.#descriptor ??= this.#open();
    this.#size += writeSync(this.#descriptor, text);
  }

  close(): void {
    this.#closed = true;
    this.#release();
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
