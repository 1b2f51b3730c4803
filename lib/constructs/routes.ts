/** The routes of the contracts as methods of the API, and the functions that respond to them: one loop. */
import { Duration } from 'aws-cdk-lib';
import {
  AuthorizationType,
  type IAuthorizer,
  LambdaIntegration,
  type LambdaIntegrationOptions,
  ResponseTransferMode,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Entry, Family } from '../../functions/http/route.ts';
import { acknowledge } from '../acknowledge.ts';
import { originsOf, type Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { type Resources, resolveUses } from './resources.ts';

/** One permission for a function on all its routes: one for each would take a fifth of the 500 resources that a stack may have. */
const ONE_PERMISSION = { scopePermissionToMethod: false };

/** Within the 29 seconds after which API Gateway stops waiting. */
export const API_TIMEOUT = Duration.seconds(28);

/**
 * Adds every route of the families to the API: every one wants the authorizer, and those that keys may call a usage
 * plan's key. `scopeOf` says in which stack a family's functions stand. Answers the functions by their entries.
 */
export function addRoutes(
  api: RestApi,
  families: readonly Family[],
  options: {
    readonly stage: Stage;
    readonly authorizer: IAuthorizer;
    readonly resources: Resources;
    readonly scopeOf: (family: Family) => Construct;
  },
): ReadonlyMap<Entry, LambdaFunction> {
  const { stage, authorizer, resources } = options;
  const bySource = new Map<string, LambdaFunction>();
  const functions = new Map<Entry, LambdaFunction>();
  for (const family of families) {
    for (const [operationName, { entry, method, path, permission, metered = true }] of Object.entries(family.routes)) {
      const responding = bySource.get(entry.source) ?? functionOf(options.scopeOf(family), entry, stage, resources);
      bySource.set(entry.source, responding);
      functions.set(entry, responding);
      api.root.resourceForPath(path).addMethod(method, new LambdaIntegration(responding, integrationOf(entry)), {
        operationName,
        authorizationType: AuthorizationType.CUSTOM,
        authorizer,
        // Where keys may call, the usage plan counts; what only people may call is below the stage's throttle alone.
        apiKeyRequired: permission !== undefined && metered,
      });
    }
  }
  return functions;
}

/** A response that is streamed may last as long as its function; every other is waited for, and then sent whole. */
function integrationOf({ streams }: Entry): LambdaIntegrationOptions {
  if (!streams) return ONE_PERMISSION;
  return {
    ...ONE_PERMISSION,
    responseTransferMode: ResponseTransferMode.STREAM,
    timeout: Duration.seconds(streams.seconds),
  };
}

/** The function of an entry. What callers do is recorded, whatever they do: each writes to the audit trail. */
function functionOf(scope: Construct, entry: Entry, stage: Stage, resources: Resources): LambdaFunction {
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

/**
 * Lets browsers ask whether a page may call these paths, as they do without a key before any call that is not a plain
 * one. Not by mock answers: those know a single origin, or need templates that compare.
 */
export function addPreflights(api: RestApi, responding: LambdaFunction, paths: readonly string[]): void {
  for (const path of paths) {
    const method = api.root
      .resourceForPath(path)
      .addMethod('OPTIONS', new LambdaIntegration(responding, ONE_PERMISSION), {
        authorizationType: AuthorizationType.NONE,
        apiKeyRequired: false,
      });
    acknowledge(method, {
      'AwsSolutions-APIG4':
        'A browser asks this before it sends a key: the answer names methods and origins, and nothing else.',
    });
  }
}

/** Adds pages that anybody may read with GET, by their paths; they say what is public, and hold nothing of anyone. */
export function addPublicPages(api: RestApi, responding: LambdaFunction, paths: readonly string[]): void {
  for (const path of paths) {
    const page = api.root.resourceForPath(path);
    const method = page.addMethod('GET', new LambdaIntegration(responding, ONE_PERMISSION), {
      authorizationType: AuthorizationType.NONE,
      apiKeyRequired: false,
    });
    acknowledge(method, {
      'AwsSolutions-APIG4':
        'The reference of the API is for everybody, before they have a key: it is made of the code alone and reads nothing.',
    });
  }
}

/** Adds a POST that its sender signs, instead of a caller of the API who has a key or a token; `why` is for the audit of the template. */
export function addSignedRoute(api: RestApi, responding: LambdaFunction, path: string, why: string): void {
  const method = api.root.resourceForPath(path).addMethod('POST', new LambdaIntegration(responding, ONE_PERMISSION), {
    authorizationType: AuthorizationType.NONE,
    apiKeyRequired: false,
  });
  acknowledge(method, { 'AwsSolutions-APIG4': why });
}
