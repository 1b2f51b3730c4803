/** The context of a request, in whichever dialect its response is: who calls, its fields, its body. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { z } from 'zod';
import { refuseCaller } from './access.ts';
import { baseUrlOf } from './base-url.ts';
import { textOf } from './body-text.ts';
import { type Caller, callerOf, headerOf } from './caller.ts';
import { readMembers, readPatch, type Sent, validate } from './input.ts';
import type { Route } from './route.ts';

export interface RequestContext<Input> {
  readonly caller: Caller;
  readonly input: Input;
  readonly event: APIGatewayProxyEvent;
  /** The API's address, with which links in the response begin. */
  readonly baseUrl: string;
}

/** What the handler of a route is given, in every dialect: throws a Refusal for a key that may not, then for a bad input. */
export async function readRequest<Input extends z.ZodType>(
  route: Route<Input>,
  event: APIGatewayProxyEvent,
  fields: (event: APIGatewayProxyEvent) => Promise<unknown> | unknown,
): Promise<RequestContext<z.output<Input>>> {
  const caller = callerOf(event);
  const refusal = refuseCaller(route, caller);
  if (refusal) throw refusal;
  return { caller, input: validate(route.input, await fields(event)), event, baseUrl: baseUrlOf(event) };
}

/** The fields that the caller sent: path parameters, query and body as one object. */
export function fieldsOf(event: APIGatewayProxyEvent): Record<string, unknown> {
  return readMembers(sentBy(event));
}

/** The same for a change: null fields are kept, and take away. */
export function patchOf(event: APIGatewayProxyEvent): Record<string, unknown> {
  return readPatch(sentBy(event));
}

function sentBy(event: APIGatewayProxyEvent): Sent {
  const contentType = headerOf(event, 'content-type') ?? '';
  const body = event.isBase64Encoded ? bodyOf(event) : (event.body ?? '');
  return {
    pathParameters: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    contentType,
    body: textOf({ body, contentType, contentEncoding: headerOf(event, 'content-encoding') }),
  };
}

/** The body's bytes. */
export function bodyOf(event: APIGatewayProxyEvent): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}
