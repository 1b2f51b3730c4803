/**
 * The way from a password to being signed in. A pool with MFA signs nobody in by a password alone: without a proved
 * authenticator the user must set one up first, and only in a session that the right password has opened.
 */
import type { Challenge, ChallengeName } from './challenges.ts';
import { checkPassword, hashPassword, isPassword } from './passwords.ts';
import type { Client, Pool } from './pools.ts';
import { refusal } from './refusal.ts';
import { prove, takeCode } from './software-token.ts';
import type { Cognito } from './state.ts';
import type { User } from './users.ts';

export type Step =
  | { readonly kind: 'signed-in'; readonly user: User }
  | { readonly kind: 'challenge'; readonly name: ChallengeName; readonly session: string; readonly user: User };

/** After so many wrong passwords in a row, each further one costs twice the wait: 1 s, 2 s, ... 15 minutes. */
const FREE_FAILURES = 5;
const LONGEST_LOCK_MS = 15 * 60_000;

/** Throws NotAuthorized, UserNotFound (where the client tells), UserNotConfirmed. */
export async function enterPassword(
  cognito: Cognito,
  client: Client,
  username: string,
  password: string,
): Promise<Step> {
  const { users, pools, context } = cognito;
  const pool = pools.pool(client.poolId);
  const known = users.find(pool, username);
  if (known && known.locked_until > context.clock.now()) {
    throw refusal('NotAuthorizedException', 'Password attempts exceeded');
  }
  const right = await isPassword(password, known?.password);
  if (!known) throw refusal(client.hidesUnknownUsers ? 'NotAuthorizedException' : 'UserNotFoundException');
  const user = users.get(pool, known.sub);
  if (!right) {
    users.change(pool, user.sub, oneMoreFailure(user, context.clock.now()));
    throw refusal('NotAuthorizedException');
  }
  refuseDisabled(user);
  if (user.status === 'UNCONFIRMED') throw refusal('UserNotConfirmedException');
  if (user.password_expires !== null && user.password_expires <= context.clock.now()) {
    const words = 'Temporary password has expired and must be reset by an administrator.';
    throw refusal('NotAuthorizedException', words);
  }
  if (user.failures > 0) users.change(pool, user.sub, { failures: 0, locked_until: 0 });
  if (user.status === 'FORCE_CHANGE_PASSWORD') return challenge(cognito, client, user, 'NEW_PASSWORD_REQUIRED');
  return secondFactor(cognito, pool, client, user);
}

/** Answers NEW_PASSWORD_REQUIRED. */
export async function enterNewPassword(
  cognito: Cognito,
  client: Client,
  session: string,
  password: string,
): Promise<Step> {
  const { pool, user, opened } = resume(cognito, client, session, 'NEW_PASSWORD_REQUIRED');
  checkPassword(password, pool.passwordPolicy);
  const hash = await hashPassword(password);
  const changes = { password: hash, password_expires: null, status: 'CONFIRMED' as const };
  const changed = cognito.users.change(pool, user.sub, changes);
  cognito.challenges.close(opened);
  return secondFactor(cognito, pool, client, changed);
}

/** Answers SOFTWARE_TOKEN_MFA. */
export function enterCode(cognito: Cognito, client: Client, session: string, code: string): Step {
  const { pool, user, opened } = resume(cognito, client, session, 'SOFTWARE_TOKEN_MFA');
  try {
    takeCode(cognito, pool, user, code);
  } catch (error) {
    cognito.challenges.fail(opened);
    throw error;
  }
  cognito.challenges.close(opened);
  return { kind: 'signed-in', user };
}

/** Proves the secret that a session of MFA_SETUP has associated. The answer is a new session, which ends the setup. */
export function proveSetup(cognito: Cognito, client: Client, session: string, code: string): string {
  const { pool, user, opened } = resume(cognito, client, session, 'MFA_SETUP');
  prove(cognito, pool, user, code);
  cognito.challenges.close(opened);
  return cognito.challenges.open(client, user, 'MFA_SETUP', 1);
}

/** Answers MFA_SETUP, once the secret is proved. */
export function finishSetup(cognito: Cognito, client: Client, session: string): Step {
  const { user, opened } = resume(cognito, client, session, 'MFA_SETUP');
  if (!opened.verified) throw refusal('NotAuthorizedException', 'The software token is not verified yet.');
  cognito.challenges.close(opened);
  return { kind: 'signed-in', user };
}

/** Who the session is about; throws NotAuthorizedException unless it is the client's, and of this challenge. */
export function resume(
  cognito: Cognito,
  client: Client,
  session: string,
  name: ChallengeName,
): { pool: Pool; user: User; opened: Challenge } {
  const opened = cognito.challenges.find(session, name);
  if (opened.client !== client.id) throw refusal('NotAuthorizedException', 'Invalid session for the user.');
  const pool = cognito.pools.pool(opened.pool);
  const user = cognito.users.get(pool, opened.sub);
  refuseDisabled(user);
  return { pool, user, opened };
}

export function refuseDisabled({ enabled }: User): void {
  if (!enabled) throw refusal('NotAuthorizedException', 'User is disabled.');
}

function secondFactor(cognito: Cognito, pool: Pool, client: Client, user: User): Step {
  const wanted = pool.mfa === 'ON' || (pool.mfa === 'OPTIONAL' && user.totp_enabled === 1);
  if (!wanted) return { kind: 'signed-in', user };
  return challenge(cognito, client, user, user.totp_secret === null ? 'MFA_SETUP' : 'SOFTWARE_TOKEN_MFA');
}

function challenge(cognito: Cognito, client: Client, user: User, name: ChallengeName): Step {
  return { kind: 'challenge', name, session: cognito.challenges.open(client, user, name), user };
}

function oneMoreFailure({ failures }: User, now: number): { failures: number; locked_until: number } {
  const over = failures + 1 - FREE_FAILURES;
  const lock = over < 0 ? 0 : Math.min(1000 * 2 ** over, LONGEST_LOCK_MS);
  return { failures: failures + 1, locked_until: now + lock };
}
