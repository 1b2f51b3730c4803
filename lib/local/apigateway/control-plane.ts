/** API Gateway's control plane: keys, plans, usage and the API. More than 300 lines, as one table with the outputs that its rows share. */
import { z } from 'zod';
import { type Call, type Operation, operationsOn, type ServiceOptions, wordsFor } from '../protocols/operation.ts';
import { type RestOperation, route } from '../protocols/rest-json.ts';
import { AwsError } from '../service.ts';
import { stableId, type Throttle, type UsagePlan } from './api.ts';
import { type ApiKey, type ApiKeys, newKeyValue } from './api-keys.ts';
import { patchedPlan } from './patch-plan.ts';
import type { ResourceParts } from './resources.ts';
import { DAY_MS, dayOf } from './usage.ts';

/** One call may ask for the usage of so many days. */
const MOST_DAYS = 90;
const PAGE = { limit: z.coerce.number().int().min(1).default(25), position: z.string().default('') };
const KEY = { apiKey: z.string() };
const PLAN = { usagePlanId: z.string() };
const PLAN_KEY = { ...PLAN, keyId: z.string() };
const day = z
  .string()
  .refine(text => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)), 'it should be like 2026-11-22');
const flag = z.enum(['true', 'false']).default('false');
const patchOperations = z
  .array(z.strictObject({ op: z.string(), path: z.string(), value: z.string().default('') }))
  .default([]);

/** The permission is that of a method on a path. */
function at<Shape extends z.ZodRawShape>(
  called: string,
  shape: Shape,
  run: (input: z.output<z.ZodObject<Shape>>, call: Call<ResourceParts>) => unknown,
  status = 200,
): RestOperation<ResourceParts> {
  const [method = ''] = called.split(' ');
  const row: Operation<ResourceParts> = operationsOn<ResourceParts>()(
    shape,
    {
      resource: (_, { state, request }) => `arn:aws:apigateway:${state.context.region}::${request.path}`,
      action: `apigateway:${method}`,
    },
    run,
  );
  return route(called, row, { status });
}

export const invalidInput: ServiceOptions<ResourceParts>['invalidInput'] = problem => badRequest(wordsFor(problem));

