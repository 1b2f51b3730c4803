/**
 * Who calls, once: what the authorizer found out about a key or a person, how it hands that to the functions behind it as
 * API Gateway's context, and how they read it back. The context carries text only, so a list is one text and what is
 * absent is left out; access logs read `accountId` and `keyId` from it. Pure.
 */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { AccountStatus } from '../catalogue/account-status.ts';
import type { Permission, Role } from '../catalogue/permissions.ts';

/** An API key that was accepted. */
export interface KeyPrincipal {
  readonly kind: 'key';
  /** The key's id: what is done is booked on it. */
  readonly id: string;
  readonly accountId: string;
  readonly status: AccountStatus;
  readonly plan: string;
  /** SHA-256 of the key, by which it is found. */
  readonly keyHash: string;
  /** Raised whenever what the key may do changes. */
  readonly revision: number;
  /** Where the key has a spend limit: the hash of the key that holds it, itself or the first of its rotation lineage. */
  readonly spendLimit?: { readonly keyHash: string };
  readonly permissions: readonly Permission[];
  /** What the key is narrowed to; absent members narrow nothing. */
  readonly scope: { readonly functions?: readonly string[]; readonly models?: readonly string[] };
}

/** A person who signed in. */
export interface PersonPrincipal {
  readonly kind: 'person';
  /** The person's id: what is done is booked on it. */
  readonly id: string;
  /** Empty for staff, and for a person who has not registered an account. */
  readonly accountId: string;
  /** Absent where there is no account. */
  readonly status?: AccountStatus;
  /** Empty where there is no account. */
  readonly plan: string;
  readonly roles: readonly Role[];
  /** When the person signed in, epoch ms: a refreshed token keeps it. */
  readonly signedInAt?: number;
}

export type Principal = KeyPrincipal | PersonPrincipal;

/** Who calls, and from where. */
export type Caller = Principal & {
  /** The network address. */
  readonly address: string;
  /** The client's own name for itself. */
  readonly client: string;
};

/** What must still be accepted when the effect of a call is committed: the key as the authorizer saw it, or the person. */
export type Credential =
  | Pick<KeyPrincipal, 'kind' | 'keyHash' | 'revision' | 'spendLimit'>
  | Pick<PersonPrincipal, 'kind'>;

/** The authorizer's context. */
export function contextOf(principal: Principal): Record<string, string> {
  const { kind, id: keyId, accountId, plan, status } = principal;
  const shared = { kind, keyId, ...(accountId !== '' && { accountId, plan }), ...(status && { status }) };
  if (principal.kind === 'person') {
    const { roles, signedInAt } = principal;
    return { ...shared, roles: joined(roles), ...(signedInAt !== undefined && { signedInAt: String(signedInAt) }) };
  }
  const { keyHash, revision, spendLimit, permissions, scope } = principal;
  return {
    ...shared,
    keyHash,
    keyRevision: String(revision),
    ...(spendLimit && { spendLimitKeyHash: spendLimit.keyHash }),
    permissions: joined(permissions),
    ...(scope.functions && { functions: joined(scope.functions) }),
    ...(scope.models && { models: joined(scope.models) }),
  };
}

/** The caller, from the authorizer's context and the request. */
export function callerOf(event: APIGatewayProxyEvent): Caller {
  const { authorizer, identity } = event.requestContext;
  const text = (name: string): string => String(authorizer?.[name] ?? '');
  const list = <Name extends string>(name: string) => text(name).split(' ').filter(Boolean) as Name[];
  const origin = { address: identity?.sourceIp ?? '', client: headerOf(event, 'user-agent') ?? '' };
  const shared = { id: text('keyId'), accountId: text('accountId'), plan: text('plan') };
  const status = text('status') as AccountStatus | '';
  if (text('kind') === 'person') {
    const signedInAt = text('signedInAt');
    const person = { roles: list<Role>('roles'), ...(signedInAt !== '' && { signedInAt: Number(signedInAt) }) };
    return { kind: 'person', ...shared, ...(status !== '' && { status }), ...person, ...origin };
  }
  const [functions, models, spendLimitKeyHash] = [list('functions'), list('models'), text('spendLimitKeyHash')];
  return {
    kind: 'key',
    ...shared,
    // A key is only accepted with its account; without a status it may do nothing.
    status: status === '' ? 'closed' : status,
    keyHash: text('keyHash'),
    revision: Number(text('keyRevision')),
    ...(spendLimitKeyHash !== '' && { spendLimit: { keyHash: spendLimitKeyHash } }),
    permissions: list<Permission>('permissions'),
    scope: { ...(functions.length > 0 && { functions }), ...(models.length > 0 && { models }) },
    ...origin,
  };
}

/** The host that the API was called by, with its port where that is not the usual one. */
export function hostOf({ requestContext }: Pick<APIGatewayProxyEvent, 'requestContext'>): string {
  return requestContext.domainName ?? '';
}

/** A header whatever its case. */
export function headerOf(event: Pick<APIGatewayProxyEvent, 'headers'>, name: string): string | undefined {
  return Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** No name has a space in it. */
const joined = (names: readonly string[]): string => names.join(' ');
