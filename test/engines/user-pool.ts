/** A cloud with one user pool, its client and its groups, and what the tests of Cognito do with them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { createCognito } from '../../lib/local/cognito/cognito.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

export const PASSWORD = 'Correct-horse-7';
const FLOWS = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'];

export interface UserPool {
  readonly cloud: EngineCloud;
  readonly client: CognitoIdentityProviderClient;
  readonly poolId: string;
  readonly arn: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientAttributes: Readonly<Record<string, string>>;
  /** Starts again on the same data and the same port, and makes the same resources. */
  restart(): Promise<UserPool>;
}

interface Made {
  readonly pool?: Record<string, unknown>;
  readonly client?: Record<string, unknown>;
}

/** People sign up with their address, which a code proves, unless `made` says otherwise. */
export async function startUserPool(made: Made = {}): Promise<UserPool> {
  let port = 0;
  const cloud = await startEngines([
    async context => {
      const engine = await createCognito(context, { port });
      port = Number(new URL(engine.url).port);
      return engine;
    },
  ]);
  return poolIn(cloud, made);
}

async function poolIn(cloud: EngineCloud, made: Made): Promise<UserPool> {
  const pool = await cloud.make('AWS::Cognito::UserPool', 'People', {
    UsernameAttributes: ['email'],
    AutoVerifiedAttributes: ['email'],
    UsernameConfiguration: { CaseSensitive: false },
    ...made.pool,
  });
  const UserPoolId = pool.ref;
  for (const [GroupName, Precedence] of [
    ['reviewers', 2],
    ['operators', 1],
  ] as const) {
    await cloud.make('AWS::Cognito::UserPoolGroup', `Group${GroupName}`, { UserPoolId, GroupName, Precedence });
  }
  const appClient = await cloud.make('AWS::Cognito::UserPoolClient', 'Console', {
    UserPoolId,
    ExplicitAuthFlows: FLOWS,
    PreventUserExistenceErrors: 'ENABLED',
    ...made.client,
  });
  return {
    cloud,
    client: new CognitoIdentityProviderClient(cloud.client),
    poolId: UserPoolId,
    arn: pool.attributes.Arn ?? '',
    issuer: pool.attributes.ProviderURL ?? '',
    clientId: appClient.ref,
    clientAttributes: appClient.attributes,
    restart: async () => poolIn(await cloud.restart(), made),
  };
}

/** A confirmed user with PASSWORD. */
export async function addUser({ client, poolId: UserPoolId }: UserPool, email: string): Promise<void> {
  const UserAttributes = [
    { Name: 'email', Value: email },
    { Name: 'email_verified', Value: 'true' },
  ];
  const user = { UserPoolId, Username: email, UserAttributes, MessageAction: 'SUPPRESS' as const };
  await client.send(new AdminCreateUserCommand(user));
  const password = { UserPoolId, Username: email, Password: PASSWORD, Permanent: true };
  await client.send(new AdminSetUserPasswordCommand(password));
}

/** The claims of a token, verified as any other party would: by the pool's JWKS. */
export async function verified({ issuer, cloud }: UserPool, token: string): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const currentDate = new Date(cloud.clock.now());
  return (await jwtVerify(token, keys, { issuer, algorithms: ['RS256'], currentDate })).payload;
}

/** The text of the last message to an address. */
export function lastMail({ cloud }: UserPool, to: string): string {
  const folder = join(cloud.context.dataDir, 'mail');
  const last = readdirSync(folder)
    .filter(name => name.endsWith(`-${to}.eml`))
    .sort()
    .at(-1);
  if (!last) throw new Error(`no mail to ${to}`);
  return readFileSync(join(folder, last), 'utf8');
}

/** The code in the last message to an address. */
export function mailedCode(pool: UserPool, to: string): string {
  const [code] = /\b\d{6}\b/.exec(lastMail(pool, to)) ?? [];
  if (!code) throw new Error(`no code in the mail to ${to}`);
  return code;
}
