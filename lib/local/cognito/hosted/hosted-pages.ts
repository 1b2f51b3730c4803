/** What answers below a pool's issuer: the documents that say how to verify its tokens, and the sign-in pages. */
import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import { type PoolHandler, sendJson } from '../issuer-server.ts';
import type { Pool } from '../pool.ts';
import type { Cognito } from '../state.ts';
import { discovery } from './discovery.ts';
import { logout, revoke, userInfo } from './endpoints.ts';
import { comeBack } from './federated-sign-in.ts';
import { loginPage } from './login-page.ts';
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

/** The request as the library expects it below a prefix; a request for no scope is for all that the client has. */
function mounted({ pools }: Cognito, pool: Pool, path: string, request: IncomingMessage): IncomingMessage {
  const query = new URLSearchParams(request.url?.split('?')[1]);
  const client = pools.clientOf(pool, query.get('client_id') ?? '');
  if (path === '/oauth2/authorize' && client && !query.get('scope')) query.set('scope', client.scopes.join(' '));
  const search = query.size > 0 ? `?${query}` : '';
  return Object.assign(request, { originalUrl: `/${pool.id}${path}${search}`, url: `${path}${search}` });
}
