/**
 * Usage plans as UpdateUsagePlan leaves them. What was patched stays over every start, as on AWS, until the template says
 * something else of the plan.
 */
import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../service.ts';
import type { PlanStage, Quota, Throttle, UsagePlan } from './api.ts';

export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value: string;
}

/** The plan after all of the operations; throws BadRequestException for one that is not known, and changes nothing. */
export function patchedPlan(plan: UsagePlan, operations: readonly PatchOperation[]): UsagePlan {
  const patched = operations.reduce(patch, plan);
  const { quota } = patched;
  if (quota && quota.offset > quota.limit) throw badRequest('Usage Plan quota offset must be less than its limit');
  return patched;
}

function patch(plan: UsagePlan, operation: PatchOperation): UsagePlan {
  const { op, path, value } = operation;
  const [, member = '', ...rest] = path.split('/');
  const sets = op === 'replace' || op === 'add';
  if (member === 'name' && op === 'replace' && rest.length === 0 && value !== '') return { ...plan, name: value };
  if (member === 'description' && rest.length === 0) return { ...plan, description: sets ? value : '' };
  if (member === 'throttle' && (sets || op === 'remove')) {
    return { ...plan, throttle: patchedThrottle(plan.throttle, operation, rest) };
  }
  if (member === 'quota')
    return { ...plan, quota: op === 'remove' ? undefined : patchedQuota(plan.quota, operation, rest) };
  if (member === 'apiStages') return { ...plan, stages: patchedStages(plan.stages, operation, rest) };
  throw unknown(operation);
}

/** `rest`: what of the path follows `throttle`. */
function patchedThrottle(
  before: Throttle | undefined,
  operation: PatchOperation,
  rest: readonly string[],
): Throttle | undefined {
  const [limit] = rest;
  if (operation.op === 'remove' && limit === undefined) return undefined;
  const number = operation.op === 'remove' ? undefined : amount(operation);
  const throttle = before ?? { rate: undefined, burst: undefined };
  if (rest.length === 1 && limit === 'rateLimit') return { ...throttle, rate: number };
  if (rest.length === 1 && limit === 'burstLimit') return { ...throttle, burst: number };
  throw unknown(operation);
}

function patchedQuota(before: Quota | undefined, operation: PatchOperation, rest: readonly string[]): Quota {
  const [member] = rest;
  const quota = before ?? { limit: 0, offset: 0, period: 'MONTH' as const };
  const { value } = operation;
  if (member === 'limit') return { ...quota, limit: amount(operation) };
  if (member === 'offset') return { ...quota, offset: amount(operation) };
  if (member === 'period' && (value === 'DAY' || value === 'WEEK' || value === 'MONTH'))
    return { ...quota, period: value };
  throw unknown(operation);
}

/** `/apiStages` with the value `api:stage`, or `/apiStages/<api:stage>/throttle/<path>/<method>` and one of its limits. */
function patchedStages(
  stages: readonly PlanStage[],
  operation: PatchOperation,
  rest: readonly string[],
): readonly PlanStage[] {
  const named = (name: string) => stages.find(({ apiId, stage }) => name === `${apiId}:${stage}`);
  const { op, value } = operation;
  if (rest.length === 0) {
    const [apiId = '', stage = ''] = value.split(':');
    const there = named(value);
    if (op === 'add' && !there && apiId && stage) return [...stages, { apiId, stage, throttles: new Map() }];
    if (op === 'remove' && there) return stages.filter(each => each !== there);
    if (op === 'add' && there) throw badRequest(`The stage ${value} is already in the usage plan`);
    if (op === 'remove') throw badRequest(`The stage ${value} is not in the usage plan`);
    throw unknown(operation);
  }
  const [name = '', word, ...method] = rest;
  const stage = named(name);
  if (!stage || word !== 'throttle') throw unknown(operation);
  const limit = ['rateLimit', 'burstLimit'].includes(method.at(-1) ?? '') ? method.slice(-1) : [];
  const [verb, ...path] = method.slice(0, method.length - limit.length).reverse();
  if (verb === undefined || path.length === 0) throw unknown(operation);
  const key = `${verb} ${path.reverse().join('/').replaceAll('~1', '/').replaceAll('~0', '~')}`;
  const throttles = new Map(stage.throttles);
  const throttle = patchedThrottle(throttles.get(key), operation, limit);
  if (throttle) throttles.set(key, throttle);
  else throttles.delete(key);
  return stages.map(each => (each === stage ? { ...each, throttles } : each));
}

function amount({ path, value }: PatchOperation): number {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (number >= 0 && Number.isFinite(number)) return number;
  throw badRequest(`Invalid value for ${path}: it should be a number of at least 0, not '${value}'`);
}

function unknown({ op, path }: PatchOperation): AwsError {
  return badRequest(`Invalid patch operation: the local cloud does not know how to ${op} ${path} of a usage plan`);
}

function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message, 400);
}

/** What was patched, by plan, beside a digest of the template's words at that time. */
export class PlanPatches {
  readonly #database: DatabaseSync;
  readonly #sources = new Map<string, string>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`CREATE TABLE IF NOT EXISTS apigateway_plan_patches
      (id TEXT PRIMARY KEY, source TEXT NOT NULL, plan TEXT NOT NULL) STRICT`);
  }

  forget(id: string): void {
    this.#sources.delete(id);
    this.#database.prepare('DELETE FROM apigateway_plan_patches WHERE id = ?').run(id);
  }

  /** The plan of the template, or what a patch has made of that same plan. */
  over(template: UsagePlan): UsagePlan {
    const source = createHash('sha256').update(written(template)).digest('hex');
    this.#sources.set(template.id, source);
    const row = this.#database.prepare('SELECT * FROM apigateway_plan_patches WHERE id = ?').get(template.id);
    return row?.source === source ? read(String(row.plan)) : template;
  }

  keep(plan: UsagePlan): void {
    const source = this.#sources.get(plan.id) ?? '';
    this.#database
      .prepare('INSERT OR REPLACE INTO apigateway_plan_patches VALUES (?, ?, ?)')
      .run(plan.id, source, written(plan));
  }
}

function written(plan: UsagePlan): string {
  return JSON.stringify({ ...plan, stages: plan.stages.map(each => ({ ...each, throttles: [...each.throttles] })) });
}

function read(text: string): UsagePlan {
  const { stages, throttle, quota, ...plan } = JSON.parse(text);
  return {
    ...plan,
    throttle,
    quota,
    stages: stages.map((each: { throttles: [string, Throttle][] }) => ({
      ...each,
      throttles: new Map(each.throttles),
    })),
  };
}
