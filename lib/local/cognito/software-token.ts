/** A user's authenticator app: its secret is pending until a code proves it; then each code is taken once. */
import type { Pool } from './pool.ts';
import { refusal } from './refusal.ts';
import type { Cognito } from './state.ts';
import { newTotpSecret, stepOfCode } from './totp.ts';
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
