/** The smaller endpoints of a pool's domain: who holds a token, ending a refresh token, and signing out of the pages. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { AwsError } from '../../service.ts';
import { sendJson } from '../issuer-server.ts';
import type { Client, Pool } from '../pool.ts';
import type { Cognito } from '../state.ts';
import { errorPage, htmlHeaders } from './page.ts';
import { readForm } from './read-form.ts';

/** `/oauth2/userInfo`: the claims of the user whose access token has the scope `openid`. */
export function userInfo(cognito: Cognito, request: IncomingMessage, response: ServerResponse): void {
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
export async function revoke(
  cognito: Cognito,
  pool: Pool,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
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
export async function logout(
  { pools }: Cognito,
  pool: Pool,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const query = new URLSearchParams(request.url?.split('?')[1]);
  const client = pools.clientOf(pool, query.get('client_id') ?? '');
  const target = query.get('logout_uri') ?? '';
  if (!client || !isOneOf(target, client)) {
    const why = client ? 'logout_uri is not one of the LogoutURLs of the client.' : 'client_id is not of this pool.';
    response.writeHead(400, htmlHeaders()).end(errorPage(why));
    return;
  }
  const session = await provider.Session.get(provider.createContext(request, response));
  if (session.accountId) await session.destroy();
  response.writeHead(302, { location: target, 'cache-control': 'no-store' }).end();
}

/** As for callbacks, the port of a loopback address may be any. */
function isOneOf(target: string, { logoutUrls }: Client): boolean {
  const withoutPort = (url: string): string => url.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])):\d+/, '$1');
  return logoutUrls.some(url => url === target || withoutPort(url) === withoutPort(target));
}
