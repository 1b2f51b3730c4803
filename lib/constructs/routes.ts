import { AuthorizationType, type IAuthorizer, LambdaIntegration, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Route } from '../../functions/platform/route.ts';
import { acknowledge } from '../acknowledge.ts';

/**
 * Adds contracts' routes to the API, all answered by one function. Every route wants the authorizer, and those that keys
 * may call a usage plan's key: there is no other way to add one.
 */
export function addRoutes(
  api: RestApi,
  authorizer: IAuthorizer,
  answering: IFunction,
  routes: Readonly<Record<string, Route>>,
): void {
  for (const [operationName, { method, path, permission }] of Object.entries(routes)) {
    api.root.resourceForPath(path).addMethod(method, new LambdaIntegration(answering, { allowTestInvoke: false }), {
      operationName,
      authorizationType: AuthorizationType.CUSTOM,
      authorizer,
      // Where keys may call, the usage plan counts; what only people may call is below the stage's throttle alone.
      apiKeyRequired: permission !== undefined,
    });
  }
}

/** Adds pages that anybody may read with GET, by their paths; they say what is public, and hold nothing of anyone. */
export function addPublicPages(api: RestApi, answering: IFunction, paths: readonly string[]): void {
  for (const path of paths) {
    const page = api.root.resourceForPath(path);
    const method = page.addMethod('GET', new LambdaIntegration(answering, { allowTestInvoke: false }), {
      authorizationType: AuthorizationType.NONE,
      apiKeyRequired: false,
    });
    acknowledge(method, {
      'AwsSolutions-APIG4':
        'The reference of the API is for everybody, before they have a key: it is made of the code alone and reads nothing.',
    });
  }
}
