/** What answers below a pool's issuer: the documents that say how to verify its tokens, and the sign-in pages. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { AwsError } from '../../service.ts';
import { type PoolHandler, sendJson } from '../issuer-server.ts';
import type { Pool } from '../pools.ts';
import type { Cognito } from '../state.ts';
import { comeBack } from './federated-sign-in.ts';
import { loginPage } from './login-page.ts';
import { errorPage, htmlHeaders, readForm } from './page.ts';
import { poolProvider } from './pool-provider.ts';

export function hostedPages(cognito: Cognito): PoolHandler {
  const providers = new Map<string, Promise<Provider>>();
  const providerOf = (pool: Pool): Promise<Provider> => {
    const made =
      providers.get(pool.id) ?? import('oidc-provider').then(library => poolProvider(cognito, pool, library));
    providers.set(pool.id, made);
    return made;
  };
  return async (poolId, path, request, response) => {
    const pool = cognito.pools.find(poolId);
    if (!pool) return sendJson(response, 404, { message: `User pool ${poolId} does not exist.` });
    // The library answers for the token endpoint.
    if (request.method === 'OPTIONS' && ['/oauth2/userInfo', '/oauth2/revoke'].includes(path))
      return preflight(response);
    switch (path) {
      case '/.well-known/jwks.json':
        return sendJson(response, 200, cognito.keys.jwks(pool.id));
      case '/.well-known/openid-configuration':
        return sendJson(response, 200, discovery(pool));
      case '/oauth2/userInfo':
        return userInfo(cognito, request, response);
      case '/oauth2/revoke':
        return revoke(cognito, pool, request, response);
      case '/oauth2/idpresponse':
        return comeBack(cognito, pool, request, response);
      case '/logout':
        return logout(cognito, pool, await providerOf(pool), request, response);
    }
    const provider = await providerOf(pool);
    if (path.startsWith('/login/')) return loginPage(cognito, provider, request, response);
    if (!/^\/oauth2\/(authorize|token)(\/|$)/.test(path)) {
      return sendJson(response, 404, { message: `${request.method} ${path} is not here.` });
    }
    await provider.callback()(mounted(cognito, pool, path, request), response);
  };
}

/** What a browser asks before a page sends a token along: any page may, as on AWS. */
function preflight(response: ServerResponse): void {
  const headers = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': 'authorization, content-type',
  };
  response.writeHead(204, headers).end();
}

/** The request as the library expects it below a prefix; a request for no scope is for all that the client has. */
function mounted({ pools }: Cognito, pool: Pool, path: string, request: IncomingMessage): IncomingMessage {
  const query = new URLSearchParams(request.url?.split('?')[1]);
  const client = pools.clientOf(pool, query.get('client_id') ?? '');
  if (path === '/oauth2/authorize' && client && !query.get('scope')) query.set('scope', client.scopes.join(' '));
  const search = query.size > 0 ? `?${query}` : '';
  return Object.assign(request, { originalUrl: `/${pool.id}${path}${search}`, url: `${path}${search}` });
}

/** A pool's `/.well-known/openid-configuration`. On AWS the pages are of another host, the domain's; here of the issuer. */
function discovery({ issuer }: Pool): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth2/authorize`,
    token_endpoint: `${issuer}/oauth2/token`,
    userinfo_endpoint: `${issuer}/oauth2/userInfo`,
    revocation_endpoint: `${issuer}/oauth2/revoke`,
    end_session_endpoint: `${issuer}/logout`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: ['S256'],
  };
}

// The smaller endpoints of a pool's domain: who holds a token, ending a refresh token, and signing out of the pages.

/** `/oauth2/userInfo`: the claims of the user whose access token has the scope `openid`. */
function userInfo(cognito: Cognito, request: IncomingMessage, response: ServerResponse): void {
  const { status, body } = userInfoOf(cognito, request.headers.authorization ?? '');
  sendJson(response, status, body);
}

function userInfoOf({ tokens }: Cognito, authorization: string): { status: number; body: object } {
  const [, token = ''] = /^Bearer (.+)$/i.exec(authorization) ?? [];
  const refused = (status: number, error: string, words: string) => ({
    status,
    body: { error, error_description: words },
  });
  try {
    const { user, claims } = tokens.holder(token);
    const openid = String(claims.scope).split(' ').includes('openid');
    if (!openid) return refused(403, 'insufficient_scope', 'The token lacks the scope openid.');
    return { status: 200, body: { sub: user.sub, ...user.attributes, username: user.username } };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return refused(401, 'invalid_token', error.message);
  }
}

/** `/oauth2/revoke`: ends a refresh token, and answers the same whether there was one. */
async function revoke(cognito: Cognito, pool: Pool, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = await readForm(request);
  const basic = Buffer.from(request.headers.authorization?.replace(/^Basic /i, '') ?? '', 'base64').toString();
  const [id = '', secret] = basic ? basic.split(':') : [form.get('client_id') ?? '', form.get('client_secret')];
  const client = cognito.pools.clientOf(pool, id);
  if (!client || (client.secret !== undefined && client.secret !== secret)) {
    return sendJson(response, 401, { error: 'invalid_client' });
  }
  cognito.tokens.revoke(client, form.get('token') ?? '');
  response.writeHead(200, { 'access-control-allow-origin': '*' }).end();
}

/** `/logout`: forgets who is signed in at the pages, and goes to the `logout_uri`, which must be one of the client's. */
async function logout(
  { pools }: Cognito,
  pool: Pool,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const query = new URLSearchParams(request.url?.split('?')[1]);
  const client = pools.clientOf(pool, query.get('client_id') ?? '');
  const target = query.get('logout_uri') ?? '';
  if (!client?.logoutUrls.includes(target)) {
    const why = client ? 'logout_uri is not one of the LogoutURLs of the client.' : 'client_id is not of this pool.';
    response.writeHead(400, htmlHeaders()).end(errorPage(why));
    return;
  }
  const session = await provider.Session.get(provider.createContext(request, response));
  if (session.accountId) await session.destroy();
  response.writeHead(302, { location: target, 'cache-control': 'no-store' }).end();
}
