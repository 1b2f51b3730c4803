import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayDo, STANDING_NAMES, STANDINGS, standingsBefore } from '../../functions/catalogue/account-status.ts';
import { ACTS, PERMISSIONS, ROLES } from '../../functions/catalogue/permissions.ts';
import { type Credential, refuseCaller, rolesOf } from '../../functions/http/access.ts';
import { ROUTES } from '../../functions/routes.ts';

const PERSON = {
  ...{ kind: 'person', accountId: 'acct_1', standing: 'active', permissions: [], roles: ['developer'] },
} as const satisfies Credential;
const KEY = { ...PERSON, kind: 'key', roles: [], permissions: PERMISSIONS } as const satisfies Credential;
const BOTH = { path: '/v1/videos', permission: 'videos:read' } as const;
const PEOPLE = { path: '/v1/audit', roles: ['developer'], act: 'read' } as const;
const STAFF = { path: '/v1/operators/accounts', roles: ['operator'] } as const;

describe('who may call', () => {
  it('is a key with the permission, and for /v1 a developer too', () => {
    expect(refuseCaller(BOTH, KEY)).toBeUndefined();
    expect(refuseCaller(BOTH, PERSON)).toBeUndefined();
    expect(refuseCaller(BOTH, { ...KEY, permissions: ['videos:create'] })).toMatchObject({ kind: 'no_permission' });
    expect(refuseCaller({ ...BOTH, path: '/openapi/v2/video' }, PERSON)).toMatchObject({
      kind: 'no_permission',
      message: expect.stringContaining('takes an API key'),
    });
  });

  it('is no key, whatever its permissions, where a route has none', () => {
    expect(refuseCaller(PEOPLE, KEY)).toMatchObject({ message: expect.stringContaining('no API key may do this') });
    expect(refuseCaller(STAFF, KEY)).toMatchObject({ message: expect.stringContaining('operator') });
  });

  it('is staff with one of the roles, without an account', () => {
    const staff = { ...PERSON, accountId: '', standing: '' } as const;
    for (const role of ROLES) {
      const refused = refuseCaller(STAFF, { ...staff, roles: [role] });
      expect(refused === undefined).toBe(role === 'operator');
    }
  });

  it('is a developer with an account, but for what an account begins with', () => {
    const stranger = { ...PERSON, accountId: '', standing: '' } as const;
    expect(refuseCaller(PEOPLE, stranger)).toMatchObject({ kind: 'account_not_active' });
    expect(refuseCaller({ ...PEOPLE, act: 'apply' }, stranger)).toBeUndefined();
  });

  it('depends on what the standing of the account allows, with words that help', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STANDING_NAMES), fc.constantFrom(...ACTS), (standing, act) => {
        const refused = refuseCaller({ ...PEOPLE, act }, { ...PERSON, standing });
        expect(refused === undefined).toBe(mayDo(standing, act));
        if (refused) expect(refused.message).toMatch(/account/);
      }),
    );
  });

  it('is somebody, for every route', () => {
    for (const route of Object.values(ROUTES)) expect(route.permission ?? rolesOf(route)[0]).toBeDefined();
  });
});

describe('the table of standings', () => {
  it('leads only to standings that it has, and every one can be closed', () => {
    for (const standing of STANDING_NAMES) {
      for (const next of STANDINGS[standing].next) expect(standingsBefore(next)).toContain(standing);
      if (standing !== 'closed') expect(STANDINGS[standing].next).toContain('closed');
    }
  });

  it('lets nobody use the service but an active account, which is only reached from a review or from being frozen', () => {
    expect(STANDING_NAMES.filter(standing => mayDo(standing, 'use'))).toEqual(['active']);
    expect(standingsBefore('active')).toEqual(['submitted', 'frozen']);
    expect(STANDINGS.closed.next).toEqual([]);
  });
});
