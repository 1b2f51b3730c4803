import { AuthorizationType, type IAuthorizer, LambdaIntegration, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Route } from '../../functions/platform/route.ts';

/**
 * Adds contracts' routes to the API, all answered by one function. Every route wants the authorizer and a usage plan's
 * key: there is no other way to add one.
 */
export function addRoutes(
  api: RestApi,
  authorizer: IAuthorizer,
  answering: IFunction,
  routes: Readonly<Record<string, Route>>,
): void {
  for (const [operationName, { method, path }] of Object.entries(routes)) {
    api.root.resourceForPath(path).addMethod(method, new LambdaIntegration(answering, { allowTestInvoke: false }), {
      operationName,
      authorizationType: AuthorizationType.CUSTOM,
      authorizer,
      apiKeyRequired: true,
    });
  }
}
