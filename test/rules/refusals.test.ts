import { describe, expect, it } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import type { AccountStatus } from '../../functions/catalogue/account-status.ts';
import { REFUSALS, Refusal, type RefusalKind } from '../../functions/catalogue/refusal.ts';
import { decideKey, NO_KEY, UNKNOWN_KEY } from '../../functions/keys/authorization.ts';
import type { StoredKey } from '../../functions/keys/key.ts';

/** PixVerse's table of codes, early 2026, and its authentication family. */
const DOCUMENTED = [
  10001, 10002, 10003, 10004, 10005, 99999, 400011, 400012, 400013, 400017, 400018, 400019, 400032, 500008, 500020,
  500030, 500031, 500032, 500033, 500041, 500042, 500044, 500052, 500054, 500060, 500063, 500064, 500069, 500070,
  500071, 500090, 500100, 701002, 701003,
];
const KINDS = Object.keys(REFUSALS) as RefusalKind[];

describe('the table of refusals', () => {
  it.each(KINDS)('%s has a code that PixVerse documents and an HTTP status of an error', kind => {
    const { pixverse, http } = REFUSALS[kind];
    expect(DOCUMENTED).toContain(pixverse);
    expect(http).toSatisfy((status: number) => status >= 400 && status < 600);
  });

  it('has one meaning for each pair of code and status', () => {
    const pairs = KINDS.map(kind => `${REFUSALS[kind].pixverse} ${REFUSALS[kind].http}`);
    expect(new Set(pairs).size).toBe(KINDS.length);
  });

  it('calls only its own trouble a 5xx', () => {
    expect(KINDS.filter(kind => REFUSALS[kind].http >= 500).sort()).toEqual([
      'busy',
      'internal',
      'payments_unavailable',
    ]);
  });

  it.each<[RefusalKind, number]>([
    ['missing_parameter', 400011],
    ['wrong_type', 400013],
    ['prompt_too_long', 400018],
    ['negative_prompt_too_long', 400019],
    ['image_not_found', 400032],
    ['not_found', 500008],
    ['image_too_large', 500030],
    ['image_unreadable', 500031],
    ['image_format', 500032],
    ['image_dimensions', 500033],
    ['concurrency_reached', 500044],
    ['busy', 500069],
    ['insufficient_credits', 500090],
  ])('keeps the published code of %s: %d', (kind, code) => {
    expect(REFUSALS[kind].pixverse).toBe(code);
  });

  it('is not contradicted by the authorizer, whose codes PixVerse documents too', () => {
    const decide = (state: StoredKey['state'], status: AccountStatus) =>
      decideKey({ state } as StoredKey, { status } as Account, { address: '203.0.113.7', now: 0 });
    const revoked = decide('revoked', 'active');
    const frozen = decide('active', 'frozen');
    for (const decision of [NO_KEY, UNKNOWN_KEY, revoked, frozen]) {
      expect(DOCUMENTED).toContain(decision.kind === 'refused' && decision.errCode);
    }
    expect(UNKNOWN_KEY.errCode).toBe(REFUSALS.key_refused.pixverse);
    expect(frozen.kind === 'refused' && frozen.errCode).toBe(REFUSALS.account_not_active.pixverse);
  });
});

describe('a Refusal', () => {
  it('is an Error with its kind and the words for the caller', () => {
    const refusal = new Refusal('not_found', 'there is no video 7');
    expect(refusal).toBeInstanceOf(Error);
    expect(refusal).toMatchObject({ name: 'Refusal', kind: 'not_found', message: 'there is no video 7' });
  });
});
