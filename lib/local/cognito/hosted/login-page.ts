/** The sign-in page of one authorization request: shows its steps and, once the user is signed in, hands the request on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { AwsError } from '../../service.ts';
import type { Client, IdentityProvider, Pool } from '../pools.ts';
import { enterCode, enterNewPassword, enterPassword, finishSetup, proveSetup, resume, type Step } from '../sign-in.ts';
import { confirmForgotPassword, confirmSignUp, forgotPassword, resendCode, signUp } from '../sign-up.ts';
import { associate } from '../software-token.ts';
import type { Cognito } from '../state.ts';
import type { User } from '../users.ts';
import { leave } from './federated-sign-in.ts';
import { type Choices, errorPage, htmlHeaders, readForm, render, type View } from './page.ts';
import { SESSION_SECONDS } from './pool-provider.ts';

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
    email: field('email').trim(),
    password: field('password'),
    code: field('code'),
    session: field('session'),
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

// What a submitted form of the sign-in pages leads to: the next page, or a user who is signed in.

type Outcome = { readonly user: User } | { readonly view: View };
type Answer = (cognito: Cognito, client: Client, form: Form) => Promise<Outcome>;

interface Form {
  readonly email: string;
  readonly password: string;
  readonly code: string;
  readonly session: string;
}

/** By the form's `action`. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'show-sign-in': async () => ({ view: { page: 'sign-in' } }),
  'show-sign-up': async () => ({ view: { page: 'sign-up' } }),
  'show-forgot': async () => ({ view: { page: 'forgot' } }),
  'sign-in': async (cognito, client, { email, password }) => {
    try {
      return next(cognito, client, await enterPassword(cognito, client, email, password));
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'UserNotConfirmedException') throw error;
      await resendCode(cognito, client, email);
      return { view: { page: 'confirm', email } };
    }
  },
  'sign-up': async (cognito, client, { email, password }) => {
    await signUp(cognito, client, { username: email, password, attributes: [{ Name: 'email', Value: email }] });
    return { view: { page: 'confirm', email } };
  },
  confirm: async (cognito, client, { email, code }) => {
    confirmSignUp(cognito, client, email, code);
    return { view: { page: 'sign-in', email, notice: 'Your address is confirmed. Sign in to go on.' } };
  },
  resend: async (cognito, client, { email }) => {
    await resendCode(cognito, client, email);
    return { view: { page: 'confirm', email, notice: 'Another code is on its way.' } };
  },
  forgot: async (cognito, client, { email }) => {
    await forgotPassword(cognito, client, email);
    return { view: { page: 'reset', email } };
  },
  reset: async (cognito, client, { email, code, password }) => {
    await confirmForgotPassword(cognito, client, { username: email, code, password });
    return { view: { page: 'sign-in', email, notice: 'Your password is set. Sign in to go on.' } };
  },
  'new-password': async (cognito, client, { session, password }) =>
    next(cognito, client, await enterNewPassword(cognito, client, session, password)),
  code: async (cognito, client, { session, code }) =>
    next(cognito, client, enterCode(cognito, client, session, code.trim())),
  setup: async (cognito, client, { session, code }) => {
    const proved = proveSetup(cognito, client, session, code.trim());
    return next(cognito, client, finishSetup(cognito, client, proved));
  },
};

/** Where a form was refused: the page that it stood on, with what was typed but the secrets. */
const PAGES: Readonly<Record<string, (cognito: Cognito, client: Client, form: Form) => View>> = {
  'sign-up': (_cognito, _client, { email }) => ({ page: 'sign-up', email }),
  confirm: (_cognito, _client, { email }) => ({ page: 'confirm', email }),
  resend: (_cognito, _client, { email }) => ({ page: 'confirm', email }),
  forgot: (_cognito, _client, { email }) => ({ page: 'forgot', email }),
  reset: (_cognito, _client, { email }) => ({ page: 'reset', email }),
  'new-password': (cognito, client, { session }) => {
    resume(cognito, client, session, 'NEW_PASSWORD_REQUIRED');
    return { page: 'new-password', session };
  },
  code: (cognito, client, { session }) => {
    resume(cognito, client, session, 'SOFTWARE_TOKEN_MFA');
    return { page: 'code', session };
  },
  setup: (cognito, client, { session }) => {
    // The secret of this page again: the app has it already, and only the code was wrong.
    const { user } = resume(cognito, client, session, 'MFA_SETUP');
    return setupView(session, user, user.totp_pending ?? '');
  },
};

async function submit(cognito: Cognito, client: Client, action: string, form: Form): Promise<Outcome> {
  const answer = Object.hasOwn(ANSWERS, action) ? ANSWERS[action] : undefined;
  if (!answer) return { view: { page: 'sign-in' } };
  try {
    return await answer(cognito, client, form);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { view: { ...refusedOn(cognito, client, action, form), error: error.message } };
  }
}

function refusedOn(cognito: Cognito, client: Client, action: string, form: Form): View {
  try {
    return PAGES[action]?.(cognito, client, form) ?? { page: 'sign-in', email: form.email };
  } catch (error) {
    // The challenge is over: it begins with the password again.
    if (error instanceof AwsError) return { page: 'sign-in' };
    throw error;
  }
}

function next(cognito: Cognito, client: Client, step: Step): Outcome {
  if (step.kind === 'signed-in') return { user: step.user };
  const { name, session, user } = step;
  if (name === 'NEW_PASSWORD_REQUIRED') return { view: { page: 'new-password', session } };
  if (name === 'SOFTWARE_TOKEN_MFA') return { view: { page: 'code', session } };
  const secret = associate(cognito, cognito.pools.pool(client.poolId), user);
  return { view: setupView(session, user, secret) };
}

function setupView(session: string, user: User, secret: string): View {
  return { page: 'setup', session, secret, account: user.attributes.email ?? user.username };
}
