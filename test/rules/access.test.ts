import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_STATUSES, allows, STATUS_TABLE, statusesBefore } from '../../functions/catalogue/account-status.ts';
import { CAPABILITIES, PERMISSIONS, ROLES } from '../../functions/catalogue/permissions.ts';
import { GOOD_STANDING, leaves, STANDING_STEPS } from '../../functions/catalogue/standing.ts';
import { refuseCaller, rolesOf } from '../../functions/http/access.ts';
import { ROUTES } from '../../functions/routes.ts';

const PERSON = { kind: 'person', accountId: 'acct_1', status: 'active', roles: ['developer'] } as const;
const KEY = { kind: 'key', status: 'active', permissions: PERMISSIONS } as const;
const BOTH = { path: '/v1/videos', permission: 'videos:read' } as const;
const PEOPLE = { path: '/v1/audit', roles: ['developer'], capability: 'read' } as const;
const STAFF = { path: '/v1/operators/accounts', roles: ['operator'] } as const;

describe('who may call', () => {
  it('is a key with the permission, and for /v1 a developer too', () => {
    expect(refuseCaller(BOTH, KEY)).toBeUndefined();
    expect(refuseCaller(BOTH, PERSON)).toBeUndefined();
    expect(refuseCaller(BOTH, { ...KEY, permissions: ['videos:create' as const] })).toMatchObject({
      kind: 'no_permission',
    });
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
    const staff = { kind: 'person', accountId: '' } as const;
    for (const role of ROLES) {
      const refused = refuseCaller(STAFF, { ...staff, roles: [role] });
      expect(refused === undefined).toBe(role === 'operator');
    }
  });

  it('is a developer with an account, but for what an account begins with', () => {
    const stranger = { kind: 'person', accountId: '', roles: ['developer'] } as const;
    expect(refuseCaller(PEOPLE, stranger)).toMatchObject({ kind: 'account_not_active' });
    expect(refuseCaller({ ...PEOPLE, capability: 'apply' }, stranger)).toBeUndefined();
  });

  it('depends on what the status of the account allows, with words that help', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ACCOUNT_STATUSES), fc.constantFrom(...CAPABILITIES), (status, capability) => {
        const refused = refuseCaller({ ...PEOPLE, capability }, { ...PERSON, status });
        expect(refused === undefined).toBe(allows(status, capability));
        if (refused) expect(refused.message).toMatch(/account/);
      }),
    );
  });

  it('6.1: depends on what the standing leaves, with words that say until when and how to appeal', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STANDING_STEPS), fc.constantFrom(...CAPABILITIES), (step, capability) => {
        const standing = { ...GOOD_STANDING, step, untilMs: Date.parse('2026-12-24T00:00:00Z') };
        const refused = refuseCaller({ ...PEOPLE, capability }, { ...PERSON, standing });
        expect(refused === undefined).toBe(leaves(standing, capability));
        if (refused) expect(refused).toMatchObject({ kind: 'account_suspended' });
        if (step === 'suspended' && refused) expect(refused.message).toMatch(/until 2026-12-24.*account\/appeals/);
      }),
    );
  });

  it('is somebody, for every route', () => {
    for (const route of Object.values(ROUTES)) expect(route.permission ?? rolesOf(route)[0]).toBeDefined();
  });
});

describe('the table of statuses', () => {
  it('leads only to statuses that it has, and every one can be closed', () => {
    for (const status of ACCOUNT_STATUSES) {
      for (const next of STATUS_TABLE[status].next) expect(statusesBefore(next)).toContain(status);
      // One that is being ended is erased, and never closed.
      if (status !== 'closed' && status !== 'terminating') expect(STATUS_TABLE[status].next).toContain('closed');
    }
  });

  it('lets nobody use the service but an active account, which is only reached from a review or from being frozen', () => {
    expect(ACCOUNT_STATUSES.filter(status => allows(status, 'use'))).toEqual(['active']);
    expect(statusesBefore('active')).toEqual(['submitted', 'frozen']);
    expect(STATUS_TABLE.closed.next).toEqual(['terminating']);
    expect(STATUS_TABLE.terminating.next).toEqual([]);
  });
});
