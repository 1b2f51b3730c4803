import {
  AuthorizationType,
  LambdaIntegration,
  RequestAuthorizer,
  type RequestAuthorizerProps,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Route } from '../../functions/http/route.ts';
import { acknowledge } from '../acknowledge.ts';
import { grantUses, table } from './use.ts';

/** One permission for a function on all its routes: one for each would take a fifth of the 500 resources that a stack may have. */
const ONE_PERMISSION = { scopePermissionToMethod: false };

/** The one way in: who calls is decided by the authorizer, and what they do is written to the audit table. */
export class Door extends RequestAuthorizer {
  readonly #audit: TableV2;
  readonly #recording = new Set<LambdaFunction>();

  constructor(scope: Construct, id: string, { audit, ...props }: RequestAuthorizerProps & { audit: TableV2 }) {
    super(scope, id, props);
    this.#audit = audit;
  }

  /** Lets the function write to the audit trail; once, however many routes it answers. */
  record(by: LambdaFunction): void {
    if (this.#recording.has(by) || !by.role) return;
    this.#recording.add(by);
    const uses = grantUses(by.role, { AUDIT_TABLE: table(this.#audit, ['PutItem']) });
    for (const [name, value] of Object.entries(uses)) by.addEnvironment(name, value);
  }
}

/**
 * Adds contracts' routes to the API, all answered by one function. Every route wants the authorizer, and those that keys
 * may call a usage plan's key: there is no other way to add one.
 */
export function addRoutes(
  api: RestApi,
  authorizer: Door,
  answering: LambdaFunction,
  routes: Readonly<Record<string, Route>>,
): void {
  authorizer.record(answering);
  for (const [operationName, { method, path, permission, metered = true }] of Object.entries(routes)) {
    api.root.resourceForPath(path).addMethod(method, new LambdaIntegration(answering, ONE_PERMISSION), {
      operationName,
      authorizationType: AuthorizationType.CUSTOM,
      authorizer,
      // Where keys may call, the usage plan counts; what only people may call is below the stage's throttle alone.
      apiKeyRequired: permission !== undefined && metered,
    });
  }
}

/** Adds pages that anybody may read with GET, by their paths; they say what is public, and hold nothing of anyone. */
export function addPublicPages(api: RestApi, answering: LambdaFunction, paths: readonly string[]): void {
  for (const path of paths) {
    const page = api.root.resourceForPath(path);
    const method = page.addMethod('GET', new LambdaIntegration(answering, ONE_PERMISSION), {
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
export function addSignedRoute(api: RestApi, answering: LambdaFunction, path: string, why: string): void {
  const method = api.root.resourceForPath(path).addMethod('POST', new LambdaIntegration(answering, ONE_PERMISSION), {
    authorizationType: AuthorizationType.NONE,
    apiKeyRequired: false,
  });
  acknowledge(method, { 'AwsSolutions-APIG4': why });
}
