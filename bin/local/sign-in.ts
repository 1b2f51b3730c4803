/**
 * Signs a user of a Cognito user pool in, second factor included, for command lines and tests: through the API, or at the
 * sign-in pages where the pool's client takes passwords there alone.
 */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  type ChallengeNameType,
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  RespondToAuthChallengeCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { generateSync } from 'otplib';
import { HostedBrowser } from './hosted-browser.ts';

export interface SignIn {
  readonly client: CognitoIdentityProviderClient;
  readonly poolId: string;
  readonly clientId: string;
  readonly email: string;
  readonly password: string;
  /** Where it signs in at the pages; by the API where this is absent. */
  readonly pages?: SignInPages;
  /** Milliseconds on the cloud's clock, where a test has moved it. */
  readonly now?: () => number;
  /** What an earlier call set up; where absent, what this process did. */
  readonly authenticator?: Authenticator;
}

/** Where a pool's pages are, and where they send a browser back to: one of the client's callbacks. */
export interface SignInPages {
  readonly issuer: string;
  readonly callback: string;
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
 * it; the third within half a minute waits for a code that was not used yet. By the API, the client must allow
 * USER_PASSWORD_AUTH.
 */
export async function signIn(user: SignIn): Promise<SignedIn> {
  const tokens = await (user.pages ? atThePages(user, user.pages) : byTheApi(user));
  const authenticator = authenticatorOf(user);
  return { ...tokens, ...(authenticator && { authenticator }) };
}

/** The code flow with PKCE, as a browser goes through it. */
async function atThePages(user: SignIn, { issuer, callback }: SignInPages): Promise<SignedIn> {
  const { clientId, email, password } = user;
  const verifier = randomBytes(32).toString('base64url');
  const client = { client_id: clientId, redirect_uri: callback };
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const asked = new URLSearchParams({ ...client, response_type: 'code', scope: 'openid email' });
  asked.set('code_challenge', challenge);
  asked.set('code_challenge_method', 'S256');
  const browser = new HostedBrowser(issuer);
  await browser.open(`${issuer}/oauth2/authorize?${asked}`);
  await browser.submit('sign-in', { email, password });
  const [, secret] = /<code>([A-Z2-7 ]+)<\/code>/.exec(browser.html) ?? [];
  if (browser.left === undefined && secret !== undefined) {
    authenticators.set(keyOf(user), { secret: secret.replaceAll(' ', ''), lastStep: 0 });
    await browser.submit('setup', { code: await nextCode(user) });
  } else if (browser.left === undefined && browser.status === 200) {
    await browser.submit('code', { code: await nextCode(user) });
  }
  const code = browser.left?.searchParams.get('code');
  if (!code) throw new Error(/role="alert">([^<]*)</.exec(browser.html)?.[1] ?? 'the pages signed nobody in');
  const form = { ...client, grant_type: 'authorization_code', code, code_verifier: verifier };
  const response = await fetch(`${issuer}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token, id_token, refresh_token } = (await response.json()) as Record<string, string | undefined>;
  return tokensOf({ AccessToken: access_token, IdToken: id_token, RefreshToken: refresh_token });
}

async function byTheApi(user: SignIn): Promise<SignedIn> {
  const { client, clientId: ClientId, email, password } = user;
  const AuthParameters = { USERNAME: email, PASSWORD: password };
  const begun = await client.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
  );
  const { AuthenticationResult, ChallengeName } = await answer(user, begun);
  return tokensOf(AuthenticationResult, ChallengeName);
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
export async function nextCode(user: SignIn): Promise<string> {
  const authenticator = authenticatorOf(user);
  if (!authenticator) {
    const remedy = `take ${user.email} out of people in local.json, and start again: it is made anew`;
    throw new Error(`${user.email} has an authenticator that was set up elsewhere, such as in a browser; ${remedy}`);
  }
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

function tokensOf(
  { AccessToken, IdToken, RefreshToken }: AuthenticationResultType = {},
  challenge?: ChallengeNameType,
): SignedIn {
  if (!AccessToken || !IdToken || !RefreshToken) throw new Error(`signing in ended with ${challenge}`);
  return { accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken };
}
