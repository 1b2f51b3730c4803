/** Has a text spoken by a process of its own, which gets no environment and is gone when the promise settles. */
import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MediaError } from '../../media/media-error.ts';

const TIMEOUT_MS = 30_000;
const MEMORY_MB = 256;

/** Writes the speech to `job.path`. Rejects with MediaError `crashed` or `timeout` when the process fails; no text makes it fail. */
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
      if (late) return reject(new MediaError('timeout', `nothing was said within ${timeoutMs} ms`));
      const why = answer?.message ?? `it ended with ${signal ?? `code ${code}`}`;
      reject(new MediaError('crashed', `the speech process failed: ${why}`));
    });
    child.send(job);
  });
}

// What the speech process is asked and what it answers. Plain values: both cross a process boundary as JSON.

export interface SpeechJob {
  readonly text: string;
  /** A language of espeak-ng: `en-us`, `cmn`. */
  readonly tongue: string;
  /** A variant of espeak-ng, empty for none. */
  readonly throat: string;
  /** 0 to 99. */
  readonly pitch: number;
  /** Words a minute. */
  readonly pace: number;
  /** Seconds that the speech must not exceed: it is spoken faster until it fits, as far as anybody could follow. */
  readonly fitSeconds?: number;
  /** Where the WAV file is written. */
  readonly path: string;
}

export interface Spoken {
  /** Mono, 16 bits, 22,050 Hz. */
  readonly path: string;
  readonly seconds: number;
  /** What is said, in IPA: sounds parted by `_`, words by spaces, clauses by line ends. */
  readonly phonemes: string;
}

export type SpeechMessage =
  | { readonly type: 'spoken'; readonly spoken: Spoken }
  | { readonly type: 'failed'; readonly message: string };

/** Characters of a text that are spoken; the API's own limit is below it. */
export const MOST_CHARACTERS = 1_000;

/**
 * The text as it may be handed to espeak-ng: well-formed, without control characters (espeak takes some of them for commands)
 * and without `[[`, which would begin raw phonemes.
 */
export function speakable(text: string): string {
  const plain = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, ' ')
    .replace(/\[{2,}/g, '[')
    .trim();
  return [...plain].slice(0, MOST_CHARACTERS).join('');
}
