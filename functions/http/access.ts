/**
 * Who may call a route. A key needs the route's permission, a person one of its roles, and the account behind either a
 * status that allows what the route does. Pure; the table of route × role is derived from it, and a test walks it.
 */
import { type AccountStatus, allows } from '../catalogue/account-status.ts';
import type { Permission, Role } from '../catalogue/permissions.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { Route } from './route.ts';

/** Who calls, as far as it decides what is allowed. */
export interface Credential {
  readonly kind: 'key' | 'person';
  /** Empty for staff, and for a person who has not registered an account. */
  readonly accountId: string;
  readonly status: AccountStatus | '';
  readonly permissions: readonly Permission[];
  readonly roles: readonly Role[];
}

type Guarded = Pick<Route, 'path' | 'permission' | 'roles' | 'capability'>;

/** Roles whose people may call: clients of the PixVerse dialect have keys alone. */
export function rolesOf({ path, permission, roles }: Guarded): readonly Role[] {
  return roles ?? (permission !== undefined && path.startsWith('/v1') ? ['developer'] : []);
}

/** Why this caller may not call this route; undefined where it may. */
export function refuseCaller(route: Guarded, caller: Credential): Refusal | undefined {
  return (
    (caller.kind === 'key' ? refuseKey(route, caller) : refusePerson(route, caller)) ?? refuseStatus(route, caller)
  );
}

function refuseKey({ permission, roles = [] }: Guarded, { permissions }: Credential): Refusal | undefined {
  if (permission === undefined) {
    const who = roles.includes('developer')
      ? 'the account signs in'
      : `staff with the role ${roles.join(' or ')} sign in`;
    return new Refusal('no_permission', `no API key may do this: ${who} and sends a token instead`);
  }
  if (permissions.includes(permission)) return undefined;
  return new Refusal('no_permission', `this key may not do ${permission}; use a key that has the permission`);
}

function refusePerson(route: Guarded, { roles, accountId }: Credential): Refusal | undefined {
  const allowed = rolesOf(route);
  if (allowed.length === 0) return new Refusal('no_permission', 'this call takes an API key, not a token');
  const role = roles.find(name => allowed.includes(name));
  if (!role) return new Refusal('no_permission', `this is for ${allowed.join(' or ')}; this token is not of one`);
  if (role === 'developer' && accountId === '' && route.capability !== 'apply') {
    return new Refusal('account_not_active', describeStatus(''));
  }
  return undefined;
}

function refuseStatus({ capability = 'use' }: Guarded, { status }: Credential): Refusal | undefined {
  if (status === '' || allows(status, capability)) return undefined;
  return new Refusal('account_not_active', describeStatus(status));
}

/** What a caller is told of a status that does not allow what it wants, and what helps; empty where there is no account. */
export function describeStatus(status: AccountStatus | ''): string {
  if (status === '') return 'this person has no account yet: register one with POST /v1/account';
  return STATUS_DESCRIPTIONS[status] ?? `this account is ${status}`;
}

const STATUS_DESCRIPTIONS: Partial<Record<AccountStatus, string>> = {
  registered: 'this account is not verified: confirm its e-mail address with POST /v1/account/email/confirmation',
  verified: 'this account is not approved: submit its qualification with POST /v1/account/qualification',
  submitted: 'this account is being reviewed; you are told by e-mail',
  more_requested: 'this account is not approved: the reviewer asks for more, see GET /v1/account/qualification',
  refused: 'this account was not approved: GET /v1/account/qualification says why',
  frozen: 'this account is frozen; write to support',
  closed: 'this account is closed',
};
