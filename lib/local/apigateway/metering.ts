/**
 * The usage plan's part of a request: which key, which plan, is there a token, is there quota left. Order and meaning as in
 * API Gateway: the plan's throttle (its method's own, where it has one), the quota, then the stage's.
 */
import type { Throttle, UsagePlan } from './api.ts';
import type { ApiKeys } from './api-keys.ts';
import { type Exchange, headerOf } from './exchange.ts';
import { Refusal } from './gateway-response.ts';
import type { TokenBuckets } from './throttle.ts';
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
