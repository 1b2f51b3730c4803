/** What answers below a pool's issuer: the documents that say how to verify its tokens, and the sign-in pages. */
import { type PoolHandler, sendJson } from '../issuer-server.ts';
import type { Cognito } from '../state.ts';
import { discovery } from './discovery.ts';

export function hostedPages(cognito: Cognito): PoolHandler {
  return async (poolId, path, request, response) => {
    const pool = cognito.pools.find(poolId);
    if (!pool) return sendJson(response, 404, { message: `User pool ${poolId} does not exist.` });
    if (request.method === 'GET' && path === '/.well-known/jwks.json') {
      return sendJson(response, 200, cognito.keys.jwks(pool.id));
    }
    if (request.method === 'GET' && path === '/.well-known/openid-configuration') {
      return sendJson(response, 200, discovery(pool));
    }
    return sendJson(response, 404, { message: `${request.method} ${path} is not here.` });
  };
}
