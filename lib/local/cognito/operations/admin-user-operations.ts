/** What administrators do about a user. Each is for callers whose IAM policy allows it on the pool. */
import { z } from 'zod';
import { readAttributes } from '../attributes.ts';
import { checkPassword, hashPassword } from '../passwords.ts';
import { refusal } from '../refusal.ts';
import { createUser } from './create-user.ts';
import { attributeListInput, type CognitoOperations, ofPool } from './operation.ts';
import { mfaSettings, userOutput } from './user-output.ts';

const NAMED = { Username: z.string() };
const DAY_MS = 86_400_000;

export const ADMIN_USER_OPERATIONS: CognitoOperations = {
  AdminCreateUser: createUser,

  AdminGetUser: ofPool(NAMED, (cognito, pool, { Username }) => {
    const user = cognito.users.get(pool, Username);
    const { Attributes, ...rest } = userOutput(user);
    return { ...rest, UserAttributes: Attributes, ...mfaSettings(user) };
  }),

  AdminSetUserPassword: ofPool(
    { ...NAMED, Password: z.string(), Permanent: z.boolean().default(false) },
    async (cognito, pool, { Username, Password, Permanent }) => {
      const { sub } = cognito.users.get(pool, Username);
      checkPassword(Password, pool.passwordPolicy);
      const expires = cognito.context.clock.now() + pool.passwordPolicy.temporaryDays * DAY_MS;
      cognito.users.change(pool, sub, {
        password: await hashPassword(Password),
        password_expires: Permanent ? null : expires,
        status: Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
        failures: 0,
        locked_until: 0,
      });
      return {};
    },
  ),

  AdminConfirmSignUp: ofPool(NAMED, (cognito, pool, { Username }) => {
    const { sub, status } = cognito.users.get(pool, Username);
    if (status !== 'UNCONFIRMED') {
      throw refusal('NotAuthorizedException', `User cannot be confirmed. Current status is ${status}`);
    }
    cognito.users.change(pool, sub, { status: 'CONFIRMED' });
    return {};
  }),

  AdminUpdateUserAttributes: ofPool(
    { ...NAMED, UserAttributes: attributeListInput },
    (cognito, pool, { Username, UserAttributes }) => {
      const { sub, attributes } = cognito.users.get(pool, Username);
      const given = readAttributes(pool, UserAttributes);
      // A new address is not proved by the old one's proof.
      const unproved = given.email !== undefined && given.email !== attributes.email ? { email_verified: 'false' } : {};
      cognito.users.change(pool, sub, { attributes: { ...attributes, ...unproved, ...given } });
      return {};
    },
  ),

  AdminDeleteUser: ofPool(NAMED, (cognito, pool, { Username }) => {
    cognito.users.remove(pool, cognito.users.get(pool, Username).sub);
    return {};
  }),

  AdminDisableUser: ofPool(NAMED, (cognito, pool, { Username }) => {
    const user = cognito.users.change(pool, cognito.users.get(pool, Username).sub, { enabled: 0 });
    cognito.tokens.revokeAll(user);
    return {};
  }),

  AdminEnableUser: ofPool(NAMED, (cognito, pool, { Username }) => {
    cognito.users.change(pool, cognito.users.get(pool, Username).sub, { enabled: 1 });
    return {};
  }),

  AdminUserGlobalSignOut: ofPool(NAMED, (cognito, pool, { Username }) => {
    cognito.tokens.revokeAll(cognito.users.get(pool, Username));
    return {};
  }),
};
