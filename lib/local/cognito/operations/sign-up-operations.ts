import { z } from 'zod';
import { checkPassword, hashPassword } from '../passwords.ts';
import { refusal } from '../refusal.ts';
import { confirmSignUp, deliveryTo, resendCode, sendCode, signUp } from '../sign-up.ts';
import { attributeListInput, checkSecretHash, type Operation, open } from './operation.ts';

const CLIENT = { ClientId: z.string(), SecretHash: z.string().optional() };
const NAMED = { ...CLIENT, Username: z.string().min(1).max(128) };

export const SIGN_UP_OPERATIONS: Readonly<Record<string, Operation>> = {
  SignUp: open(
    {
      ...NAMED,
      Password: z.string(),
      UserAttributes: attributeListInput.default([]),
      ValidationData: z.unknown().optional(),
    },
    async (cognito, input) => {
      const client = cognito.pools.client(input.ClientId);
      checkSecretHash(client, input.Username, input.SecretHash);
      const asked = { username: input.Username, password: input.Password, attributes: input.UserAttributes };
      const { user, delivery } = await signUp(cognito, client, asked);
      const sent = delivery ? { CodeDeliveryDetails: delivery } : {};
      return { UserConfirmed: false, UserSub: user.sub, ...sent };
    },
  ),

  ConfirmSignUp: open(
    { ...NAMED, ConfirmationCode: z.string(), ForceAliasCreation: z.literal(false).optional() },
    (cognito, input) => {
      const client = cognito.pools.client(input.ClientId);
      checkSecretHash(client, input.Username, input.SecretHash);
      confirmSignUp(cognito, client, input.Username, input.ConfirmationCode);
      return {};
    },
  ),

  ResendConfirmationCode: open(NAMED, async (cognito, input) => {
    const client = cognito.pools.client(input.ClientId);
    checkSecretHash(client, input.Username, input.SecretHash);
    return { CodeDeliveryDetails: await resendCode(cognito, client, input.Username) };
  }),

  ForgotPassword: open(NAMED, async (cognito, input) => {
    const client = cognito.pools.client(input.ClientId);
    checkSecretHash(client, input.Username, input.SecretHash);
    const pool = cognito.pools.pool(client.poolId);
    const user = cognito.users.find(pool, input.Username);
    if (!user && client.hidesUnknownUsers) return { CodeDeliveryDetails: deliveryTo(input.Username) };
    if (!user) throw refusal('UserNotFoundException');
    if (!pool.recoversByEmail || user.status !== 'CONFIRMED' || user.attributes.email_verified !== 'true') {
      const words = 'Cannot reset password for the user as there is no registered/verified email or phone_number';
      throw refusal('InvalidParameterException', words);
    }
    return { CodeDeliveryDetails: await sendCode(cognito, pool, user, 'password') };
  }),

  ConfirmForgotPassword: open(
    { ...NAMED, ConfirmationCode: z.string(), Password: z.string() },
    async (cognito, input) => {
      const client = cognito.pools.client(input.ClientId);
      checkSecretHash(client, input.Username, input.SecretHash);
      const pool = cognito.pools.pool(client.poolId);
      const user = cognito.users.find(pool, input.Username);
      if (!user) throw refusal(client.hidesUnknownUsers ? 'ExpiredCodeException' : 'UserNotFoundException');
      checkPassword(input.Password, pool.passwordPolicy);
      const password = await hashPassword(input.Password);
      cognito.codes.take(user, 'password', input.ConfirmationCode);
      cognito.users.change(pool, user.sub, { password, password_expires: null, failures: 0, locked_until: 0 });
      cognito.tokens.revokeAll(user);
      return {};
    },
  ),
};
