/** Signs a user of a Cognito user pool in through the API, second factor included, for command lines and tests. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  AssociateSoftwareTokenCommand,
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  RespondToAuthChallengeCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { generateSync } from 'otplib';

export interface SignIn {
  readonly client: CognitoIdentityProviderClient;
  readonly poolId: string;
  readonly clientId: string;
  readonly email: string;
  readonly password: string;
  /** Milliseconds on the cloud's clock, where a test has moved it. */
  readonly now?: () => number;
  /** What an earlier call set up; where absent, what this process did. */
  readonly authenticator?: Authenticator;
}

/** An authenticator app in two values: its secret, and which step's code was its last, as the pool takes no code twice. */
export interface Authenticator {
  secret: string;
  lastStep: number;
}

export interface SignedIn {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
  /** Where the pool wants a second factor. */
  readonly authenticator?: Authenticator;
}

/** Those that this process set up, by pool and user. */
const authenticators = new Map<string, Authenticator>();

/**
 * The user's tokens. Where the pool wants a second factor, the first call sets one up and later ones of this process use
 * it; the third within half a minute waits for a code that was not used yet. The client must allow USER_PASSWORD_AUTH.
 */
export async function signIn(user: SignIn): Promise<SignedIn> {
  const { client, clientId: ClientId, email, password } = user;
  const AuthParameters = { USERNAME: email, PASSWORD: password };
  const begun = await client.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
  );
  const tokens = tokensOf(await answer(user, begun));
  const authenticator = authenticatorOf(user);
  return { ...tokens, ...(authenticator && { authenticator }) };
}

async function answer(user: SignIn, begun: InitiateAuthCommandOutput): Promise<InitiateAuthCommandOutput> {
  const { client, clientId: ClientId, email: USERNAME } = user;
  const { ChallengeName, Session } = begun;
  if (ChallengeName === 'MFA_SETUP') {
    const set = { ClientId, ChallengeName, ChallengeResponses: { USERNAME }, Session: await setUp(user, Session) };
    return client.send(new RespondToAuthChallengeCommand(set));
  }
  if (ChallengeName === 'SOFTWARE_TOKEN_MFA') {
    const ChallengeResponses = { USERNAME, SOFTWARE_TOKEN_MFA_CODE: await nextCode(user) };
    return client.send(new RespondToAuthChallengeCommand({ ClientId, ChallengeName, ChallengeResponses, Session }));
  }
  return begun;
}

async function setUp(user: SignIn, opened: string | undefined): Promise<string | undefined> {
  const { SecretCode: secret = '', Session } = await user.client.send(
    new AssociateSoftwareTokenCommand({ Session: opened }),
  );
  authenticators.set(keyOf(user), { secret, lastStep: 0 });
  const verified = { Session, UserCode: await nextCode(user) };
  return (await user.client.send(new VerifySoftwareTokenCommand(verified))).Session;
}

/** A code that the pool still takes: of this step, or of the one after where this one's was used. */
async function nextCode(user: SignIn): Promise<string> {
  const authenticator = authenticatorOf(user);
  if (!authenticator) throw new Error(`${user.email} has an authenticator that this process did not set up`);
  const current = (): number => Math.floor((user.now ?? Date.now)() / 30_000);
  const step = Math.max(current(), authenticator.lastStep + 1);
  while (step > current() + 1) await pause(250);
  authenticator.lastStep = step;
  return generateSync({ secret: authenticator.secret, epoch: step * 30 });
}

function authenticatorOf(user: SignIn): Authenticator | undefined {
  return user.authenticator ?? authenticators.get(keyOf(user));
}

function keyOf({ poolId, email }: SignIn): string {
  return `${poolId} ${email}`;
}

function tokensOf({ AuthenticationResult, ChallengeName }: InitiateAuthCommandOutput): SignedIn {
  const { AccessToken, IdToken, RefreshToken } = AuthenticationResult ?? {};
  if (!AccessToken || !IdToken || !RefreshToken) throw new Error(`signing in ended with ${ChallengeName}`);
  return { accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken };
}
