/** What a call of API Gateway says, in whichever dialect it is answered: who calls, its members, its headers, its body. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { readMembers } from './input.ts';
import type { Permission } from './route.ts';

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
