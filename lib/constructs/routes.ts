/** The routes of the contracts as operations of the API, and the functions that respond to them: one loop. */
import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Entry, Family } from '../../functions/http/route.ts';
import { originsOf, type Stage } from '../stage.ts';
import type { Operation } from './api-definition.ts';
import { functionFor } from './function.ts';
import { type Resources, resolveUses } from './resources.ts';

/** Within the 29 seconds after which API Gateway stops waiting. */
export const API_TIMEOUT = Duration.seconds(28);

/**
 * Every route of the families: each wants the authorizer, and those that keys may call a usage plan's key. The functions
 * stand in the stack of the API, which so refers to none of another stack: any can be renamed or removed.
 */
export function makeRoutes(
  scope: Construct,
  families: readonly Family[],
  context: { readonly stage: Stage; readonly resources: Resources },
): { readonly operations: readonly Operation[]; readonly functions: ReadonlyMap<Entry, LambdaFunction> } {
  const bySource = new Map<string, LambdaFunction>();
  const functions = new Map<Entry, LambdaFunction>();
  const operations: Operation[] = [];
  for (const { routes } of families) {
    for (const [name, { entry, method, path, permission, metered = true }] of Object.entries(routes)) {
      const responding = bySource.get(entry.source) ?? functionOf(scope, entry, context);
      bySource.set(entry.source, responding);
      functions.set(entry, responding);
      // Where keys may call, the usage plan counts; what only people may call is below the stage's throttle alone.
      const guard = permission !== undefined && metered ? 'metered' : 'authorized';
      const { streams } = entry;
      // A response that is streamed may last as long as its function; every other is waited for, and then sent whole.
      operations.push({ name, method, path, responding, guard, ...(streams && { streams }) });
    }
  }
  return { operations, functions };
}

/** The function of an entry. What callers do is recorded, whatever they do: each writes to the audit trail. */
function functionOf(
  scope: Construct,
  entry: Entry,
  { stage, resources }: { readonly stage: Stage; readonly resources: Resources },
): LambdaFunction {
  const { source, memory, settings = [], streams } = entry;
  const audit = [...new Set([...(entry.uses.audit ?? []), 'PutItem' as const])];
  const resolved = resolveUses({ ...entry.uses, audit }, settings, resources, { stage, scope });
  return functionFor(scope, source, stage, {
    timeout: streams ? Duration.seconds(streams.seconds) : API_TIMEOUT,
    ...(memory && { memory }),
    ...resolved,
    settings: { ...resolved.settings, ...answerSettings(stage) },
  });
}

/** What every function that answers callers must know: which pages may call, and where people write to for help. */
export function answerSettings(stage: Stage): Record<string, string> {
  return { CORS_ORIGINS: originsOf(stage).join(','), SUPPORT: stage.support };
}

/** Pages that anybody may read with GET, by their paths: before they have a key. They hold nothing of anyone. */
export function publicPages(responding: LambdaFunction, paths: readonly string[]): Operation[] {
  return paths.map(path => ({ method: 'GET', path, responding, guard: 'open' }));
}

/**
 * Lets browsers ask whether a page may call these paths, as they do without a key before any call that is not a plain
 * one. Not by mock answers: those know a single origin, or need templates that compare.
 */
export function preflights(responding: LambdaFunction, paths: Iterable<string>): Operation[] {
  return [...paths].map(path => ({ method: 'OPTIONS', path, responding, guard: 'open' }));
}
