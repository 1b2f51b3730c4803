import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AddressUse,
  addressHash,
  codeHash,
  countSent,
  issueCode,
  newCode,
  refuseCode,
  spaced,
  type Verification,
} from '../../functions/accounts/verification.ts';
import { refusalOf } from './refusal-of.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const HOUR = 3600_000;
const WANTED = { accountId: 'acct_1', purpose: 'verify', email: 'ana@faro.example' } as const;
/** Bytes that differ from call to call. */
const randomOf = (seed: number) => (bytes: number) =>
  Uint8Array.from({ length: bytes }, (_, at) => (seed * 31 + at * 7) % 256);
const issue = (before: Verification | undefined, now: number, seed = 1) =>
  issueCode(before, WANTED, { now, random: randomOf(seed) });

describe('a code', () => {
  it('is 8 letters and digits that cannot be read as others', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), bytes => {
        const code = newCode(() => bytes);
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
        expect(spaced(code).replace('-', '')).toBe(code);
      }),
    );
  });

  it('is not stored: what is stored is a hash that holds for one account, purpose and address', () => {
    const { verification, code } = issue(undefined, NOW);
    expect(JSON.stringify(verification)).not.toContain(code);
    expect(verification.codeHash).toBe(codeHash('acct_1', WANTED, code));
    for (const [accountId, other] of [
      ['acct_2', WANTED],
      ['acct_1', { ...WANTED, purpose: 'change_to' }],
      ['acct_1', { ...WANTED, email: 'eve@faro.example' }],
    ] as const) {
      expect(codeHash(accountId, other, code)).not.toBe(verification.codeHash);
    }
  });

  it('lives half an hour and allows five attempts', () => {
    expect(issue(undefined, NOW).verification).toMatchObject({ attemptsLeft: 5, expiresAtMs: NOW + HOUR / 2 });
  });

  it('is sent at most five times within any hour', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: HOUR }), { minLength: 1, maxLength: 40 }), pauses => {
        let before: Verification | undefined;
        let now = NOW;
        const sent: number[] = [];
        for (const pause of pauses) {
          now += pause;
          try {
            before = issue(before, now).verification;
            sent.push(now);
          } catch {
            // Refused: nothing is sent.
          }
        }
        for (const at of sent)
          expect(sent.filter(other => other > at - HOUR && other <= at).length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('is refused as the sixth within an hour, with the minutes to wait, and sent again after them', () => {
    let before: Verification | undefined;
    for (let minute = 0; minute < 5; minute++) before = issue(before, NOW + minute * 60_000).verification;
    const refused = refusalOf(() => issue(before, NOW + 10 * 60_000));
    expect(refused?.kind).toBe('too_many_codes');
    // No later than the words say, and within a minute of it.
    const [, minutes = ''] = /in (\d+) minutes/.exec(refused?.message ?? '') ?? [];
    expect(Math.ceil((refused?.retryAfter ?? 0) / 60)).toBe(Number(minutes));
    expect(refused?.message).toContain('50 minutes');
    expect(issue(before, NOW + HOUR).verification.sentAtMs).toHaveLength(5);
  });
});

describe('an attempt', () => {
  const { verification, code } = issue(undefined, NOW);
  const counted = { ...verification, attemptsLeft: 4 };

  it('with the right code proves the address, also as the last', () => {
    expect(refuseCode('acct_1', counted, code, 'code')).toBeUndefined();
    expect(refuseCode('acct_1', { ...counted, attemptsLeft: 0 }, code, 'code')).toBeUndefined();
  });

  it('with another says how many are left, and that none is', () => {
    const wrong = issue(undefined, NOW, 2).code;
    expect(refuseCode('acct_1', counted, wrong, 'code')).toMatchObject({ kind: 'invalid_parameter', field: 'code' });
    expect(refuseCode('acct_1', counted, wrong, 'code')?.message).toContain('4 more attempts');
    expect(refuseCode('acct_1', { ...counted, attemptsLeft: 0 }, wrong, 'code')?.message).toContain('void');
  });

  it('proves nothing for another account, and nothing where no code lives', () => {
    expect(refuseCode('acct_2', counted, code, 'code')?.kind).toBe('invalid_parameter');
    expect(refuseCode('acct_1', undefined, code, 'code')?.kind).toBe('wrong_state');
  });
});

describe('an address', () => {
  it('is sent at most five codes within any hour, whichever accounts name it', () => {
    let use: AddressUse | undefined;
    for (let sent = 0; sent < 5; sent++) use = countSent(use, NOW + sent);
    expect(refusalOf(() => countSent(use, NOW + HOUR - 1))).toMatchObject({ kind: 'too_many_codes' });
    expect(countSent(use, NOW + HOUR).sentAtMs).toHaveLength(5);
  });

  it('is one mailbox, however it is written', () => {
    const same = (...addresses: string[]) => new Set(addresses.map(addressHash)).size === 1;
    expect(same('ana@faro.example', 'Ana@FARO.example', 'ana+1@faro.example', 'ana+you+owe@faro.example')).toBe(true);
    expect(same('ana.faro@gmail.com', 'a.n.a.faro@gmail.com', 'anafaro+x@googlemail.com')).toBe(false);
    expect(same('ana.faro@gmail.com', 'a.n.a.faro@gmail.com')).toBe(true);
    expect(same('ana.faro@faro.example', 'anafaro@faro.example')).toBe(false);
  });
});
