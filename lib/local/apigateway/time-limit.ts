/**
 * How long a client waits for an answer: the gateway gives up after 29 seconds, whether the authorizer or the integration
 * has taken them. What waits for an environment then waits no longer; what runs runs on, and is heard by nobody.
 */
import type { Clock } from '../clock.ts';
import { AwsError } from '../service.ts';
import type { Exchange } from './exchange.ts';
import { Refusal } from './gateway-response.ts';

const LONGEST_MS = 29_000;

export interface TimeLimit {
  /** Aborted when time is up, with the Refusal. */
  readonly signal: AbortSignal;
  /** The work's result; rejects with the Refusal where time is up first. */
  within<Result>(work: Promise<Result>): Promise<Result>;
  /** To be called when the answer is there. */
  cancel(): void;
}

/** `ownMs`: what the step itself may take at most. More than 29 seconds are for an integration that was given them. */
export function timeLimit({ since }: Pick<Exchange, 'since'>, clock: Clock, ownMs = LONGEST_MS): TimeLimit {
  const now = clock.now();
  const left = Math.max(LONGEST_MS, ownMs) - (now - (since ?? now));
  const controller = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting by then.
  late.catch(() => {});
  const cancel = clock.after(Math.max(0, Math.min(ownMs, left)), () => {
    const refusal = new Refusal('INTEGRATION_TIMEOUT');
    reject(refusal);
    controller.abort(refusal);
  });
  return { signal: controller.signal, within: work => Promise.race([work, late]), cancel };
}

/**
 * Whether more callers wait for functions than this machine will ever serve in time. In AWS, where the account has a
 * thousand environments, its own throttle answers such a flood before they are all taken.
 */
export function isOverload(error: unknown): boolean {
  return error instanceof AwsError && error.detail.Reason === 'ConcurrentInvocationLimitExceeded';
}
