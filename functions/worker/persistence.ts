/**
 * Repeats a call to another service while that is in trouble, after pauses that grow: what took a GPU minutes is not made
 * again because a service was away for some. The SDK has retried each call for a second or so before.
 */
import { logger, random } from '../runtime/runtime.ts';
import { rest } from './engines/waiting.ts';

/** 1 + 2 + 4 + ... + 32 s, then a minute each: eight minutes in all at most, while the heartbeats keep the job. */
export const PAUSES_MS = [
  1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000,
];

interface Surroundings {
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly warn: (message: string, fields: { what: string; tries: number; pauseMs: number; error: Error }) => void;
}

const USUAL: Surroundings = { pause: rest, warn: (message, fields) => logger.warn(message, fields) };

/** `what` is for the log. Rejects with the error that another try would meet again, with the last one, or with the signal's reason. */
export async function persistently<Result>(
  what: string,
  call: () => Promise<Result>,
  signal: AbortSignal,
  { pause, warn } = USUAL,
): Promise<Result> {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (error) {
      const longest = PAUSES_MS[tries];
      if (longest === undefined || !isPassing(error)) throw error;
      const pauseMs = jittered(longest);
      warn('tried again', { what, tries: tries + 1, pauseMs, error: error as Error });
      await pause(pauseMs, signal);
    }
  }
}

/** Half of it to all of it: workers that met the same trouble do not come back at the same moment. */
function jittered(ms: number): number {
  const [share = 0] = random(1);
  return Math.round(ms * (0.5 + share / 510));
}

/** Not reached, cut off, or told that the fault is the service's own. */
export function isPassing(error: unknown): boolean {
  const { $metadata, $fault, code, name } = error as {
    $metadata?: { httpStatusCode?: number };
    $fault?: string;
    code?: unknown;
    name?: unknown;
  };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500 || status === 429 || status === 408;
  return $fault === 'server' || name === 'TimeoutError' || (typeof code === 'string' && NETWORK.has(code));
}

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
