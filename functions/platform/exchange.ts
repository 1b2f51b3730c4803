/** What a call of API Gateway says, in whichever dialect it is answered: who calls, its members, its headers, its body. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { z } from 'zod';
import { readMembers, validate } from './input.ts';
import { Refusal } from './refusal.ts';
import type { Permission, Route } from './route.ts';

/** Who calls, as the authorizer found out. */
export interface Caller {
  readonly accountId: string;
  readonly keyId: string;
  readonly keyHash: string;
  readonly plan: string;
  readonly permissions: readonly Permission[];
}

export interface Exchange<Input> {
  readonly caller: Caller;
  readonly input: Input;
  readonly event: APIGatewayProxyEvent;
}

/** What the handler of a route is given, in every dialect: throws a Refusal for a key that may not, then for a bad input. */
export async function readExchange<Input extends z.ZodType>(
  route: Route<Input>,
  event: APIGatewayProxyEvent,
  members: (event: APIGatewayProxyEvent) => Promise<unknown> | unknown,
): Promise<Exchange<z.output<Input>>> {
  const caller = callerOf(event);
  if (!caller.permissions.includes(route.permission)) {
    const advice = `this key may not do ${route.permission}; use a key that has the permission`;
    throw new Refusal('no_permission', advice);
  }
  return { caller, input: validate(route.input, await members(event)), event };
}

/** The members that the caller sent: path parameters, query and body as one object. */
export function membersOf(event: APIGatewayProxyEvent): Record<string, unknown> {
  return readMembers({
    pathParameters: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    contentType: headerOf(event, 'content-type') ?? '',
    body: bodyOf(event).toString('utf8'),
  });
}

/** A header whatever its case. */
export function headerOf(event: APIGatewayProxyEvent, name: string): string | undefined {
  return Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** The body's bytes. */
export function bodyOf(event: APIGatewayProxyEvent): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

export function callerOf(event: APIGatewayProxyEvent): Caller {
  const { accountId, keyId, keyHash, plan, permissions } = event.requestContext.authorizer ?? {};
  return { accountId, keyId, keyHash, plan, permissions: String(permissions ?? '').split(' ') as Permission[] };
}
