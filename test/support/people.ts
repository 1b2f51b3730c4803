/** People who sign in: customers in one pool, staff in the other. */
import { setTimeout as pause } from 'node:timers/promises';
import { CognitoIdentityProviderClient, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import type { RoleName } from '../../bin/local/local-json.ts';
import { makePerson } from '../../bin/local/people.ts';
import { signIn } from '../../bin/local/sign-in.ts';
import type { Platform } from './platform.ts';
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
  /** A client with a token that the sign-in's refresh token was changed for, a second later. */
  readonly refreshed: () => Promise<VideosClient>;
}

let count = 0;

/** Somebody new with this role, signed in; staff with their second factor. */
export async function personOf({ cloud }: Platform, role: RoleName): Promise<SignedInPerson> {
  const person = await makePerson(cloud, role, `${role}-${++count}@example.com`);
  const client = new CognitoIdentityProviderClient(cloud.client);
  const { accessToken: token, refreshToken } = await signIn({ client, ...person });
  client.destroy();
  const { email, subject, clientId } = person;
  const refreshed = async (): Promise<VideosClient> => {
    await pause(1000);
    const pool = new CognitoIdentityProviderClient(cloud.client);
    const AuthParameters = { REFRESH_TOKEN: refreshToken };
    const { AuthenticationResult } = await pool.send(
      new InitiateAuthCommand({ ClientId: clientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters }),
    );
    pool.destroy();
    return new VideosClient(cloud.apiUrl, AuthenticationResult?.AccessToken ?? '');
  };
  const personId = `${role === 'developer' ? 'user' : 'staff'}_${subject}`;
  return { email, subject, personId, token, api: new VideosClient(cloud.apiUrl, token), refreshed };
}

/** The same developer with a new token: a token's moment is a whole second, so it waits for the next one. */
export async function signedInAgain({ cloud }: Platform, { email }: SignedInPerson): Promise<VideosClient> {
  await pause(1000);
  const person = await makePerson(cloud, 'developer', email);
  const client = new CognitoIdentityProviderClient(cloud.client);
  const { accessToken } = await signIn({ client, ...person });
  client.destroy();
  return new VideosClient(cloud.apiUrl, accessToken);
}
