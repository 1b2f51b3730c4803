/** People who sign in: customers in one pool, staff in the other. */
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import type { Role } from '../../functions/platform/route.ts';
import type { Platform } from './platform.ts';
import { signIn } from './sign-in.ts';
import { VideosClient } from './videos-client.ts';

export interface SignedInPerson {
  readonly email: string;
  /** As the pool knows it. */
  readonly subject: string;
  /** As the platform knows it. */
  readonly personId: string;
  readonly token: string;
  /** A client of /v1 that sends the token. */
  readonly api: VideosClient;
}

const PASSWORD = 'Correct-Horse-7-Battery';
let count = 0;

/** Somebody new with this role, signed in; staff with their second factor. */
export async function personOf(platform: Platform, role: Role): Promise<SignedInPerson> {
  const pool = role === 'developer' ? 'Developers' : 'Staff';
  const poolId = platform.output(`${pool}PoolId`);
  const email = `${role}-${++count}@example.com`;
  const client = new CognitoIdentityProviderClient(platform.cloud.client);
  const user = { UserPoolId: poolId, Username: email };
  const attributes = [
    { Name: 'email', Value: email },
    { Name: 'email_verified', Value: 'true' },
  ];
  await client.send(new AdminCreateUserCommand({ ...user, UserAttributes: attributes, MessageAction: 'SUPPRESS' }));
  await client.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }));
  await client.send(new AdminAddUserToGroupCommand({ ...user, GroupName: role }));
  const clientId = platform.output(`${pool}ClientId`);
  const { accessToken } = await signIn({ client, poolId, clientId, email, password: PASSWORD });
  client.destroy();
  const { sub: subject = '' } = decodeJwt(accessToken);
  const personId = `${role === 'developer' ? 'user' : 'staff'}_${subject}`;
  return { email, subject, personId, token: accessToken, api: new VideosClient(platform.cloud.apiUrl, accessToken) };
}
