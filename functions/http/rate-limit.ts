/**
 * `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers-11 (May 2026) writes them. Pure. The policy
 * is the plan's and is on every answer. What remains is said only where the answer knows it: nothing is read for it.
 */
import { PLANS, type PlanName } from '../catalogue/plans.ts';

const DAY_SECONDS = 24 * 3600;

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
