/** What signed-in users do about themselves, and the setup of an authenticator on the way to being signed in. */
import { z } from 'zod';
import { attributeList } from '../attributes.ts';
import { checkPassword, hashPassword, isPassword } from '../passwords.ts';
import type { Client, Pool } from '../pools.ts';
import { refusal } from '../refusal.ts';
import { proveSetup, resume } from '../sign-in.ts';
import { associate, prove } from '../software-token.ts';
import type { Cognito } from '../state.ts';
import type { User } from '../users.ts';
import { type CognitoOperations, holderOf, mfaSettings, ofPool, ofUser, open } from './operation.ts';

const PREFERENCE = {
  SoftwareTokenMfaSettings: z.strictObject({ Enabled: z.boolean(), PreferredMfa: z.boolean().optional() }),
};
/** One of the two says who it is. */
const WHO = { AccessToken: z.string().optional(), Session: z.string().optional() };

export const OWN_USER_OPERATIONS: CognitoOperations = {
  GetUser: ofUser({}, (_cognito, _pool, user) => ({
    Username: user.username,
    UserAttributes: attributeList(user),
    ...mfaSettings(user),
  })),

  GlobalSignOut: ofUser({}, (cognito, _pool, user) => {
    cognito.tokens.revokeAll(user);
    return {};
  }),

  ChangePassword: ofUser(
    { PreviousPassword: z.string(), ProposedPassword: z.string() },
    async (cognito, pool, user, input) => {
      if (!(await isPassword(input.PreviousPassword, user.password))) throw refusal('NotAuthorizedException');
      checkPassword(input.ProposedPassword, pool.passwordPolicy);
      cognito.users.change(pool, user.sub, { password: await hashPassword(input.ProposedPassword) });
      return {};
    },
  ),

  AssociateSoftwareToken: open(WHO, (cognito, { AccessToken, Session }) => {
    if (AccessToken !== undefined) {
      const { pool, user } = holderOf(cognito, AccessToken);
      return { SecretCode: associate(cognito, pool, user) };
    }
    const { pool, user } = setupOf(cognito, Session);
    return { SecretCode: associate(cognito, pool, user), Session };
  }),

  VerifySoftwareToken: open(
    { ...WHO, UserCode: z.string(), FriendlyDeviceName: z.string().optional() },
    (cognito, { AccessToken, Session, UserCode }) => {
      if (AccessToken !== undefined) {
        const { pool, user } = holderOf(cognito, AccessToken);
        prove(cognito, pool, user, UserCode);
        return { Status: 'SUCCESS' };
      }
      const { client } = setupOf(cognito, Session);
      return { Status: 'SUCCESS', Session: proveSetup(cognito, client, Session ?? '', UserCode) };
    },
  ),

  SetUserMFAPreference: ofUser(PREFERENCE, (cognito, pool, user, input) =>
    prefer(cognito, pool, user, input.SoftwareTokenMfaSettings.Enabled),
  ),

  AdminSetUserMFAPreference: ofPool({ ...PREFERENCE, Username: z.string() }, (cognito, pool, input) =>
    prefer(cognito, pool, cognito.users.get(pool, input.Username), input.SoftwareTokenMfaSettings.Enabled),
  ),
};

function setupOf(cognito: Cognito, session: string | undefined): ReturnType<typeof resume> & { client: Client } {
  if (session === undefined) throw refusal('InvalidParameterException', 'AccessToken or Session must be given.');
  const client = cognito.pools.client(cognito.challenges.find(session, 'MFA_SETUP').client);
  return { ...resume(cognito, client, session, 'MFA_SETUP'), client };
}

function prefer(cognito: Cognito, pool: Pool, user: User, enabled: boolean): Record<string, never> {
  if (enabled && user.totp_secret === null) {
    throw refusal('InvalidParameterException', 'User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA');
  }
  cognito.users.change(pool, user.sub, { totp_enabled: enabled ? 1 : 0 });
  return {};
}
