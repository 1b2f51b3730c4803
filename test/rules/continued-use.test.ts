import { describe, expect, it } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { noticeDue, termsAgreedBy } from '../../functions/accounts/continued-use.ts';
import { currentTerms } from '../../functions/accounts/terms.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const { version } = currentTerms(NOW);
const ACCOUNT = { accountId: 'acct_1', email: 'ana@faro.example' } as Account;

describe('a video that is started', () => {
  it('agrees to the terms in effect where none, or older ones, were accepted', () => {
    expect(termsAgreedBy(ACCOUNT, NOW)?.version).toBe(version);
    expect(termsAgreedBy({ ...ACCOUNT, termsVersion: '2025-01-01' }, NOW)?.version).toBe(version);
  });

  it('agrees to nothing where they, or newer ones that are announced, were accepted', () => {
    expect(termsAgreedBy({ ...ACCOUNT, termsVersion: version }, NOW)).toBeUndefined();
    expect(termsAgreedBy({ ...ACCOUNT, termsVersion: '2099-01-01' }, NOW)).toBeUndefined();
  });
});

describe('the notice of what AI output can do', () => {
  it('is due with the first video under each version of the terms', () => {
    expect(noticeDue(ACCOUNT, NOW)).toBe(version);
    expect(noticeDue({ ...ACCOUNT, noticedTermsVersion: '2025-01-01' }, NOW)).toBe(version);
    expect(noticeDue({ ...ACCOUNT, noticedTermsVersion: version }, NOW)).toBeUndefined();
  });

  it('is for an account that has an address', () => {
    const { email: _, ...account } = ACCOUNT;
    expect(noticeDue(account, NOW)).toBeUndefined();
  });
});
