import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { STANDING_NAMES } from '../../functions/accounts/standing.ts';
import { decideKey, NO_KEY, UNKNOWN_KEY } from '../../functions/keys/authorization.ts';
import type { StoredKey } from '../../functions/keys/key.ts';
import { PERMISSIONS } from '../../functions/platform/route.ts';

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
  standing: 'active',
  plan: 'essential',
  available: 0,
  held: 0,
  running: 0,
  gatewayKeyId: 'gateway-key-id',
  gatewayKeyValue: 'gateway-key-value',
  createdAt: '2026-11-23T12:00:00.000Z',
};
const HERE = { address: '203.0.113.7', now: Date.parse('2026-11-23T14:00:00Z') };
const decide = (key: StoredKey | undefined, account: Account | undefined) => decideKey(key, account, HERE);
const REVOKED: StoredKey = { ...KEY, state: 'revoked', revokedAt: '2026-11-23T13:00:00.000Z' };

describe('a key', () => {
  it('that is active, of an account that is active, opens the door', () => {
    expect(decide(KEY, ACCOUNT)).toEqual({ kind: 'key', key: KEY, account: ACCOUNT });
  });

  it('of an account without credits opens the door: it may still read', () => {
    expect(decide(KEY, { ...ACCOUNT, available: 0 }).kind).toBe('key');
  });

  it('that never was, and one whose account is gone, read like a mistyped one', () => {
    expect(decide(undefined, undefined)).toEqual(UNKNOWN_KEY);
    expect(decide(undefined, ACCOUNT)).toEqual(UNKNOWN_KEY);
    expect(decide(KEY, undefined)).toEqual(UNKNOWN_KEY);
    expect(UNKNOWN_KEY).toMatchObject({ errCode: 10001, errMsg: 'apiKey is not registered' });
  });

  it('that was revoked is refused with the moment, also where the account is not active', () => {
    for (const standing of STANDING_NAMES) {
      const decision = decide(REVOKED, { ...ACCOUNT, standing });
      expect(decision).toMatchObject({
        kind: 'refused',
        errCode: 10002,
        errMsg: expect.stringContaining('2026-11-23T13:00:00.000Z'),
      });
    }
  });

  it.each(STANDING_NAMES.filter(standing => standing !== 'active'))(
    'of an account that is %s is refused with that word',
    standing => {
      const decision = decide(KEY, { ...ACCOUNT, standing });
      expect(decision).toMatchObject({ kind: 'refused', errCode: 400012, errMsg: expect.stringContaining(standing) });
    },
  );

  it('that was not sent is asked for by the name of the header', () => {
    expect(NO_KEY).toMatchObject({ kind: 'refused', errCode: 10004, errMsg: expect.stringContaining('API-KEY') });
  });
});

describe('a decision', () => {
  it('admits exactly where key and account are there and active, and a refusal shows nothing of either', () => {
    const key = fc.constantFrom(undefined, KEY, REVOKED);
    const account = fc.option(
      fc.constantFrom(...STANDING_NAMES).map(standing => ({ ...ACCOUNT, standing })),
      { nil: undefined },
    );
    fc.assert(
      fc.property(key, account, (presented, owner) => {
        const decision = decide(presented, owner);
        expect(decision.kind === 'key').toBe(presented?.state === 'active' && owner?.standing === 'active');
        if (decision.kind !== 'refused') return;
        for (const secret of [KEY.hint, KEY.keyId, ACCOUNT.accountId, 'gateway-key'])
          expect(decision.errMsg).not.toContain(secret);
      }),
    );
  });
});
