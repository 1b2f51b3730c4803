/** Handlers of open routes that answer in JSON: what anybody may read, from a page of any origin too. Nothing of a caller is recorded. */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Refusal } from '../catalogue/refusal.ts';
import { logger } from '../runtime/runtime.ts';
import { REST } from './rest-dialect.ts';

/** `respond` may throw a Refusal, which is answered as under /v1; whatever else it throws is ours, and says nothing of our insides. */
export function openHandler(respond: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>) {
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const answer = await respond(event).catch((error: unknown) => {
      if (error instanceof Refusal) return REST.refusal(event, error);
      logger.error('failed', error as Error);
      return REST.refusal(event, new Refusal('internal', 'something failed on our side; try again'));
    });
    const shared = {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': event.requestContext.requestId,
      'access-control-allow-origin': '*',
    };
    return { ...answer, headers: { ...shared, ...answer.headers } };
  };
}
