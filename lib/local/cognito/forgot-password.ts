/** A new password for who proves the e-mail address: a code is sent there, and taken with the password. */
import { checkPassword, hashPassword } from './passwords.ts';
import type { Client } from './pool.ts';
import { refusal } from './refusal.ts';
import { type Delivery, deliveryTo, sendCode } from './sign-up.ts';
import type { Cognito } from './state.ts';

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
  asked: { username: string; code: string; password: string },
): Promise<void> {
  const pool = cognito.pools.pool(client.poolId);
  const user = cognito.users.find(pool, asked.username);
  if (!user) throw refusal(client.hidesUnknownUsers ? 'ExpiredCodeException' : 'UserNotFoundException');
  checkPassword(asked.password, pool.passwordPolicy);
  const password = await hashPassword(asked.password);
  cognito.codes.take(user, 'password', asked.code);
  cognito.users.change(pool, user.sub, { password, password_expires: null, failures: 0, locked_until: 0 });
  cognito.tokens.revokeAll(user);
}