export const OPERATIONS = {
  CreateApiKey: at(
    'POST /apikeys',
    {
      customerId: z.string().default(''),
      description: z.string().default(''),
      enabled: z.boolean().default(false),
      generateDistinctId: z.boolean().optional(),
      name: z.string().default(''),
      tags: z.record(z.string(), z.string()).default({}),
      value: z.string().optional(),
    },
    (input, { state: { keys, context } }) => {
      const value = input.value ?? newKeyValue();
      if (!/^[A-Za-z0-9_-]{20,128}$/.test(value)) {
        throw badRequest('API Key value should be at least 20 characters and at most 128');
      }
      const now = context.clock.now();
      const key: ApiKey = {
        // Of the value and the time: two keys never have one value.
        id: stableId(`${value} ${now}`),
        value,
        name: input.name,
        description: input.description,
        customerId: input.customerId,
        enabled: input.enabled,
        createdAt: now,
        updatedAt: now,
        tags: input.tags,
      };
      keys.create(key);
      return keyOutput(key, true);
    },
    201,
  ),

  GetApiKeys: at(
    'GET /apikeys',
    { ...PAGE, name: z.string().default(''), customerId: z.string().optional(), includeValues: flag },
    (input, { state: { keys } }) => {
      const { name, customerId } = input;
      const found = keys.list({
        ...span(input),
        name,
        ...(customerId !== undefined && { customerId }),
      });
      const { page, ...position } = pageOf(found, input);
      return { item: page.map(key => keyOutput(key, input.includeValues === 'true')), ...position };
    },
  ),

  GetApiKey: at('GET /apikeys/{apiKey}', { ...KEY, includeValue: flag }, (input, { state: { keys } }) =>
    keyOutput(existingKey(keys, input.apiKey), input.includeValue === 'true'),
  ),

  UpdateApiKey: at('PATCH /apikeys/{apiKey}', { ...KEY, patchOperations }, (input, { state: { keys, context } }) => {
    const before = existingKey(keys, input.apiKey);
    const patch = readPatch(input, ['/customerId', '/description', '/enabled', '/name']);
    const after: ApiKey = {
      ...before,
      name: patch.get('/name') ?? before.name,
      description: patch.get('/description') ?? before.description,
      customerId: patch.get('/customerId') ?? before.customerId,
      enabled: patch.has('/enabled') ? patch.get('/enabled') === 'true' : before.enabled,
      updatedAt: context.clock.now(),
    };
    keys.update(after);
    return keyOutput(after, false);
  }),

  DeleteApiKey: at(
    'DELETE /apikeys/{apiKey}',
    KEY,
    ({ apiKey }, { state: { keys } }) => keys.delete(existingKey(keys, apiKey).id),
    202,
  ),

  GetUsagePlans: at(
    'GET /usageplans',
    { ...PAGE, keyId: z.string().optional() },
    (input, { state: { plans, keys } }) => {
      const ofKey = input.keyId === undefined ? undefined : keys.plansOf(existingKey(keys, input.keyId).id);
      const found = [...plans.values()]
        .filter(({ id }) => id > input.position && (ofKey?.includes(id) ?? true))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const { page, ...position } = pageOf(found, input);
      return { item: page.map(planOutput), ...position };
    },
  ),

  GetUsagePlan: at('GET /usageplans/{usagePlanId}', PLAN, (input, { state: { plans } }) =>
    planOutput(existingPlan(plans, input.usagePlanId)),
  ),

  UpdateUsagePlan: at(
    'PATCH /usageplans/{usagePlanId}',
    { ...PLAN, patchOperations },
    (input, { state: { plans, patches } }) => {
      const after = patchedPlan(existingPlan(plans, input.usagePlanId), input.patchOperations);
      patches.keep(after);
      plans.set(after.id, after);
      return planOutput(after);
    },
  ),

  CreateUsagePlanKey: at(
    'POST /usageplans/{usagePlanId}/keys',
    { ...PLAN_KEY, keyType: z.string() },
    (input, { state: { plans, keys } }) => {
      const plan = existingPlan(plans, input.usagePlanId);
      if (input.keyType !== 'API_KEY') throw badRequest('Invalid usage plan key type');
      const key = existingKey(keys, input.keyId);
      const rivals = [...plans.values()].filter(other => other.id !== plan.id && shareStage(plan, other));
      keys.join(
        plan.id,
        key.id,
        rivals.map(({ id }) => id),
      );
      return planKeyOutput(key);
    },
    201,
  ),

  GetUsagePlanKeys: at(
    'GET /usageplans/{usagePlanId}/keys',
    { ...PLAN, ...PAGE, name: z.string().default('') },
    (input, { state: { plans, keys } }) => {
      const { id: planId } = existingPlan(plans, input.usagePlanId);
      const found = keys.list({ ...span(input), planId, name: input.name });
      const { page, ...position } = pageOf(found, input);
      return { item: page.map(planKeyOutput), ...position };
    },
  ),

  GetUsagePlanKey: at('GET /usageplans/{usagePlanId}/keys/{keyId}', PLAN_KEY, (input, { state: { plans, keys } }) => {
    const plan = existingPlan(plans, input.usagePlanId);
    const key = existingKey(keys, input.keyId);
    if (!keys.plansOf(key.id).includes(plan.id)) throw notFound('Invalid Usage Plan Key identifier specified');
    return planKeyOutput(key);
  }),

  DeleteUsagePlanKey: at(
    'DELETE /usageplans/{usagePlanId}/keys/{keyId}',
    PLAN_KEY,
    (input, { state: { plans, keys } }) => {
      const plan = existingPlan(plans, input.usagePlanId);
      if (keys.leave(plan.id, existingKey(keys, input.keyId).id)) return undefined;
      throw notFound('Invalid Usage Plan Key identifier specified');
    },
    202,
  ),

  GetUsage: at(
    'GET /usageplans/{usagePlanId}/usage',
    { ...PLAN, ...PAGE, keyId: z.string().optional(), startDate: day, endDate: day },
    (input, { state: { plans, keys, usage } }) => {
      const plan = existingPlan(plans, input.usagePlanId);
      const { startDate, endDate, keyId } = input;
      const days = (Date.parse(endDate) - Date.parse(startDate)) / DAY_MS;
      if (days < 0) throw badRequest('Usage start date must be before the end date');
      if (days > MOST_DAYS) throw badRequest(`Usage can only be retrieved for up to ${MOST_DAYS} days`);
      const used = usage.keysOf(plan.id, startDate, endDate);
      if (keyId !== undefined && !keys.find(keyId) && !used.includes(keyId)) {
        throw notFound('Invalid Key identifier specified');
      }
      const ids = keyId === undefined ? used : [keyId];
      const rest = ids.filter(id => id > input.position).map(id => ({ id }));
      const { page, ...position } = pageOf(rest, input);
      const values = Object.fromEntries(page.map(({ id }) => [id, usage.days(plan, id, startDate, endDate)]));
      return { usagePlanId: plan.id, startDate, endDate, values, ...position };
    },
  ),

  UpdateUsage: at(
    'PATCH /usageplans/{usagePlanId}/keys/{keyId}/usage',
    { ...PLAN_KEY, patchOperations },
    (input, { state: { plans, keys, usage, context } }) => {
      const plan = existingPlan(plans, input.usagePlanId);
      const key = existingKey(keys, input.keyId);
      if (!plan.quota) throw badRequest('Usage Plan does not have a quota');
      const given = readPatch(input, ['/remaining']).get('/remaining');
      const remaining = Number(given);
      if (given === undefined || given === '' || !Number.isInteger(remaining) || remaining < 0) {
        throw badRequest('Invalid remaining quota');
      }
      usage.grant(plan, key.id, remaining);
      const today = dayOf(context.clock.now());
      const values = { [key.id]: usage.days(plan, key.id, today, today) };
      return { usagePlanId: plan.id, startDate: today, endDate: today, values };
    },
  ),

  GetRestApis: at('GET /restapis', PAGE, (_, { state: { models } }) => {
    const item = models.all().flatMap(({ api }) => {
      if (!api) return [];
      const { id, name, description, binaryMediaTypes, keySource, rootId } = api;
      return [{ id, name, description, binaryMediaTypes, apiKeySource: keySource, rootResourceId: rootId }];
    });
    return { item };
  }),

  GetStages: at(
    'GET /restapis/{restApiId}/stages',
    { restApiId: z.string() },
    ({ restApiId }, { state: { models } }) => {
      const found = models.all().find(({ api }) => api?.id === restApiId);
      if (!found) throw notFound('Invalid API identifier specified');
      const { stage } = found;
      if (!stage) return { item: [] };
      const { name, deploymentId, description, variables, tracing, throttles } = stage;
      const methodSettings = Object.fromEntries([...throttles].map(settingOf));
      return {
        item: [{ stageName: name, deploymentId, description, variables, tracingEnabled: tracing, methodSettings }],
      };
    },
  ),
};

