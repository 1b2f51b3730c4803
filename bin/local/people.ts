/**
 * People who can sign in on this machine, one for each role: made by the same calls that an administrator of the user pools
 * makes in AWS. Their passwords and authenticators are random and stand in `local.json`, as nobody has a phone here.
 */
import { randomBytes } from 'node:crypto';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  UserNotFoundException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { LocalCloud } from '../../lib/local/cloud.ts';
import { type LocalPeople, type LocalPerson, ROLES, type RoleName } from './local-json.ts';

/** Those of an earlier start who are still there keep what they sign in with; the others are made. */
export async function seedPeople(cloud: LocalCloud, earlier: Partial<LocalPeople>): Promise<LocalPeople> {
  const client = new CognitoIdentityProviderClient(cloud.client);
  const seated = await Promise.all(
    ROLES.map(async role => {
      const known = earlier[role];
      if (known && known.poolId === poolOf(cloud, poolNameOf(role)).poolId) {
        if ((await subjectOf(client, known.poolId, known.email)) === known.subject)
          return { ...known, ...poolOf(cloud, poolNameOf(role)) };
      }
      await forget(client, cloud, role);
      return makePerson(cloud, role, emailOf(role));
    }),
  );
  client.destroy();
  return Object.fromEntries(ROLES.map((role, index) => [role, seated[index]])) as LocalPeople;
}

/**
 * A second factor whose secret is lost would keep its owner out for ever. Staff must have one, so they are made anew; a
 * developer stays, as an account is hers.
 */
async function forget(client: CognitoIdentityProviderClient, cloud: LocalCloud, role: RoleName): Promise<void> {
  const user = { UserPoolId: poolOf(cloud, poolNameOf(role)).poolId, Username: emailOf(role) };
  const off = { SoftwareTokenMfaSettings: { Enabled: false, PreferredMfa: false } };
  try {
    if (role === 'developer') await client.send(new AdminSetUserMFAPreferenceCommand({ ...user, ...off }));
    else await client.send(new AdminDeleteUserCommand(user));
  } catch (error) {
    if (!(error instanceof UserNotFoundException)) throw error;
  }
}

const emailOf = (role: RoleName): string => `${role}@mutoscope.example`;

function poolNameOf(role: RoleName): string {
  return role === 'developer' ? 'Developers' : 'Staff';
}

/** Undefined where the pool has no such user. */
async function subjectOf(
  client: CognitoIdentityProviderClient,
  UserPoolId: string,
  Username: string,
): Promise<string | undefined> {
  try {
    const { UserAttributes = [] } = await client.send(new AdminGetUserCommand({ UserPoolId, Username }));
    return UserAttributes.find(({ Name }) => Name === 'sub')?.Value;
  } catch (error) {
    if (error instanceof UserNotFoundException) return undefined;
    throw error;
  }
}

/** Somebody who can sign in; a second call for the same address gives a new password. */
export async function makePerson(cloud: LocalCloud, role: RoleName, email: string): Promise<LocalPerson> {
  const client = new CognitoIdentityProviderClient(cloud.client);
  const pool = poolOf(cloud, poolNameOf(role));
  // The pool wants every class of characters.
  const password = `${randomBytes(18).toString('base64url')}aA1!`;
  const user = { UserPoolId: pool.poolId, Username: email };
  const attributes = { email, email_verified: 'true' };
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  try {
    await client.send(new AdminCreateUserCommand({ ...user, UserAttributes, MessageAction: 'SUPPRESS' }));
  } catch (error) {
    if (!(error instanceof UsernameExistsException)) throw error;
  }
  await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
  await client.send(new AdminAddUserToGroupCommand({ ...user, GroupName: role }));
  const subject = (await subjectOf(client, pool.poolId, email)) ?? '';
  client.destroy();
  return { ...pool, email, password, subject };
}

function poolOf({ provisioned }: LocalCloud, pool: string): Pick<LocalPerson, 'poolId' | 'clientId' | 'pages'> {
  const output = (name: string): string =>
    Object.entries(provisioned.outputs).find(([key]) => key.endsWith(`.${name}`))?.[1] ?? '';
  const pages = { issuer: output(`${pool}Issuer`), callback: output('SignInCallback') };
  return { poolId: output(`${pool}PoolId`), clientId: output(`${pool}ClientId`), ...(pool === 'Staff' && { pages }) };
}
