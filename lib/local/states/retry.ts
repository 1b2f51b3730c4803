/** Which error a retrier or a catcher takes, and when the next attempt is. Pure. */
import { ERROR } from './failure.ts';
import type { Catcher, Retrier } from './state-schema.ts';

/** No handler takes it, by any name: the execution fails. */
const FATAL: readonly string[] = [ERROR.runtime];
/** A wildcard does not take it; its own name does. */
const BY_NAME_ALONE: readonly string[] = [ERROR.dataLimitExceeded];
const TIMEOUTS: readonly string[] = [ERROR.timeout, ERROR.heartbeatTimeout];

/** Whether `error` is one of `names`, by Step Functions' rules for its wildcards and its timeouts. */
export function errorMatches(names: readonly string[], error: string): boolean {
  if (FATAL.includes(error)) return false;
  if (names.includes(error)) return true;
  if (BY_NAME_ALONE.includes(error)) return false;
  if (names.includes(ERROR.all)) return true;
  if (TIMEOUTS.includes(error)) return error === ERROR.heartbeatTimeout && names.includes(ERROR.timeout);
  return names.includes(ERROR.taskFailed);
}

/**
 * Seconds before attempt number `retry` + 1 (`retry` counts from 0): IntervalSeconds x BackoffRate ^ retry, at most
 * MaxDelaySeconds; with full jitter, anything from 0 to that. `random` answers a number in [0, 1).
 */
export function retryDelay(retrier: Retrier, retry: number, random: () => number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
  // The longest wait that Step Functions has, so that a large power stays a date.
  const delay = Math.min(IntervalSeconds * BackoffRate ** retry, MaxDelaySeconds, 99_999_999);
  return retrier.JitterStrategy === 'FULL' ? delay * random() : delay;
}

export interface Retry {
  readonly delaySeconds: number;
  /** How often each retrier of the state has been used, this time included. */
  readonly used: readonly number[];
}

/**
 * The retry that `error` is given, or undefined where none is left. Only the first retrier that matches counts: once it
 * is used up, the error goes to Catch.
 */
export function decideRetry(
  retriers: readonly Retrier[],
  used: readonly number[],
  error: string,
  random: () => number,
): Retry | undefined {
  const index = retriers.findIndex(({ ErrorEquals }) => errorMatches(ErrorEquals, error));
  const retrier = retriers[index];
  const before = used[index] ?? 0;
  if (!retrier || before >= (retrier.MaxAttempts ?? 3)) return undefined;
  return {
    delaySeconds: retryDelay(retrier, before, random),
    used: retriers.map((_, i) => (used[i] ?? 0) + (i === index ? 1 : 0)),
  };
}

/** The first catcher that takes `error`. */
export function decideCatch(catchers: readonly Catcher[], error: string): Catcher | undefined {
  return catchers.find(({ ErrorEquals }) => errorMatches(ErrorEquals, error));
}
