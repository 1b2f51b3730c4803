/** What a handler threw, as a Refusal, and its line in the log: a refusal is the caller's, anything else is ours. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Refusal } from './refusal.ts';
import { logger } from './runtime.ts';

export function refusalOf(error: unknown, event: APIGatewayProxyEvent): Refusal {
  if (error instanceof Refusal) {
    logger.info('refused', { route: event.resource, refusal: error.kind, reason: error.message });
    return error;
  }
  logger.error('unforeseen error', error as Error);
  const { requestId } = event.requestContext;
  return new Refusal(
    'internal',
    `something went wrong here; retry, and if it stays name request ${requestId} to support`,
  );
}
