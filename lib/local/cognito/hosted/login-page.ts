/** The sign-in page of one authorization request: shows its steps and, once the user is signed in, hands the request on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { Client, IdentityProvider, Pool } from '../pool.ts';
import type { Cognito } from '../state.ts';
import { leave } from './federated-sign-in.ts';
import { errorPage, htmlHeaders } from './page.ts';
import { SESSION_SECONDS } from './pool-provider.ts';
import { readForm } from './read-form.ts';
import { submit } from './steps.ts';
import { type Choices, render, type View } from './views.ts';

interface Visit {
  readonly cognito: Cognito;
  readonly provider: Provider;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly pool: Pool;
  readonly client: Client;
  /** Of the page: the authorization request that it stands for. */
  readonly uid: string;
  readonly providers: readonly IdentityProvider[];
}

export async function loginPage(
  cognito: Cognito,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
  if (!interaction) return send(response, 400, errorPage('The page was open for too long, or was left before.'));
  const { params, uid } = interaction;
  const client = cognito.pools.client(String(params.client_id));
  const pool = cognito.pools.pool(client.poolId);
  const providers = cognito.pools
    .identityProviders(pool.id)
    .filter(({ name }) => client.identityProviders.includes(name));
  const visit = { cognito, provider, request, response, pool, client, uid, providers };
  if (request.method === 'POST') return answerForm(visit);
  const ticket = new URLSearchParams(request.url?.split('?')[1]).get('ticket');
  const sub = ticket === null ? undefined : cognito.federations.redeem(pool.id, uid, ticket);
  if (sub !== undefined) return finish(visit, sub);
  const wanted = providers.find(({ name }) => name === params.identity_provider);
  if (wanted && ticket === null) return goToProvider(visit, wanted);
  show(visit, { page: 'sign-in', email: String(params.login_hint ?? '') });
}

async function answerForm(visit: Visit): Promise<void> {
  const { cognito, client, providers, request } = visit;
  const form = await readForm(request);
  const field = (name: string): string => form.get(name) ?? '';
  const action = field('action');
  const wanted = providers.find(({ name }) => action === 'federate' && name === field('provider'));
  if (wanted) return goToProvider(visit, wanted);
  if (!choices(visit).passwords) return show(visit, { page: 'sign-in' });
  const outcome = await submit(cognito, client, action, {
    ...{ email: field('email').trim(), password: field('password') },
    ...{ code: field('code'), session: field('session') },
  });
  if ('view' in outcome) return show(visit, outcome.view);
  await finish(visit, outcome.user.sub);
}

async function goToProvider(visit: Visit, wanted: IdentityProvider): Promise<void> {
  const { cognito, pool, uid, response } = visit;
  let location: string;
  try {
    location = await leave(cognito, pool, uid, wanted);
  } catch (error) {
    return show(visit, { page: 'sign-in', error: `${wanted.name} cannot be reached: ${(error as Error).message}` });
  }
  goTo(response, location);
}

/** Sends the browser on with its request answered. A session of another user at these pages ends. */
async function finish({ provider, request, response }: Visit, sub: string): Promise<void> {
  const { session } = await provider.interactionDetails(request, response);
  const returnTo = await provider.interactionResult(request, response, { login: { accountId: sub } });
  const stored = session && session.accountId !== sub ? await provider.Session.findByUid(session.uid) : undefined;
  if (stored?.accountId) {
    delete stored.accountId;
    await stored.save(SESSION_SECONDS);
  }
  goTo(response, returnTo);
}

function choices({ client, pool, providers }: Visit): Choices {
  return {
    application: client.name,
    passwords: client.identityProviders.includes('COGNITO'),
    providers: providers.map(({ name }) => name),
    signUp: !pool.adminCreatesUsersOnly,
    recovery: pool.recoversByEmail,
  };
}

function show(visit: Visit, view: View): void {
  send(visit.response, view.error ? 400 : 200, render(view, choices(visit)));
}

function goTo(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store' }).end();
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, htmlHeaders()).end(html);
}
