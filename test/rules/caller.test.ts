import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_STATUSES } from '../../functions/catalogue/account-status.ts';
import { FUNCTIONS } from '../../functions/catalogue/functions.ts';
import { MODELS } from '../../functions/catalogue/models.ts';
import { PERMISSIONS, ROLES } from '../../functions/catalogue/permissions.ts';
import { PLAN_NAMES } from '../../functions/catalogue/plans.ts';
import { FRESH_SIGN_IN_MINUTES, REFUSALS } from '../../functions/catalogue/refusal.ts';
import { STANDING_STEPS } from '../../functions/catalogue/standing.ts';
import type { VideoFunction } from '../../functions/catalogue/video-request.ts';
import { type Caller, callerOf, contextOf, type Principal } from '../../functions/http/caller.ts';
import { refuseStale } from '../../functions/http/fresh-sign-in.ts';

const id = fc.stringMatching(/^[a-z]{3,4}_[0-9A-Za-z]{1,20}$/);
const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
const some = <Name>(names: readonly Name[]) => fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 });
const restriction = fc.record(
  {
    functions: some(Object.keys(FUNCTIONS) as VideoFunction[]),
    models: some(MODELS.map(({ name }) => name)),
    quotaShare: fc.constantFrom(0.25, 1),
    concurrencyShare: fc.constantFrom(0.25, 1),
    uploadsRefused: fc.boolean(),
    untilMs: fc.nat(),
  },
  { requiredKeys: ['functions', 'models', 'quotaShare', 'concurrencyShare', 'uploadsRefused'] },
);
const standing = fc.record(
  {
    step: fc.constantFrom(...STANDING_STEPS),
    untilMs: fc.nat(),
    restrictions: fc.array(restriction, { maxLength: 2 }),
    revision: fc.nat(),
  },
  { requiredKeys: ['step', 'restrictions', 'revision'] },
);
const account = { accountId: id, plan: fc.constantFrom(...PLAN_NAMES), status: fc.constantFrom(...ACCOUNT_STATUSES) };
const optional = { requiredKeys: [] };

const key = fc.record(
  {
    kind: fc.constant('key' as const),
    id,
    ...account,
    standing,
    keyHash: hash,
    revision: fc.nat(),
    spendLimit: fc.record({ keyHash: hash }),
    permissions: some(PERMISSIONS),
    scope: fc.record(
      { functions: some(Object.keys(FUNCTIONS)), models: some(MODELS.map(({ name }) => name)) },
      optional,
    ),
  },
  { requiredKeys: ['kind', 'id', 'accountId', 'plan', 'status', 'keyHash', 'revision', 'permissions', 'scope'] },
);
const member = fc.record(
  { kind: fc.constant('person' as const), id, ...account, roles: some(ROLES), signedInAt: fc.integer({ min: 1 }) },
  { requiredKeys: ['kind', 'id', 'accountId', 'plan', 'status', 'roles'] },
);
const stranger = fc.record({
  kind: fc.constant('person' as const),
  id,
  accountId: fc.constant(''),
  plan: fc.constant(''),
  roles: some(ROLES),
});

const eventWith = (authorizer: Record<string, string>) =>
  ({
    headers: { 'User-Agent': 'curl/8.9' },
    requestContext: { authorizer, identity: { sourceIp: '203.0.113.7' } },
  }) as unknown as APIGatewayProxyEvent;

describe('the context of the authorizer', () => {
  it('is read back as the caller that it was written of, with where the call comes from', () => {
    fc.assert(
      fc.property(fc.oneof(key, member, stranger), (principal: Principal) => {
        const caller = callerOf(eventWith(contextOf(principal)));
        expect(caller).toEqual({ ...principal, address: '203.0.113.7', client: 'curl/8.9' });
      }),
    );
  });

  it('carries text alone, and by the names that access logs read', () => {
    fc.assert(
      fc.property(fc.oneof(key, member), principal => {
        const context = contextOf(principal);
        expect(context).toMatchObject({ accountId: principal.accountId, keyId: principal.id });
        for (const value of Object.values(context)) expect(value).toMatch(/./);
      }),
    );
  });

  it('that is missing names a caller that may do nothing', () => {
    expect(callerOf(eventWith({}))).toMatchObject({ kind: 'key', accountId: '', status: 'closed', permissions: [] });
  });
});

describe('what a stolen token must not be enough for', () => {
  const NOW = Date.UTC(2026, 10, 30, 12);
  const person: Caller = {
    kind: 'person',
    id: 'user_1',
    accountId: 'acct_1',
    plan: 'trial',
    roles: ['developer'],
    address: '',
    client: '',
  };

  it('is for a person who signed in within the last minutes, whatever it is, and one refusal says so', () => {
    const age = (ms: number) => () => refuseStale({ ...person, signedInAt: NOW - ms }, 'an export', NOW);
    expect(age(FRESH_SIGN_IN_MINUTES * 60_000)).not.toThrow();
    const stale = {
      kind: 'fresh_sign_in',
      message: expect.stringContaining('an export needs a sign-in of the last 10'),
    };
    expect(age(FRESH_SIGN_IN_MINUTES * 60_000 + 1)).toThrow(expect.objectContaining(stale));
    expect(() => refuseStale(person, 'an export', NOW)).toThrow('sign in again');
    const key: Caller = {
      ...person,
      kind: 'key',
      status: 'active',
      keyHash: '',
      revision: 0,
      permissions: [],
      scope: {},
    };
    expect(() => refuseStale(key, 'an export', NOW)).toThrow('sign in again');
    expect(REFUSALS.fresh_sign_in.http).toBe(401);
  });
});
