import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account, Person } from '../../functions/accounts/account.ts';
import { ACCOUNT_STATUSES, describeStatus } from '../../functions/catalogue/account-status.ts';
import { PERMISSIONS, type Role } from '../../functions/catalogue/permissions.ts';
import { REFUSALS } from '../../functions/catalogue/refusal.ts';
import {
  BAD_TOKEN,
  decideKey,
  decidePerson,
  NO_KEY,
  noUsagePlan,
  principalOf,
  UNKNOWN_KEY,
} from '../../functions/keys/authorization.ts';
import type { StoredKey } from '../../functions/keys/key.ts';

const KEY: StoredKey = {
  keyId: 'key_1',
  accountId: 'acct_1',
  name: 'first key',
  state: 'active',
  permissions: PERMISSIONS,
  hint: 'mut_abcd…wxyz',
  createdAt: '2026-11-23T12:00:00.000Z',
};
const ACCOUNT: Account = {
  accountId: 'acct_1',
  accountNumber: 1,
  name: 'an account',
  status: 'active',
  plan: 'essential',
  available: 0,
  held: 0,
  running: 0,
  gatewayKeyId: 'gateway-key-id',
  gatewayKeyValue: 'gateway-key-value',
  createdAt: '2026-11-23T12:00:00.000Z',
};
const HERE = { address: '203.0.113.7', now: Date.parse('2026-11-24T14:00:00Z') };
const decide = (key: StoredKey | undefined, account: Account | undefined) => decideKey(key, account, HERE);
const REVOKED: StoredKey = { ...KEY, state: 'revoked', revokedAt: '2026-11-23T13:00:00.000Z' };

describe('a key', () => {
  it('that is active, of an account that is active, is accepted', () => {
    expect(decide(KEY, ACCOUNT)).toEqual({ kind: 'key', key: KEY, account: ACCOUNT });
  });

  it('of an account without credits is accepted: it may still read', () => {
    expect(decide(KEY, { ...ACCOUNT, available: 0 }).kind).toBe('key');
  });

  it('that never was, and one whose account is gone, read like a mistyped one', () => {
    expect(decide(undefined, undefined)).toEqual(UNKNOWN_KEY);
    expect(decide(undefined, ACCOUNT)).toEqual(UNKNOWN_KEY);
    expect(decide(KEY, undefined)).toEqual(UNKNOWN_KEY);
    expect(UNKNOWN_KEY).toMatchObject({ errCode: 10001, errMsg: 'apiKey is not registered' });
  });

  it('that was revoked is refused with the moment, also where the account is not active', () => {
    for (const status of ACCOUNT_STATUSES) {
      const decision = decide(REVOKED, { ...ACCOUNT, status });
      expect(decision).toMatchObject({
        kind: 'refused',
        errCode: 10002,
        errMsg: expect.stringContaining('2026-11-23T13:00:00.000Z'),
      });
    }
  });

  it.each(ACCOUNT_STATUSES.filter(status => status !== 'active'))(
    'of an account that is %s is refused with what its status says',
    status => {
      const decision = decide(KEY, { ...ACCOUNT, status });
      expect(decision).toMatchObject({ kind: 'refused', errCode: 400012, errMsg: describeStatus(status) });
    },
  );

  it('of an account whose keys are frozen after reported misuse is refused, whatever its own state', () => {
    const decision = decide(KEY, { ...ACCOUNT, keysFrozenAt: '2026-11-24T12:00:00.000Z' });
    expect(decision).toMatchObject({ kind: 'refused', errCode: 10002 });
    expect(decision.kind === 'refused' && decision.errMsg).toContain('2026-11-24T12:00:00.000Z');
  });

  it('6.1: of an account that is suspended is refused with its end and how to appeal, until then', () => {
    const now = Date.parse('2026-11-24T12:00:00.000Z');
    const suspended = (untilMs?: number): Account => ({
      ...ACCOUNT,
      standing: { byPoints: {}, measures: [{ id: 'meas_1', step: 'suspended', ...(untilMs && { untilMs }) }] },
      standingRevision: 1,
    });
    const decideAt = (account: Account) => decideKey(KEY, account, { address: '203.0.113.7', now });
    expect(decideAt(suspended(now + 1))).toMatchObject({
      kind: 'refused',
      errCode: REFUSALS.account_suspended.pixverse,
      errKind: 'account_suspended',
      errMsg: expect.stringMatching(/suspended until 2026-11-24T12:00:00.001Z.*POST \/v1\/account\/appeals/),
    });
    expect(decideAt(suspended())).toMatchObject({ errMsg: expect.stringContaining('until it is lifted') });
    expect(decideAt(suspended(now))).toMatchObject({ kind: 'key' });
  });

  it('that was not sent is asked for by the name of the header', () => {
    expect(NO_KEY).toMatchObject({ kind: 'refused', errCode: 10004, errMsg: expect.stringContaining('API-KEY') });
  });
});

