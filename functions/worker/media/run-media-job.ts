/**
 * Runs one media job in an isolated process: a crash, a hang or a memory bomb takes that only, and nothing outlives the call: when the
 * promise settles, the process is gone.
 */
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { howItEnded, lastWords, startIsolated } from './isolated-process.ts';
import type { MediaJob, MediaMessage, MediaResult } from './job.ts';
import { MediaError, type MediaErrorCode } from './media-error.ts';

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Gets the fraction of the clip that is made, 0 to 1. */
  readonly onProgress: (fraction: number) => void;
  readonly timeoutMs: number;
  /** Most resident memory of the child, in MiB. */
  readonly maxMemoryMb: number;
}

const WATCH_MS = 250;
const MIB = 2 ** 20;

/** Makes the clip. Rejects with a MediaError: `bad_image`, `timeout`, `crashed`, `out_of_memory` or `aborted`. */
export async function runMediaJob(job: MediaJob, options: RunOptions): Promise<MediaResult> {
  const { signal, timeoutMs, maxMemoryMb } = options;
  if (signal.aborted) throw new MediaError('aborted', 'aborted before it started');
  const child = startIsolated('media-process', import.meta.url, maxMemoryMb);
  const words = lastWords(child);
  return new Promise((resolve, reject) => {
    let verdict: { error: MediaError } | { result: MediaResult } | undefined;
    const end = (code: MediaErrorCode, message: string): void => {
      verdict ??= { error: new MediaError(code, message) };
      child.kill('SIGKILL');
    };
    const abort = (): void => end('aborted', 'aborted by the caller');
    const deadline = setTimeout(() => end('timeout', `not done within ${timeoutMs} ms`), timeoutMs);
    const checkMemory = (bytes: number): void => {
      if (bytes > maxMemoryMb * MIB) end('out_of_memory', `used more than ${maxMemoryMb} MiB`);
    };
    const watch = setInterval(() => void residentBytes(child).then(checkMemory), WATCH_MS);
    signal.addEventListener('abort', abort, { once: true });

    child.on('message', (message: MediaMessage) => {
      if (message.type === 'progress') {
        checkMemory(message.residentBytes);
        options.onProgress(message.fraction);
      } else if (message.type === 'done') {
        verdict ??= { result: message.result };
      } else {
        verdict ??= { error: new MediaError(message.code, message.message) };
      }
    });
    child.on('error', error => {
      verdict ??= { error: new MediaError('crashed', error.message, { cause: error }) };
    });
    child.on('close', (code, killedBy) => {
      clearTimeout(deadline);
      clearInterval(watch);
      signal.removeEventListener('abort', abort);
      if (verdict !== undefined && 'result' in verdict) return resolve(verdict.result);
      reject(verdict?.error ?? crashed(howItEnded(code, killedBy), words()));
    });
    child.send(job);
  });
}

function crashed(how: string, words: string): MediaError {
  const heap = /heap out of memory|Allocation failed/i.test(words);
  return new MediaError(
    heap ? 'out_of_memory' : 'crashed',
    `the media process ended with ${how}: ${words.slice(-500)}`,
  );
}

/** The child's resident memory as the kernel counts it: it is seen even while native code holds the child's thread. 0 where there is no /proc. */
async function residentBytes(child: ChildProcess): Promise<number> {
  try {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
