/**
 * The caller's image as the engines take it: a part of the form. They decode what they are sent as it lies in the file, on its side
 * and with black where it is transparent, so a process of its own makes a PNG of it first, upright and opaque as the preview shows it.
 */
import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MediaError } from '../media/media-error.ts';
import type { EngineImage } from './engine-client.ts';

const TIMEOUT_MS = 60_000;
const MEMORY_MB = 512;

/** What the process is asked and what it answers. Plain values: both cross a process boundary as JSON. */
export interface UprightJob {
  readonly path: string;
  /** Where the PNG is written. */
  readonly to: string;
}
export type UprightMessage =
  | { readonly type: 'written' }
  | { readonly type: 'failed'; readonly code: 'bad_image' | 'crashed'; readonly message: string };

/** The image at `path`, by way of `folder`. Rejects with MediaError: `bad_image`, `crashed`, `timeout` or `aborted`. */
export async function readImage(path: string, folder: string, signal: AbortSignal): Promise<EngineImage> {
  const to = join(folder, 'input.png');
  await makeUpright({ path, to }, signal);
  return { bytes: new Uint8Array(await readFile(to)), type: 'image/png' };
}

function makeUpright(job: UprightJob, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(new MediaError('aborted', 'aborted before it started'));
  // The entry beside this file, with whatever extension this file has come to have.
  const entry = fileURLToPath(new URL(`./upright-process${extname(import.meta.url)}`, import.meta.url));
  const child = fork(entry, [], {
    env: {},
    execArgv: [`--max-old-space-size=${MEMORY_MB}`, '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'json',
  });
  return new Promise((resolve, reject) => {
    let answer: UprightMessage | undefined;
    let error: MediaError | undefined;
    const end = (code: 'timeout' | 'aborted', message: string): void => {
      error ??= new MediaError(code, message);
      child.kill('SIGKILL');
    };
    const abort = (): void => end('aborted', 'aborted by the caller');
    const deadline = setTimeout(() => end('timeout', `the image was not read within ${TIMEOUT_MS} ms`), TIMEOUT_MS);
    signal.addEventListener('abort', abort, { once: true });
    child.on('message', (message: UprightMessage) => {
      answer = message;
    });
    child.on('error', cause => {
      error ??= new MediaError('crashed', cause.message, { cause });
    });
    child.on('close', (code, killedBy) => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', abort);
      if (answer?.type === 'written') return resolve();
      const how = killedBy === null ? `exit code ${code}` : `signal ${killedBy}`;
      reject(
        answer
          ? new MediaError(answer.code, answer.message)
          : (error ?? new MediaError('crashed', `the image process ended with ${how}`)),
      );
    });
    child.send(job);
  });
}

/** Adds the image to a form. The file's name is ours: SGLang makes a path of it. */
export function attach(form: FormData, { bytes, type }: EngineImage): void {
  form.set('input_reference', new Blob([bytes], { type }), 'input.png');
}
