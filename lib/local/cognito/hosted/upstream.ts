/** Another OpenID provider, as its client: where to send the browser, and whom a code is about. */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { UpstreamClaims } from '../external-users.ts';
import type { IdentityProvider } from '../pool.ts';

const PATIENCE_MS = 10_000;

interface Metadata {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
  readonly userinfo_endpoint?: string;
  readonly token_endpoint_auth_methods_supported?: readonly string[];
}

export async function upstreamUrl(
  { details }: IdentityProvider,
  request: { redirectUri: string; state: string; nonce: string; challenge: string },
): Promise<string> {
  const url = new URL((await metadataOf(details)).authorization_endpoint);
  const parameters = {
    ...{ client_id: details.client_id ?? '', response_type: 'code', redirect_uri: request.redirectUri },
    ...{ scope: details.authorize_scopes ?? 'openid', state: request.state, nonce: request.nonce },
    ...{ code_challenge: request.challenge, code_challenge_method: 'S256' },
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** The claims that the provider signs about who the code is for; throws where any of it is not as it should be. */
export async function upstreamClaims(
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
