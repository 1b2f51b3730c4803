/** Sends a browser to another identity provider, and takes it back with whom that one has signed in. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { externalUser } from '../external-users.ts';
import type { IdentityProvider, Pool } from '../pool.ts';
import type { Cognito } from '../state.ts';
import { errorPage, htmlHeaders } from './page.ts';
import { upstreamClaims, upstreamUrl } from './upstream.ts';

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
