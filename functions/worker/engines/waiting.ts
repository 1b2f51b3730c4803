/** Time as an engine's job sees it: an end that comes whatever happens, pauses that end with it, and retryWindow. */
import { setTimeout as pause } from 'node:timers/promises';
import { EngineError } from './engine-error.ts';

export interface PollPace {
  /** Milliseconds before the first look; each further one waits half as long again. */
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface Deadline {
  /** Aborts with an EngineError at the deadline, and when the caller gives up. */
  readonly signal: AbortSignal;
  /** Aborts at the deadline alone. */
  readonly timeUp: AbortSignal;
  /** Frees the timer. */
  end(): void;
}

/** Everything about one job ends `ms` from now, or when `caller` aborts. */
export function deadlineIn(ms: number, caller: AbortSignal, what: string): Deadline {
  const either = new AbortController();
  const timeUp = new AbortController();
  const onAbort = (): void =>
    either.abort(new EngineError('aborted', `${what} was given up`, { retryable: false, cause: caller.reason }));
  const timer = setTimeout(() => {
    const late = new EngineError('engine_timeout', `${what} was not done in ${ms} ms`, { retryable: true });
    timeUp.abort(late);
    either.abort(late);
  }, ms);
  if (caller.aborted) onAbort();
  else caller.addEventListener('abort', onAbort, { once: true });
  return {
    signal: either.signal,
    timeUp: timeUp.signal,
    end: () => {
      clearTimeout(timer);
      caller.removeEventListener('abort', onAbort);
    },
  };
}

/** Rests; rejects with the signal's reason. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
}

/** How long one thing may go wrong in a row before it is an error. */
export class RetryWindow {
  private readonly ms: number;
  private since: number | undefined;

  constructor(ms: number) {
    this.ms = ms;
  }

  /** Throws the error where this has gone on for too long. */
  test(error: EngineError): void {
    this.since ??= performance.now();
    if (performance.now() - this.since >= this.ms) throw error;
  }

  restore(): void {
    this.since = undefined;
  }
}
