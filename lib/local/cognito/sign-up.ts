/** How users come to be: by their own sign-up, with a code that proves the e-mail address. */
import { type AttributeList, ownAttributes, requireAttributes } from './attributes.ts';
import type { Purpose } from './challenges.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import type { Client, Pool } from './pools.ts';
import { refusal } from './refusal.ts';
import type { Cognito } from './state.ts';
import type { User } from './users.ts';

/** How a code was sent, as the API tells it. */
interface Delivery {
  readonly Destination: string;
  readonly DeliveryMedium: 'EMAIL';
  readonly AttributeName: 'email';
}

export async function signUp(
  cognito: Cognito,
  client: Client,
  request: { username: string; password: string; attributes: AttributeList },
): Promise<{ user: User; delivery: Delivery | undefined }> {
  const pool = cognito.pools.pool(client.poolId);
  if (pool.adminCreatesUsersOnly) {
    throw refusal('NotAuthorizedException', 'SignUp is not permitted for this user pool');
  }
  const given = ownAttributes(pool, client, request.attributes);
  const attributes = withUsername(pool, request.username, given);
  requireAttributes(pool, attributes);
  checkPassword(request.password, pool.passwordPolicy);
  const password = await hashPassword(request.password);
  const user = cognito.users.create(pool, request.username, { status: 'UNCONFIRMED', attributes, password });
  const delivery = pool.verifiesEmail && attributes.email ? await sendCode(cognito, pool, user, 'sign-up') : undefined;
  return { user, delivery };
}

/** Throws CodeMismatch, ExpiredCode, LimitExceeded. */
export function confirmSignUp(cognito: Cognito, client: Client, username: string, code: string): User {
  const pool = cognito.pools.pool(client.poolId);
  const user = cognito.users.find(pool, username);
  if (!user) throw client.hidesUnknownUsers ? refusal('ExpiredCodeException') : refusal('UserNotFoundException');
  if (user.status !== 'UNCONFIRMED') {
    throw refusal('NotAuthorizedException', `User cannot be confirmed. Current status is ${user.status}`);
  }
  cognito.codes.take(user, 'sign-up', code);
  const attributes = { ...user.attributes, email_verified: 'true' };
  return cognito.users.change(pool, user.sub, { status: 'CONFIRMED', attributes });
}

/** Sends a new code in place of the one before. */
export async function resendCode(cognito: Cognito, client: Client, username: string): Promise<Delivery> {
  const pool = cognito.pools.pool(client.poolId);
  const user = cognito.users.find(pool, username);
  if (!user && client.hidesUnknownUsers) return deliveryTo(username);
  if (!user) throw refusal('UserNotFoundException');
  if (user.status !== 'UNCONFIRMED') throw refusal('InvalidParameterException', 'User is already confirmed.');
  if (!pool.verifiesEmail || !user.attributes.email) {
    throw refusal('InvalidParameterException', 'Auto verification not turned on.');
  }
  return sendCode(cognito, pool, user, 'sign-up');
}

async function sendCode(cognito: Cognito, pool: Pool, user: User, purpose: Purpose): Promise<Delivery> {
  const email = user.attributes.email ?? '';
  await cognito.mail.send(pool, email, pool.verification, { code: cognito.codes.issue(user, purpose) });
  return deliveryTo(email);
}

/** The e-mail address is the name in pools that take it for one. */
export function withUsername(
  pool: Pool,
  username: string,
  attributes: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (!pool.emailIsUsername) return attributes;
  if (!/^[^\s@]+@[^\s@]+$/.test(username)) {
    throw refusal('InvalidParameterException', 'Username should be an email.');
  }
  return { ...attributes, email: attributes.email ?? username };
}

/** `a***@e***`: enough for who owns the address. */
function deliveryTo(email: string): Delivery {
  const [name = '', host = ''] = email.split('@');
  const Destination = `${name.slice(0, 1)}***@${host.slice(0, 1)}***`;
  return { Destination, DeliveryMedium: 'EMAIL', AttributeName: 'email' };
}

// A new password for who proves the e-mail address: a code is sent there, and taken with the password.

export async function forgotPassword(cognito: Cognito, client: Client, username: string): Promise<Delivery> {
  const pool = cognito.pools.pool(client.poolId);
  const user = cognito.users.find(pool, username);
  if (!user && client.hidesUnknownUsers) return deliveryTo(username);
  if (!user) throw refusal('UserNotFoundException');
  if (!pool.recoversByEmail || user.status !== 'CONFIRMED' || user.attributes.email_verified !== 'true') {
    const words = 'Cannot reset password for the user as there is no registered/verified email or phone_number';
    throw refusal('InvalidParameterException', words);
  }
  return sendCode(cognito, pool, user, 'password');
}

/** Sets the password, and ends every sign-in that was by the old one; throws as codes and passwords do. */
export async function confirmForgotPassword(
  cognito: Cognito,
  client: Client,
  request: { username: string; code: string; password: string },
): Promise<void> {
  const pool = cognito.pools.pool(client.poolId);
  const user = cognito.users.find(pool, request.username);
  if (!user) throw refusal(client.hidesUnknownUsers ? 'ExpiredCodeException' : 'UserNotFoundException');
  checkPassword(request.password, pool.passwordPolicy);
  const password = await hashPassword(request.password);
  cognito.codes.take(user, 'password', request.code);
  cognito.users.change(pool, user.sub, { password, password_expires: null, failures: 0, locked_until: 0 });
  cognito.tokens.revokeAll(user);
}
