/** Has a text spoken by a process of its own, which gets no environment and is gone when the promise settles. */
import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StudioError } from '../job.ts';
import type { SpeechJob, SpeechMessage, Spoken } from './speech.ts';

const TIMEOUT_MS = 30_000;
const MEMORY_MB = 256;

/** Writes the speech to `job.path`. Rejects with StudioError `crashed` or `timeout` when the process fails; no text makes it fail. */
export function runSpeech(job: SpeechJob, timeoutMs = TIMEOUT_MS): Promise<Spoken> {
  // The entry beside this file, with whatever extension this file has come to have.
  const entry = fileURLToPath(new URL(`./speak${extname(import.meta.url)}`, import.meta.url));
  const child = fork(entry, [], {
    env: {},
    execArgv: [`--max-old-space-size=${MEMORY_MB}`, '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'json',
  });
  return new Promise((resolve, reject) => {
    let answer: SpeechMessage | undefined;
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.on('message', (message: SpeechMessage) => {
      answer = message;
    });
    child.on('error', error => {
      answer ??= { type: 'failed', message: error.message };
    });
    child.on('close', (code, signal) => {
      clearTimeout(deadline);
      if (answer?.type === 'spoken') return resolve(answer.spoken);
      if (late) return reject(new StudioError('timeout', `nothing was said within ${timeoutMs} ms`));
      const why = answer?.message ?? `it ended with ${signal ?? `code ${code}`}`;
      reject(new StudioError('crashed', `the speech process failed: ${why}`));
    });
    child.send(job);
  });
}