type Page = z.output<z.ZodObject<typeof PAGE>>;

/** Never more than 500 items of a page, and one more to see whether another page follows. */
function span({ limit, position }: Page): { after: string; limit: number } {
  return { after: position, limit: Math.min(limit, 500) + 1 };
}

/** One page of `items`, which must be one longer than the page where there is another. */
function pageOf<T extends { readonly id: string }>(
  items: readonly T[],
  { limit }: Page,
): { page: readonly T[]; position?: string } {
  const size = Math.min(limit, 500);
  const page = items.slice(0, size);
  const last = items.length > size ? page.at(-1) : undefined;
  return { page, ...(last && { position: last.id }) };
}

/** The `replace` operations of a patch, by path; throws BadRequestException for another one. */
function readPatch(
  { patchOperations: given }: { patchOperations: z.output<typeof patchOperations> },
  known: readonly string[],
): ReadonlyMap<string, string> {
  const wrong = given.find(({ op, path }) => op !== 'replace' || !known.includes(path));
  if (wrong) {
    const can = `the local cloud can replace ${known.join(', ')}`;
    throw badRequest(`Invalid patch operation: ${can}, not ${wrong.op} ${wrong.path}`);
  }
  return new Map(given.map(({ path, value }) => [path, value]));
}

/** Throws NotFoundException. */
function existingKey(keys: ApiKeys, id: string): ApiKey {
  const key = keys.find(id);
  if (!key) throw notFound('Invalid API Key identifier specified');
  return key;
}

/** Throws NotFoundException. */
function existingPlan(plans: ReadonlyMap<string, UsagePlan>, id: string): UsagePlan {
  const plan = plans.get(id);
  if (!plan) throw notFound('Invalid Usage Plan ID specified');
  return plan;
}

function shareStage(one: UsagePlan, other: UsagePlan): boolean {
  return one.stages.some(a => other.stages.some(b => a.apiId === b.apiId && a.stage === b.stage));
}

function keyOutput(key: ApiKey, withValue: boolean): Record<string, unknown> {
  const { id, name, description, customerId, enabled, createdAt, updatedAt, tags } = key;
  return {
    id,
    ...(withValue && { value: key.value }),
    name,
    ...(description !== '' && { description }),
    ...(customerId !== '' && { customerId }),
    enabled,
    createdDate: Math.floor(createdAt / 1000),
    lastUpdatedDate: Math.floor(updatedAt / 1000),
    stageKeys: [],
    tags,
  };
}

function planOutput({ id, name, description, stages, throttle, quota, tags }: UsagePlan): Record<string, unknown> {
  return {
    id,
    name,
    ...(description !== '' && { description }),
    apiStages: stages.map(({ apiId, stage, throttles }) => ({
      apiId,
      stage,
      ...(throttles.size > 0 && { throttle: Object.fromEntries([...throttles].map(planThrottleOutput)) }),
    })),
    ...(throttle && { throttle: throttleOutput(throttle) }),
    ...(quota && { quota }),
    tags,
  };
}

function planThrottleOutput([name, throttle]: readonly [string, Throttle]): [string, unknown] {
  const [method, path] = name.split(' ');
  return [`${path}/${method}`, throttleOutput(throttle)];
}

function throttleOutput({ rate, burst }: Throttle): Record<string, unknown> {
  return { rateLimit: rate, burstLimit: burst };
}

function planKeyOutput({ id, name, value }: ApiKey): Record<string, unknown> {
  return { id, type: 'API_KEY', name, value };
}

/** `* /*` is written `*\/*`; a path has its slashes as `~1`. */
function settingOf([key, { rate, burst }]: readonly [string, Throttle]): [string, unknown] {
  const [method, path = ''] = key.split(' ');
  const name = path === '/*' ? `*/${method}` : `${path.slice(1).replaceAll('/', '~1')}/${method}`;
  return [name, { throttlingRateLimit: rate, throttlingBurstLimit: burst }];
}

function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message, 400);
}

function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message, 404);
}
