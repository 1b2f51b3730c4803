/**
 * Codes that prove an e-mail address. Only a hash is stored; a code is valid for half an hour, five wrong attempts void it,
 * and no address is sent more than five an hour, whichever accounts name it. An attempt is counted before the code is compared, so that
 * guesses sent at once are no more than those sent one by one. Pure.
 */
import { createHash } from 'node:crypto';
import { Refusal } from '../catalogue/refusal.ts';
import type { Random } from '../runtime/ids.ts';
import { maskedAddress } from '../runtime/mail-text.ts';

/** The first address of an account; the old and the new one where it is changed. */
export type Purpose = 'verify' | 'change_from' | 'change_to';

export interface Verification {
  readonly purpose: Purpose;
  readonly email: string;
  readonly codeHash: string;
  /** Epoch ms. */
  readonly expiresAtMs: number;
  readonly attemptsLeft: number;
  /** When codes were sent within the last hour, epoch ms. */
  readonly sentAtMs: readonly number[];
}

const CODE_LIVES_MS = 30 * 60_000;
const ATTEMPTS = 5;
const SENT_AN_HOUR = 5;
const HOUR_MS = 3600_000;

/** Without I, L, O and U, which are read as others. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 8 of 32 letters are 40 bits: 25 guesses an hour go through them in five million years. */
const CODE_LENGTH = 8;

export function newCode(random: Random): string {
  return [...random(CODE_LENGTH)].map(byte => ALPHABET[byte % ALPHABET.length]).join('');
}

/** As people read it: `K7QD-M2XA`. */
export function spaced(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** 64 hex digits; a code for one account, purpose or address is none for another. */
export function codeHash(accountId: string, { purpose, email }: Pick<Verification, 'purpose' | 'email'>, code: string) {
  return createHash('sha256').update([accountId, purpose, email.toLowerCase(), code].join('\n')).digest('hex');
}

/** What was sent to one address, for whatever accounts and purposes. */
export interface AddressUse {
  /** Within the last hour, epoch ms. */
  readonly sentAtMs: readonly number[];
}

/**
 * An address without what a mailbox has many of: capitals, what follows a `+`, and the dots of Gmail. Whoever writes one
 * mailbox in many ways writes to one. 64 hex digits.
 */
export function addressHash(email: string): string {
  return createHash('sha256').update(mailboxOf(email)).digest('hex');
}

/** Who reads what is sent to an address, however it is written. */
export function mailboxOf(email: string): string {
  const [, local = '', host = ''] = /^(.*)@(.*)$/s.exec(email.normalize('NFKC').toLowerCase()) ?? [];
  const [box = ''] = local.split('+');
  const mailbox = /^(?:gmail|googlemail)\.com$/.test(host) ? box.replaceAll('.', '') : box;
  return `${mailbox}@${host}`;
}

/** One more that is sent to the address now; throws a Refusal where that is too many. */
export function countSent(before: AddressUse | undefined, now: number): AddressUse {
  return { sentAtMs: [...recentOf(before, now), now] };
}

/** Those of the last hour; throws a Refusal where no more may be sent. */
function recentOf(before: AddressUse | undefined, now: number): number[] {
  const recent = (before?.sentAtMs ?? []).filter(at => at > now - HOUR_MS);
  if (recent.length < SENT_AN_HOUR) return recent;
  const ms = Math.min(...recent) + HOUR_MS - now;
  const message = `${SENT_AN_HOUR} codes were sent within an hour; ask again in ${Math.ceil(ms / 60_000)} minutes`;
  throw new Refusal('too_many_codes', message, undefined, Math.ceil(ms / 1000));
}

/** A new code in place of the one before; throws a Refusal where too many were sent. */
export function issueCode(
  before: Verification | undefined,
  requested: { accountId: string; purpose: Purpose; email: string },
  { now, random }: { now: number; random: Random },
): { verification: Verification; code: string } {
  const { accountId, purpose, email } = requested;
  const recent = recentOf(before, now);
  const code = newCode(random);
  const verification = {
    purpose,
    email,
    codeHash: codeHash(accountId, requested, code),
    attemptsLeft: ATTEMPTS,
    expiresAtMs: now + CODE_LIVES_MS,
    sentAtMs: [...recent, now],
  };
  return { verification, code };
}

/** Why this code proves nothing; undefined where it is right. `counted` is what is stored once the attempt is counted. */
export function refuseCode(
  accountId: string,
  counted: Verification | undefined,
  code: string,
  field: string,
): Refusal | undefined {
  if (!counted) {
    return new Refusal(
      'wrong_state',
      'there is no code that lives: it was used, is too old, or had five attempts; ask for a new one',
    );
  }
  if (codeHash(accountId, counted, code) === counted.codeHash) return undefined;
  const { attemptsLeft, email } = counted;
  const left = attemptsLeft === 0 ? 'it is void now, ask for a new one' : `${attemptsLeft} more attempts are left`;
  // The message of a refusal is logged, and addresses are not.
  const to = maskedAddress(email);
  return new Refusal('invalid_parameter', `${field} is not the code that was last sent to ${to}; ${left}`, field);
}
