/** Has a text spoken by a process of its own, which gets no environment and is gone when the promise settles. */
import { runIsolated } from '../../media/isolated-process.ts';
import { MediaError } from '../../media/media-error.ts';

const TIMEOUT_MS = 30_000;
const MEMORY_MB = 256;

/** Writes the speech to `job.path`. Rejects with MediaError `crashed` or `timeout` when the process fails; no text makes it fail. */
export async function runSpeech(job: SpeechJob, timeoutMs = TIMEOUT_MS): Promise<Spoken> {
  const limits = { timeoutMs, maxMemoryMb: MEMORY_MB };
  const answer = await runIsolated<SpeechMessage>('speak', import.meta.url, job, limits);
  if (answer.type === 'spoken') return answer.spoken;
  throw new MediaError('crashed', `the text was not spoken: ${answer.message}`);
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
