/** The sign-in page of one authorization request: shows its steps and, once the user is signed in, hands the request on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { Client, Pool } from '../pool.ts';
import type { Cognito } from '../state.ts';
import type { User } from '../users.ts';
import { errorPage, htmlHeaders } from './page.ts';
import { SESSION_SECONDS } from './pool-provider.ts';
import { readForm } from './read-form.ts';
import { submit } from './steps.ts';
import { render, type View } from './views.ts';

export async function loginPage(
  cognito: Cognito,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
  if (!interaction) return send(response, 400, errorPage('The page was open for too long, or was left before.'));
  const client = cognito.pools.client(String(interaction.params.client_id));
  const pool = cognito.pools.pool(client.poolId);
  if (request.method !== 'POST') {
    const hint = String(interaction.params.login_hint ?? '');
    return show(response, pool, client, { page: 'sign-in', email: hint });
  }
  const form = await readForm(request);
  const field = (name: string): string => form.get(name) ?? '';
  const outcome = await submit(cognito, client, field('action'), {
    ...{ email: field('email').trim(), password: field('password') },
    ...{ code: field('code'), session: field('session') },
  });
  if ('view' in outcome) return show(response, pool, client, outcome.view);
  const returnTo = await finish(provider, request, response, outcome.user);
  response.writeHead(303, { location: returnTo, 'cache-control': 'no-store' }).end();
}

/** Where the browser goes on. A session of another user at these pages ends. */
async function finish(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  user: User,
): Promise<string> {
  const { session } = await provider.interactionDetails(request, response);
  const returnTo = await provider.interactionResult(request, response, { login: { accountId: user.sub } });
  if (session?.accountId && session.accountId !== user.sub) {
    const stored = await provider.Session.findByUid(session.uid);
    if (stored) {
      delete stored.accountId;
      await stored.save(SESSION_SECONDS);
    }
  }
  return returnTo;
}

function show(response: ServerResponse, pool: Pool, client: Client, view: View): void {
  const signUp = !pool.adminCreatesUsersOnly;
  const html = render(view, { application: client.name, signUp, recovery: pool.recoversByEmail });
  send(response, view.error ? 400 : 200, html);
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, htmlHeaders()).end(html);
}
