/** Sends a browser to another identity provider, and takes it back with whom that one has signed in. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { IdentityProvider, Pool } from '../pools.ts';
import type { Cognito } from '../state.ts';
import type { User } from '../users.ts';
import { errorPage, htmlHeaders } from './page.ts';

/** Where the provider's pages begin, for the sign-in page with this id. */
export function leave(cognito: Cognito, pool: Pool, uid: string, provider: IdentityProvider): Promise<string> {
  const { state, nonce, challenge } = cognito.federations.begin(pool.id, uid, provider.name);
  return upstreamUrl(provider, { redirectUri: returnUri(pool), state, nonce, challenge });
}

/** `/oauth2/idpresponse`: the provider's answer. It goes on at the sign-in page that the browser came from. */
export async function comeBack(
  cognito: Cognito,
  pool: Pool,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const query = new URLSearchParams(request.url?.split('?')[1]);
  const federation = cognito.federations.take(pool.id, query.get('state') ?? '');
  const provider = cognito.pools.identityProviders(pool.id).find(({ name }) => name === federation?.provider);
  const refuse = (why: string): void => void response.writeHead(400, htmlHeaders()).end(errorPage(why));
  if (!federation || !provider) return refuse('This answer belongs to no sign-in, or came too late.');
  const code = query.get('code');
  if (!code) return refuse(`${provider.name} answered: ${query.get('error_description') ?? query.get('error')}`);
  try {
    const answer = { ...federation, code, redirectUri: returnUri(pool) };
    const user = externalUser(cognito, pool, provider, await upstreamClaims(provider, answer));
    if (!user.enabled) return refuse('User is disabled.');
    const ticket = cognito.federations.end(federation, user.sub);
    const location = `${pool.issuer}/login/${federation.uid}?ticket=${ticket}`;
    response.writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
  } catch (error) {
    cognito.context.log('cognito.federation-failed', { pool: pool.id, provider: provider.name, error: String(error) });
    refuse(`${provider.name} signed nobody in: ${(error as Error).message}`);
  }
}

function returnUri({ issuer }: Pool): string {
  return `${issuer}/oauth2/idpresponse`;
}

// Another OpenID provider, as its client: where to send the browser, and whom a code is about.

const PATIENCE_MS = 10_000;

interface Metadata {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
  readonly userinfo_endpoint?: string;
  readonly token_endpoint_auth_methods_supported?: readonly string[];
}

async function upstreamUrl(
  { details }: IdentityProvider,
  request: { redirectUri: string; state: string; nonce: string; challenge: string },
): Promise<string> {
  const url = new URL((await metadataOf(details)).authorization_endpoint);
  const parameters = {
    client_id: details.client_id ?? '',
    response_type: 'code',
    redirect_uri: request.redirectUri,
    scope: details.authorize_scopes ?? 'openid',
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.challenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** The claims that the provider signs about who the code is for; throws where any of it is not as it should be. */
async function upstreamClaims(
  { details }: IdentityProvider,
  answer: { code: string; redirectUri: string; nonce: string; verifier: string },
): Promise<UpstreamClaims> {
  const metadata = await metadataOf(details);
  const { id_token: idToken, access_token: accessToken } = await exchange(details, metadata, answer);
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
  const expected = { issuer: details.oidc_issuer ?? '', audience: details.client_id ?? '' };
  const { payload } = await jwtVerify(String(idToken), keys, expected);
  if (payload.nonce !== answer.nonce) throw new Error('its id token is of another sign-in');
  if (!metadata.userinfo_endpoint) return payload;
  const headers = { authorization: `Bearer ${accessToken}` };
  const told = await json(await get(metadata.userinfo_endpoint, { headers }));
  if (told.sub !== payload.sub) throw new Error('its userinfo is about another subject');
  return { ...told, ...payload };
}

async function exchange(
  { client_id: id = '', client_secret: secret = '' }: IdentityProvider['details'],
  { token_endpoint, token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] }: Metadata,
  { code, redirectUri, verifier }: { code: string; redirectUri: string; verifier: string },
): Promise<Record<string, unknown>> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  const basic = methods.includes('client_secret_basic');
  const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  const headers = basic ? { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } : {};
  const body = new URLSearchParams(basic ? form : { ...form, client_id: id, client_secret: secret });
  return json(await get(token_endpoint, { method: 'POST', headers, body }));
}

/** The endpoints that the template names, and the provider's own word for the others. */
async function metadataOf(details: IdentityProvider['details']): Promise<Metadata> {
  const issuer = (details.oidc_issuer ?? '').replace(/\/$/, '');
  const named = {
    ...(details.authorize_url ? { authorization_endpoint: details.authorize_url } : {}),
    ...(details.token_url ? { token_endpoint: details.token_url } : {}),
    ...(details.jwks_uri ? { jwks_uri: details.jwks_uri } : {}),
    ...(details.attributes_url ? { userinfo_endpoint: details.attributes_url } : {}),
  };
  if (Object.keys(named).length === 4) return named as Metadata;
  return { ...(await json(await get(`${issuer}/.well-known/openid-configuration`))), ...named } as Metadata;
}

function get(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
}

async function json(response: Response): Promise<Record<string, unknown>> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

type UpstreamClaims = Readonly<Record<string, unknown>>;

/** Makes the user at the first sign-in; later ones bring the attributes up to date. */
function externalUser(
  { users, context }: Cognito,
  pool: Pool,
  provider: IdentityProvider,
  claims: UpstreamClaims,
): User {
  const id = text(claims[provider.attributeMapping.username ?? 'sub']);
  const username = `${provider.name}_${id}`;
  const mapped = Object.entries(provider.attributeMapping)
    .filter(([name, claim]) => name !== 'username' && claims[claim] !== undefined)
    .map(([name, claim]) => [name, text(claims[claim])]);
  const attributes: Record<string, string> = Object.fromEntries(mapped);
  const known = users.find(pool, username);
  if (known) return users.change(pool, known.sub, { attributes: { ...known.attributes, ...attributes } });
  const identity = {
    userId: id,
    providerName: provider.name,
    providerType: 'OIDC',
    issuer: null,
    primary: 'true',
    dateCreated: String(context.clock.now()),
  };
  const identities = JSON.stringify([identity]);
  return users.create(pool, username, { status: 'EXTERNAL_PROVIDER', attributes: { ...attributes, identities } });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
