/** Sinks for the export of a day: a folder of files, or memory. */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OpenSink } from '../../functions/finance/files.ts';

export function inFolder(folder: string): OpenSink {
  return key => {
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'w');
    return {
      write: async bytes => {
        writeSync(file, bytes);
      },
      close: async () => {
        closeSync(file);
        return '';
      },
      abort: async () => {
        closeSync(file);
        rmSync(path);
      },
    };
  };
}

export function inMemory(kept: Map<string, Buffer>): OpenSink {
  return key => {
    const chunks: Uint8Array[] = [];
    return {
      write: async bytes => {
        chunks.push(bytes);
      },
      close: async () => {
        kept.set(key, Buffer.concat(chunks));
        return '';
      },
      abort: async () => {},
    };
  };
}
