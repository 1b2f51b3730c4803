/**
 * Runs one media job in a process of its own. The decoders and encoders are native code fed with strangers' bytes, so:
 * - the child gets no environment, hence no credentials, and ends when this process ends (its IPC channel closes);
 * - a crash, a hang or a memory bomb takes the child only; it is killed outright, never asked;
 * - nothing outlives the call: when the promise settles, the child is gone.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { getCompileCacheDir } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
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
/** Lines of the child's last words kept for the error. */
const LAST_WORDS = 2_000;

/** Makes the clip. Rejects with a MediaError: `bad_image`, `timeout`, `crashed`, `out_of_memory` or `aborted`. */
export async function runMediaJob(job: MediaJob, options: RunOptions): Promise<MediaResult> {
  const { signal, timeoutMs, maxMemoryMb } = options;
  if (signal.aborted) throw new MediaError('aborted', 'aborted before it started');
  const child = start(maxMemoryMb);
  return new Promise((resolve, reject) => {
    let verdict: { error: MediaError } | { result: MediaResult } | undefined;
    let words = '';
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

    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-LAST_WORDS);
    });
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
      reject(verdict?.error ?? crashed(code, killedBy, words));
    });
    child.send(job);
  });
}

function start(maxMemoryMb: number): ChildProcess {
  // The entry beside this file, with whatever extension this file has come to have.
  const entry = new URL(`./media-process${extname(import.meta.url)}`, import.meta.url);
  // Where this process keeps what it compiled, no child compiles the same sources anew.
  const compiled = getCompileCacheDir();
  return fork(fileURLToPath(entry), [], {
    env: { ...(compiled !== undefined && { NODE_COMPILE_CACHE: compiled }) },
    execArgv: [`--max-old-space-size=${maxMemoryMb}`, '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
  });
}

function crashed(code: number | null, killedBy: NodeJS.Signals | null, words: string): MediaError {
  const heap = /heap out of memory|Allocation failed/i.test(words);
  const how = killedBy === null ? `exit code ${code}` : `signal ${killedBy}`;
  return new MediaError(
    heap ? 'out_of_memory' : 'crashed',
    `the media process ended with ${how}: ${words.trim().slice(-500)}`,
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
