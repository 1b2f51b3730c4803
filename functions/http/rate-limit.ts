/**
 * `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers-11 (May 2026) writes them. Pure. The policy
 * is the plan's and is on every answer. What remains is said only where the answer knows it: nothing is read for it.
 */
import { PLANS, type PlanName } from '../catalogue/plans.ts';
import { REFUSALS, type Refusal, type RefusalKind } from '../catalogue/refusal.ts';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Empty for a plan that is not known. */
export function rateLimitPolicy(planName: string): Record<string, string> {
  const plan = PLANS[planName as PlanName];
  if (!plan) return {};
  const policies = [
    `"second";q=${plan.requestsPerSecond};w=1`,
    `"day";q=${plan.requestsPerDay};w=${DAY_SECONDS}`,
    `"videos";q=${plan.generationsPerDay};w=${DAY_SECONDS}`,
  ];
  return { 'ratelimit-policy': policies.join(', ') };
}

/** How many videos may still be started on this UTC day (`now` is epoch ms), and in how many seconds the count starts again. */
export function videosRemaining(remaining: number, now: number): Record<string, string> {
  const seconds = DAY_SECONDS - (Math.floor(now / 1000) % DAY_SECONDS);
  return { ratelimit: `"videos";r=${Math.max(0, remaining)};t=${seconds}` };
}

interface Waiting {
  readonly http: number;
  readonly retryAfter?: number | 'hour' | 'day';
}

/** `Retry-After` where sending the same call again after some time helps; `now` is epoch ms. */
export function retryAfter(refusal: Pick<Refusal, 'kind' | 'retryAfter'>, now: number): Record<string, string> {
  const seconds = refusal.retryAfter ?? secondsUntil(refusal.kind, Math.floor(now / 1000));
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

function secondsUntil(kind: RefusalKind, at: number): number | undefined {
  const { retryAfter: when }: Waiting = REFUSALS[kind];
  if (when === 'hour') return HOUR_SECONDS - (at % HOUR_SECONDS);
  return when === 'day' ? DAY_SECONDS - (at % DAY_SECONDS) : when;
}
