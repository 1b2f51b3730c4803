/**
 * Who may call a route. A key needs the route's permission, a person one of its roles, and the account behind either a
 * status that allows what the route does, and a standing that leaves it. Pure; the table of route × role is derived from it, and a test walks it.
 */
import { allows, describeStatus } from '../catalogue/account-status.ts';
import type { Role } from '../catalogue/permissions.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { leaves } from '../catalogue/standing.ts';
import { suspended } from '../catalogue/standing-refusals.ts';
import { type KeyPrincipal, type PersonPrincipal, standingOf } from './caller.ts';
import type { Route } from './route.ts';

/** Who calls, as far as it decides what is allowed. */
type Presented =
  | Pick<KeyPrincipal, 'kind' | 'status' | 'standing' | 'permissions'>
  | Pick<PersonPrincipal, 'kind' | 'accountId' | 'status' | 'standing' | 'roles'>;
type Key = Extract<Presented, { kind: 'key' }>;
type Person = Extract<Presented, { kind: 'person' }>;

type Guarded = Pick<Route, 'path' | 'permission' | 'roles' | 'capability'>;

/** Roles whose people may call: clients of the PixVerse dialect have keys alone. */
export function rolesOf({ path, permission, roles }: Guarded): readonly Role[] {
  return roles ?? (permission !== undefined && path.startsWith('/v1') ? ['developer'] : []);
}

/** Why this caller may not call this route; undefined where it may. */
export function refuseCaller(route: Guarded, caller: Presented): Refusal | undefined {
  return (
    (caller.kind === 'key' ? refuseKey(route, caller) : refusePerson(route, caller)) ?? refuseStatus(route, caller)
  );
}

function refuseKey({ permission, roles = [] }: Guarded, { permissions }: Key): Refusal | undefined {
  if (permission === undefined) {
    const who = roles.includes('developer')
      ? 'the account signs in'
      : `staff with the role ${roles.join(' or ')} sign in`;
    return new Refusal('no_permission', `no API key may do this: ${who} and sends a token instead`);
  }
  if (permissions.includes(permission)) return undefined;
  return new Refusal('no_permission', `this key may not do ${permission}; use a key that has the permission`);
}

function refusePerson(route: Guarded, { roles, accountId }: Person): Refusal | undefined {
  const allowed = rolesOf(route);
  if (allowed.length === 0) return new Refusal('no_permission', 'this call takes an API key, not a token');
  const role = roles.find(name => allowed.includes(name));
  if (!role) return new Refusal('no_permission', `this is for ${allowed.join(' or ')}; this token is not of one`);
  if (role === 'developer' && accountId === '' && route.capability !== 'apply') {
    return new Refusal('account_not_active', describeStatus(undefined));
  }
  return undefined;
}

function refuseStatus({ capability = 'use' }: Guarded, presented: Presented): Refusal | undefined {
  const { status } = presented;
  if (status === undefined) return undefined;
  if (!allows(status, capability)) return new Refusal('account_not_active', describeStatus(status));
  const standing = standingOf(presented);
  return leaves(standing, capability) ? undefined : suspended(standing);
}
