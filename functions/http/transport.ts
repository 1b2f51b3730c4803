/**
 * What every dialect's Lambda does around its handlers: finds the route, answers, records the call, and turns whatever was
 * thrown into a Refusal: a refusal is the caller's, anything else is ours and says nothing of our insides.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { recordCall } from '../audit/record.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { logger } from '../runtime/runtime.ts';
import type { Route } from './route.ts';

/** A route and what answers its calls, in the words of a dialect. */
export interface Served<Answer> {
  readonly route: Route;
  readonly answer: (event: APIGatewayProxyEvent) => Promise<Answer>;
}

/** How a dialect writes what it says. */
export interface Dialect<Answer> {
  success(event: APIGatewayProxyEvent, answer: Answer): APIGatewayProxyResult;
  refusal(event: APIGatewayProxyEvent, refusal: Refusal): APIGatewayProxyResult;
}

/** The Lambda handler for these routes. */
export function apiHandler<Answer>(served: readonly Served<Answer>[], dialect: Dialect<Answer>) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>()
    .use(injectLambdaContext(logger, { clearState: true }))
    .handler(async event => {
      const found = served.find(({ route }) => route.method === event.httpMethod && route.path === event.resource);
      try {
        if (!found) throw new Refusal('not_found', `no such route: ${event.httpMethod} ${event.path}`);
        const answer = await found.answer(event);
        await recordCall(event);
        return dialect.success(event, answer);
      } catch (error) {
        const refusal = refusalOf(error, event);
        await recordCall(event, refusal);
        return dialect.refusal(event, refusal);
      }
    });
}

function refusalOf(error: unknown, event: APIGatewayProxyEvent): Refusal {
  if (error instanceof Refusal) {
    // Not its words: they may quote what the caller wrote.
    logger.info('refused', { route: event.resource, refusal: error.kind, field: error.field });
    return error;
  }
  logger.error('unforeseen error', error as Error);
  const { requestId } = event.requestContext;
  return new Refusal(
    'internal',
    `something went wrong here; retry, and if it stays name request ${requestId} to support`,
  );
}
