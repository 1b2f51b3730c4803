/**
 * API Gateway for REST APIs: the control plane for keys, plans and usage, and the data plane that serves the APIs on its
 * own port. Invariants: a request counts against a quota at most once, and only when nothing before refused it; what was
 * counted survives `kill -9`; a method reaches a function only by the permission that the template gives.
 */
import { restService } from '../protocols/rest-json.ts';
import type { CloudContext, Engine } from '../service.ts';
import type { UsagePlan } from './api.ts';
import { ApiKeys } from './api-keys.ts';
import { ApiModels } from './api-models.ts';
import { Authorizers } from './authorizer.ts';
import { invalidInput, OPERATIONS } from './control-plane.ts';
import { DataPlane } from './data-plane.ts';
import { TokenBuckets } from './metering.ts';
import { PlanPatches } from './patch-plan.ts';
import { apiGatewayResources } from './resources.ts';
import { Usage } from './usage.ts';

/** A line of the banner. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** Undefined for an answer that the gateway gives itself. */
  readonly functionName: string | undefined;
  /** The method's OperationName. */
  readonly description: string | undefined;
  readonly apiKeyRequired: boolean;
}

export interface ApiGatewayEngine extends Engine {
  /** Where the API answers, once the engine is started. */
  url(): string;
  routes(): Route[];
}

/** `port` 0 takes a free one. */
export function createApiGateway(context: CloudContext, options: { port: number }): ApiGatewayEngine {
  const models = new ApiModels();
  const plans = new Map<string, UsagePlan>();
  const keys = new ApiKeys(context.database);
  const usage = new Usage(context.database, context.clock);
  const parts = { context, models, keys, usage, plans, patches: new PlanPatches(context.database) };
  const dataPlane = new DataPlane({
    context,
    models,
    authorizers: new Authorizers(context),
    metering: { keys, usage, plans, buckets: new TokenBuckets(context.clock) },
  });
  return {
    services: [restService({ signingName: 'apigateway', operations: OPERATIONS, state: parts, invalidInput })],
    resources: apiGatewayResources(parts),
    url: () => dataPlane.url(),
    addresses: () => {
      // Others are found by their host.
      const { api, stage } = models.all()[0] ?? {};
      const inAws = `https://${api?.id}.execute-api.${context.region}.amazonaws.com/${stage?.name}`;
      return api && stage && dataPlane.isListening ? { [inAws]: dataPlane.url() } : {};
    },
    routes: () =>
      (models.all()[0]?.methods() ?? []).map(method => ({
        method: method.httpMethod,
        path: method.path,
        functionName: method.integration.kind === 'lambda' ? nameOf(method.integration.functionArn) : undefined,
        description: method.operationName,
        apiKeyRequired: method.apiKeyRequired,
      })),
    start: () => dataPlane.listen(options.port),
    stop: () => dataPlane.close(),
  };
}

function nameOf(functionArn: string): string {
  return functionArn.split(':function:')[1] ?? functionArn;
}
