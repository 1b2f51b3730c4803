/**
 * A process of its own for one job, as native code fed with strangers' bytes and software that must stay apart need it:
 * - it gets no environment, hence no credentials, and ends when this process ends (its IPC channel closes);
 * - it is killed outright, never asked;
 * - it sends one answer and ends by itself.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MediaError } from './media-error.ts';

/** Starts the entry `name` beside the module whose `import.meta.url` is `beside`, with whatever extension that has come to have. */
export function startIsolated(name: string, beside: string, maxMemoryMb: number): ChildProcess {
  const entry = fileURLToPath(new URL(`./${name}${extname(beside)}`, beside));
  // Where this process keeps what it compiled, no child compiles the same sources anew.
  const compiled = getCompileCacheDir();
  return fork(entry, [], {
    env: { ...(compiled !== undefined && { NODE_COMPILE_CACHE: compiled }) },
    execArgv: [`--max-old-space-size=${maxMemoryMb}`, '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
  });
}

export interface IsolatedLimits {
  readonly timeoutMs: number;
  readonly maxMemoryMb: number;
  readonly signal?: AbortSignal;
}

/** What the entry answers to `job`, both plain values. Rejects with MediaError `crashed`, `timeout` or `aborted`; the process is gone when it settles. */
export async function runIsolated<Answer>(
  name: string,
  beside: string,
  job: object,
  { timeoutMs, maxMemoryMb, signal }: IsolatedLimits,
): Promise<Answer> {
  if (signal?.aborted) throw new MediaError('aborted', 'aborted before it started');
  const child = startIsolated(name, beside, maxMemoryMb);
  return new Promise((resolve, reject) => {
    let answer: { readonly is: Answer } | undefined;
    let error: MediaError | undefined;
    const end = (code: 'timeout' | 'aborted', message: string): void => {
      error ??= new MediaError(code, message);
      child.kill('SIGKILL');
    };
    const abort = (): void => end('aborted', 'aborted by the caller');
    const deadline = setTimeout(() => end('timeout', `${name} was not done within ${timeoutMs} ms`), timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    const words = lastWords(child);
    child.on('message', (message: Answer) => {
      answer = { is: message };
    });
    child.on('error', cause => {
      error ??= new MediaError('crashed', cause.message, { cause });
    });
    child.on('close', (code, killedBy) => {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
      if (answer) resolve(answer.is);
      else
        reject(
          error ??
            new MediaError('crashed', `${name} ended with ${howItEnded(code, killedBy)}: ${words().slice(-500)}`),
        );
    });
    child.send(job);
  });
}

/** Characters of what a process wrote last that are kept for an error. */
const LAST_WORDS = 2_000;

/** What the process has written to its error output, from now on. */
export function lastWords(child: ChildProcess): () => string {
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LAST_WORDS);
  });
  return () => words.trim();
}

export function howItEnded(code: number | null, killedBy: NodeJS.Signals | null): string {
  return killedBy === null ? `exit code ${code}` : `signal ${killedBy}`;
}