describe('the principal of a key', () => {
  const of = (key: StoredKey) =>
    principalOf({ kind: 'key', key, account: ACCOUNT }, { keyHash: 'its own hash', now: 0 });

  it('names the key that holds the spend limit: itself, or the first of its rotation lineage', () => {
    expect(of(KEY)).not.toHaveProperty('spendLimit');
    expect(of({ ...KEY, spendLimit: 5, spendable: 5 })).toMatchObject({ spendLimit: { keyHash: 'its own hash' } });
    const successor = { ...KEY, replaces: 'key_0', spendsFrom: 'the hash of the first' };
    expect(of(successor)).toMatchObject({ keyHash: 'its own hash', spendLimit: { keyHash: 'the hash of the first' } });
  });

  it('has the scope of the key, and nothing where the key is not narrowed', () => {
    expect(of(KEY)).toMatchObject({ id: 'key_1', accountId: 'acct_1', plan: 'essential', revision: 0, scope: {} });
    expect(of({ ...KEY, functions: ['extend'], revision: 3 })).toMatchObject({
      revision: 3,
      scope: { functions: ['extend'] },
    });
  });
});

describe('what is said to a caller without a usage plan', () => {
  const person = (roles: readonly Role[], account?: Account) =>
    noUsagePlan({
      kind: 'person',
      identity: { personId: 'user_1', roles, signedInAt: 0 },
      ...(account && { account }),
    });

  it('is nothing where the account has an API Gateway key, and else what its status says', () => {
    expect(person(['developer'], ACCOUNT)).toBeUndefined();
    const { gatewayKeyValue: _, ...verified } = { ...ACCOUNT, status: 'verified' as const };
    expect(person(['developer'], verified)).toBe(describeStatus('verified'));
    expect(person(['developer'])).toContain('POST /v1/account');
    expect(person(['operator'])).toContain('staff have none');
  });
});

describe('a decision', () => {
  it('admits exactly where key and account are there and active, and a refusal shows nothing of either', () => {
    const key = fc.constantFrom(undefined, KEY, REVOKED);
    const account = fc.option(
      fc.constantFrom(...ACCOUNT_STATUSES).map(status => ({ ...ACCOUNT, status })),
      { nil: undefined },
    );
    fc.assert(
      fc.property(key, account, (presented, owner) => {
        const decision = decide(presented, owner);
        expect(decision.kind === 'key').toBe(presented?.state === 'active' && owner?.status === 'active');
        if (decision.kind !== 'refused') return;
        for (const secret of [KEY.hint, KEY.keyId, ACCOUNT.accountId, 'gateway-key'])
          expect(decision.errMsg).not.toContain(secret);
      }),
    );
  });
});

describe('a narrowed key', () => {
  const narrowed = { ...KEY, addresses: ['203.0.113.0/24', '2001:db8::1'], expiresAtMs: HERE.now + 1 };
  const from = (address: string, now = HERE.now) => decideKey(narrowed, ACCOUNT, { address, now });

  it('is accepted from its addresses and ranges, written as IPv6 too, and from nowhere else', () => {
    for (const address of ['203.0.113.7', '::ffff:203.0.113.200', '2001:db8::1'])
      expect(from(address).kind).toBe('key');
    for (const address of ['203.0.114.7', '2001:db8::2', '::1', '', 'nonsense'])
      expect(from(address)).toMatchObject({ kind: 'refused', errCode: 10003 });
  });

  it('is accepted until it expires, and is refused with the moment from then on', () => {
    expect(from('203.0.113.7', HERE.now).kind).toBe('key');
    expect(from('203.0.113.7', HERE.now + 1)).toMatchObject({ errMsg: expect.stringContaining('2026-11-24') });
  });

  it('that is frozen is refused, and the message says where the reason stands', () => {
    expect(decide({ ...KEY, state: 'frozen' }, ACCOUNT)).toMatchObject({ errMsg: expect.stringContaining('/v1/keys') });
  });
});

describe('a person', () => {
  const IDENTITY = { personId: 'user_1', roles: ['developer'], signedInAt: HERE.now } as const;
  const PERSON: Person = {
    personId: 'user_1',
    accountId: 'acct_1',
    state: 'active',
    createdAt: '2026-11-23T12:00:00.000Z',
  };

  it('with a verified token comes in, with or without an account', () => {
    expect(decidePerson(IDENTITY, PERSON, ACCOUNT)).toEqual({ kind: 'person', identity: IDENTITY, account: ACCOUNT });
    expect(decidePerson(IDENTITY, undefined, undefined)).toEqual({ kind: 'person', identity: IDENTITY });
  });

  it('without one, who was removed, or whose sessions were ended since, does not', () => {
    expect(decidePerson(undefined, PERSON, ACCOUNT)).toEqual(BAD_TOKEN);
    expect(decidePerson(IDENTITY, { ...PERSON, state: 'removed' }, ACCOUNT).kind).toBe('refused');
    expect(decidePerson(IDENTITY, { ...PERSON, sessionsEndedAtMs: HERE.now + 1 }, ACCOUNT).kind).toBe('refused');
    expect(decidePerson(IDENTITY, { ...PERSON, sessionsEndedAtMs: HERE.now }, ACCOUNT).kind).toBe('person');
    const ended = { ...ACCOUNT, sessionsEndedAtMs: HERE.now + 1 };
    expect(decidePerson(IDENTITY, PERSON, ended), 'all sessions of the account').toMatchObject({ kind: 'refused' });
  });
});
