/** A user's authenticator app: its secret is pending until a code proves it; then each code is taken once. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Pool } from './pools.ts';
import { refusal } from './refusal.ts';
import type { Cognito } from './state.ts';
import type { User } from './users.ts';

/** A new secret (base 32), which replaces a pending one but not a proved one. */
export function associate({ users }: Cognito, pool: Pool, user: User): string {
  if (pool.mfa === 'OFF') {
    throw refusal('InvalidParameterException', 'User pool does not have SOFTWARE_TOKEN_MFA enabled.');
  }
  const secret = newTotpSecret();
  users.change(pool, user.sub, { totp_pending: secret });
  return secret;
}

/** Makes the pending secret the user's; throws EnableSoftwareTokenMFAException where the code is not of it. */
export function prove({ users, context }: Cognito, pool: Pool, user: User, code: string): User {
  const { totp_pending: pending } = user;
  if (pending === null) throw refusal('SoftwareTokenMFANotFoundException', 'No software token was associated.');
  const step = stepOfCode(pending, code, context.clock.now());
  if (step === undefined) throw refusal('EnableSoftwareTokenMFAException');
  return users.change(pool, user.sub, { totp_secret: pending, totp_pending: null, totp_step: step });
}

/** Throws CodeMismatchException, or ExpiredCodeException for a code that was taken before. */
export function takeCode({ users, context }: Cognito, pool: Pool, user: User, code: string): User {
  const step = stepOfCode(user.totp_secret ?? '', code, context.clock.now());
  if (user.totp_secret === null || step === undefined) {
    throw refusal('CodeMismatchException', 'Invalid code received for user');
  }
  if (step <= user.totp_step) {
    throw refusal('ExpiredCodeException', 'Your software token has already been used once.');
  }
  return users.change(pool, user.sub, { totp_step: step });
}

// Time-based one-time passwords, RFC 6238: HMAC-SHA-1, six digits, steps of 30 seconds.

const STEP_MS = 30_000;
/** A code of the step before or after is taken too: people type slowly and clocks differ. */
const TOLERATED_STEPS = 1;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret of 160 bits, in base 32. */
function newTotpSecret(): string {
  let bits = '';
  for (const byte of randomBytes(20)) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map(five => BASE32[Number.parseInt(five, 2)]).join('');
}

/** The step (since the epoch) whose code this is, or undefined where it is the code of no step near `now` (epoch ms). */
function stepOfCode(secret: string, code: string, now: number): number | undefined {
  const current = Math.floor(now / STEP_MS);
  const steps = Array.from({ length: 2 * TOLERATED_STEPS + 1 }, (_, index) => current - TOLERATED_STEPS + index);
  return steps.find(step => equal(codeOf(secret, step), code));
}

function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

function bytesOf(secret: string): Buffer {
  const bits = [...secret].map(letter => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)));
}

function equal(a: string, b: string): boolean {
  return a.length === Buffer.byteLength(b) && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
