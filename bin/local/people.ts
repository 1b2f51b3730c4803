/**
 * People who can sign in on this machine, one for each role: made by the same calls that an administrator of the user pools
 * makes in AWS. Their passwords and authenticators are random and stand in `local.json`, as nobody has a phone here.
 */
import { randomBytes } from 'node:crypto';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { LocalCloud } from '../../lib/local/cloud.ts';
import type { Authenticator, SignInPages } from './sign-in.ts';

export interface LocalPerson {
  readonly email: string;
  readonly password: string;
  readonly poolId: string;
  readonly clientId: string;
  /** As the pool knows it. */
  readonly subject: string;
  /** Staff sign in at the pages alone. */
  readonly pages?: SignInPages;
  /** Staff have one from their first sign-in on. */
  readonly authenticator?: Authenticator;
}

export type LocalPeople = Readonly<Record<'developer' | 'reviewer' | 'operator' | 'finance', LocalPerson>>;

export type RoleName = keyof LocalPeople;

export async function seedPeople(cloud: LocalCloud): Promise<LocalPeople> {
  const roles = ['developer', 'reviewer', 'operator', 'finance'] as const satisfies RoleName[];
  const made = await Promise.all(roles.map(role => makePerson(cloud, role, `${role}@mutoscope.example`)));
  return Object.fromEntries(roles.map((role, index) => [role, made[index]])) as LocalPeople;
}

/** Somebody who can sign in; a second call for the same address gives a new password. */
export async function makePerson(cloud: LocalCloud, role: RoleName, email: string): Promise<LocalPerson> {
  const client = new CognitoIdentityProviderClient(cloud.client);
  const pool = poolOf(cloud, role === 'developer' ? 'Developers' : 'Staff');
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
  const { UserAttributes: known = [] } = await client.send(new AdminGetUserCommand(user));
  const subject = known.find(({ Name }) => Name === 'sub')?.Value ?? '';
  client.destroy();
  return { ...pool, email, password, subject };
}

function poolOf({ provisioned }: LocalCloud, pool: string): Pick<LocalPerson, 'poolId' | 'clientId' | 'pages'> {
  const output = (name: string): string =>
    Object.entries(provisioned.outputs).find(([key]) => key.endsWith(`.${name}`))?.[1] ?? '';
  const pages = { issuer: output(`${pool}Issuer`), callback: output('SignInCallback') };
  return { poolId: output(`${pool}PoolId`), clientId: output(`${pool}ClientId`), ...(pool === 'Staff' && { pages }) };
}
