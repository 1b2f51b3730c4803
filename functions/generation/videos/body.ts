/** The members of a creation: JSON, urlencoded or multipart, as official clients send it. */

import type { APIGatewayProxyEvent } from 'aws-lambda';
import { headerOf } from '../../http/caller.ts';
import { readMultipart } from '../../http/multipart.ts';
import { bodyOf, fieldsOf } from '../../http/request-context.ts';

export async function readVideoBody(event: APIGatewayProxyEvent): Promise<Record<string, unknown>> {
  const contentType = headerOf(event, 'content-type') ?? '';
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) return fieldsOf(event);
  const members = await readMultipart(contentType, bodyOf(event));
  return { ...members, ...event.queryStringParameters, ...event.pathParameters };
}
