import type { Throttle, UsagePlan } from './api.ts';
import { existingKey } from './api-key-operations.ts';
import type { ApiKey } from './api-keys.ts';
import type { Operation } from './control-plane.ts';
import { badRequest, notFound, pageOf, readBody, readPage } from './request-input.ts';

export const getUsagePlans: Operation = ({ plans, keys }, request) => {
  const page = readPage(request);
  const keyId = request.query.get('keyId');
  const ofKey = keyId === null ? undefined : keys.plansOf(existingKey(keys, keyId).id);
  const found = [...plans.values()]
    .filter(({ id }) => id > page.after && (ofKey?.includes(id) ?? true))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const { page: items, ...position } = pageOf(found, page);
  return { item: items.map(wirePlan), ...position };
};

export const getUsagePlan: Operation = ({ plans }, _, [planId]) => wirePlan(existingPlan(plans, planId));

export const createUsagePlanKey: Operation = ({ plans, keys }, request, [planId]) => {
  const plan = existingPlan(plans, planId);
  const { keyId, keyType } = readBody(request, ['keyId', 'keyType']);
  if (keyType !== 'API_KEY') throw badRequest('Invalid usage plan key type');
  const key = existingKey(keys, String(keyId));
  const rivals = [...plans.values()].filter(other => other.id !== plan.id && shareStage(plan, other));
  keys.join(
    plan.id,
    key.id,
    rivals.map(({ id }) => id),
  );
  return wireKey(key);
};

export const getUsagePlanKeys: Operation = ({ plans, keys }, request, [planId]) => {
  const page = readPage(request);
  const { id } = existingPlan(plans, planId);
  const name = request.query.get('name') ?? '';
  const found = keys.list({ after: page.after, limit: page.limit + 1, planId: id, name });
  const { page: items, ...position } = pageOf(found, page);
  return { item: items.map(wireKey), ...position };
};

export const getUsagePlanKey: Operation = ({ plans, keys }, _, [planId, keyId]) => {
  const plan = existingPlan(plans, planId);
  const key = existingKey(keys, keyId);
  if (!keys.plansOf(key.id).includes(plan.id)) throw notFound('Invalid Usage Plan Key identifier specified');
  return wireKey(key);
};

export const deleteUsagePlanKey: Operation = ({ plans, keys }, _, [planId, keyId]) => {
  const plan = existingPlan(plans, planId);
  if (!keys.leave(plan.id, existingKey(keys, keyId).id)) {
    throw notFound('Invalid Usage Plan Key identifier specified');
  }
};

/** Throws NotFoundException. */
export function existingPlan(plans: ReadonlyMap<string, UsagePlan>, id: string | undefined): UsagePlan {
  const plan = id === undefined ? undefined : plans.get(id);
  if (!plan) throw notFound('Invalid Usage Plan ID specified');
  return plan;
}

function shareStage(one: UsagePlan, other: UsagePlan): boolean {
  return one.stages.some(a => other.stages.some(b => a.apiId === b.apiId && a.stage === b.stage));
}

function wirePlan({ id, name, description, stages, throttle, quota, tags }: UsagePlan): Record<string, unknown> {
  return {
    id,
    name,
    ...(description === '' ? {} : { description }),
    apiStages: stages.map(({ apiId, stage, throttles }) => ({
      apiId,
      stage,
      ...(throttles.size > 0 ? { throttle: Object.fromEntries([...throttles].map(wirePlanThrottle)) } : {}),
    })),
    ...(throttle ? { throttle: wireThrottle(throttle) } : {}),
    ...(quota ? { quota } : {}),
    tags,
  };
}

function wirePlanThrottle([name, throttle]: readonly [string, Throttle]): [string, unknown] {
  const [method, path] = name.split(' ');
  return [`${path}/${method}`, wireThrottle(throttle)];
}

function wireThrottle({ rate, burst }: Throttle): Record<string, unknown> {
  return { rateLimit: rate, burstLimit: burst };
}

function wireKey({ id, name, value }: ApiKey): Record<string, unknown> {
  return { id, type: 'API_KEY', name, value };
}
