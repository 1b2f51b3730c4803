/**
 * The usage plan's part of a request: which key, which plan, is there a token, is there quota left. Order and meaning as in
 * API Gateway: the plan's throttle (its method's own, where it has one), the quota, then the stage's.
 */
import type { Clock } from '../clock.ts';
import type { Throttle, UsagePlan } from './api.ts';
import type { ApiKeys } from './api-keys.ts';
import { type Exchange, headerOf } from './exchange.ts';
import { Refusal } from './gateway-response.ts';
import type { Usage } from './usage.ts';

export interface MeteringParts {
  readonly keys: ApiKeys;
  readonly usage: Usage;
  readonly plans: ReadonlyMap<string, UsagePlan>;
  readonly buckets: TokenBuckets;
}

/** Throws a Refusal: INVALID_API_KEY, THROTTLED or QUOTA_EXCEEDED. */
export function meter(exchange: Exchange, { keys, usage, plans, buckets }: MeteringParts): void {
  const { route, stage, api } = exchange;
  if (!route) return;
  const name = `${exchange.httpMethod} ${route.resourcePath}`;
  if (route.method.apiKeyRequired) {
    const value =
      api.keySource === 'AUTHORIZER' ? exchange.caller?.usageIdentifierKey : headerOf(exchange, 'x-api-key');
    const key = value ? keys.byValue(value) : undefined;
    const found = key?.enabled ? planOf(keys.plansOf(key.id), plans, exchange) : undefined;
    if (!key || !found) throw new Refusal('INVALID_API_KEY');
    exchange.apiKey = { id: key.id, value: key.value };
    const { plan, stage: planStage } = found;
    const own = throttleFor(planStage.throttles, name);
    const throttle = own ?? plan.throttle;
    const bucket = `plan ${plan.id} ${key.id} ${own ? name : ''}`;
    if (throttle && !buckets.take(bucket, throttle)) throw new Refusal('THROTTLED');
    if (!usage.count(plan, key.id)) throw new Refusal('QUOTA_EXCEEDED');
  }
  const throttle = throttleFor(stage.throttles, name);
  if (throttle && !buckets.take(`stage ${name}`, throttle)) throw new Refusal('THROTTLED');
}

function planOf(ids: readonly string[], plans: ReadonlyMap<string, UsagePlan>, { api, stage }: Exchange) {
  for (const id of ids) {
    const plan = plans.get(id);
    const found = plan?.stages.find(each => each.apiId === api.id && each.stage === stage.name);
    if (plan && found) return { plan, stage: found };
  }
  return undefined;
}

/** The most particular of `METHOD /path`, `* /path`, `METHOD /*` and `* /*`. */
function throttleFor(throttles: ReadonlyMap<string, Throttle>, name: string): Throttle | undefined {
  const [method = '', path = ''] = name.split(' ');
  for (const key of [name, `* ${path}`, `${method} /*`, '* /*']) {
    const throttle = throttles.get(key);
    if (throttle) return throttle;
  }
  return undefined;
}

/** What an account has where a throttle leaves one of the two out. */
const ACCOUNT = { rate: 10_000, burst: 5_000 };

/** Beyond so many buckets those that are full again are dropped: a full one and none are the same. */
const SWEEP_AT = 10_000;

interface Bucket {
  tokens: number;
  at: number;
  readonly throttle: Throttle;
}

/** Token buckets by name: each holds at most `burst`, and gains `rate` a second. */
export class TokenBuckets {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one token; false where there is none. */
  take(name: string, throttle: Throttle): boolean {
    const { rate = ACCOUNT.rate, burst = ACCOUNT.burst } = throttle;
    const now = this.#clock.now();
    if (this.#buckets.size > SWEEP_AT) this.#sweep(now);
    const bucket = this.#buckets.get(name) ?? { tokens: burst, at: now, throttle };
    this.#buckets.set(name, bucket);
    const gained = (Math.max(0, now - bucket.at) / 1000) * rate;
    bucket.tokens = Math.min(burst, bucket.tokens + gained);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #sweep(now: number): void {
    for (const [name, { tokens, at, throttle }] of this.#buckets) {
      const { rate = ACCOUNT.rate, burst = ACCOUNT.burst } = throttle;
      if (tokens + ((now - at) / 1000) * rate >= burst) this.#buckets.delete(name);
    }
  }
}
