/** What a call of API Gateway says, in whichever dialect it is answered: who calls, its members, its headers, its body. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { z } from 'zod';
import type { Permission, Role } from '../catalogue/permissions.ts';
import { type Credential, refuseCaller } from './access.ts';
import { readMembers, readPatch, type Sent, validate } from './input.ts';
import type { Route } from './route.ts';

/** Who calls, as the authorizer found out, and from where. */
export interface Caller extends Credential {
  /** The key's id, or the person's: what is done is booked on it. */
  readonly keyId: string;
  /** Empty for a person. */
  readonly keyHash: string;
  readonly plan: string;
  /** What the key is narrowed to; empty lists where it is not. */
  readonly scope: { readonly functions: readonly string[]; readonly models: readonly string[] };
  /** Raised whenever the key's scope changes. */
  readonly keyRevision: number;
  /** Whether the key has a spend limit, which admission draws on. */
  readonly spendLimited: boolean;
  /** The hash of the key that has the limit, where that is another one; else empty. */
  readonly spendsFrom: string;
  /** The network address and the client's own name for itself. */
  readonly address: string;
  readonly client: string;
}

export interface RequestContext<Input> {
  readonly caller: Caller;
  readonly input: Input;
  readonly event: APIGatewayProxyEvent;
}

/** What the handler of a route is given, in every dialect: throws a Refusal for a key that may not, then for a bad input. */
export async function readRequest<Input extends z.ZodType>(
  route: Route<Input>,
  event: APIGatewayProxyEvent,
  members: (event: APIGatewayProxyEvent) => Promise<unknown> | unknown,
): Promise<RequestContext<z.output<Input>>> {
  const caller = callerOf(event);
  const refusal = refuseCaller(route, caller);
  if (refusal) throw refusal;
  return { caller, input: validate(route.input, await members(event)), event };
}

/** The members that the caller sent: path parameters, query and body as one object. */
export function membersOf(event: APIGatewayProxyEvent): Record<string, unknown> {
  return readMembers(sentBy(event));
}

/** The same for a change: null members are kept, and take away. */
export function patchOf(event: APIGatewayProxyEvent): Record<string, unknown> {
  return readPatch(sentBy(event));
}

function sentBy(event: APIGatewayProxyEvent): Sent {
  return {
    pathParameters: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    contentType: headerOf(event, 'content-type') ?? '',
    body: bodyOf(event).toString('utf8'),
  };
}

/** A header whatever its case. */
export function headerOf(event: APIGatewayProxyEvent, name: string): string | undefined {
  return Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** The body's bytes. */
export function bodyOf(event: APIGatewayProxyEvent): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

/** What the authorizer handed on; API Gateway carries text, numbers and truth values only. */
export function callerOf(event: APIGatewayProxyEvent): Caller {
  const { authorizer, identity } = event.requestContext;
  const text = (name: string): string => String(authorizer?.[name] ?? '');
  const list = (name: string): string[] => text(name).split(' ').filter(Boolean);
  return {
    kind: text('kind') === 'person' ? 'person' : 'key',
    accountId: text('accountId'),
    status: text('status') as Caller['status'],
    keyId: text('keyId'),
    keyHash: text('keyHash'),
    keyRevision: Number(text('keyRevision')),
    spendLimited: text('spendLimited') === 'true',
    spendsFrom: text('spendsFrom'),
    plan: text('plan'),
    permissions: list('permissions') as Permission[],
    roles: list('roles') as Role[],
    scope: { functions: list('functions'), models: list('models') },
    address: identity?.sourceIp ?? '',
    client: headerOf(event, 'user-agent') ?? '',
  };
}
