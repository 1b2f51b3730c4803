/** What a submitted form of the sign-in pages leads to: the next page, or a user who is signed in. */
import { AwsError } from '../../service.ts';
import { confirmForgotPassword, forgotPassword } from '../forgot-password.ts';
import type { Client } from '../pool.ts';
import { enterCode, enterNewPassword, enterPassword, finishSetup, proveSetup, resume, type Step } from '../sign-in.ts';
import { confirmSignUp, resendCode, signUp } from '../sign-up.ts';
import { associate } from '../software-token.ts';
import type { Cognito } from '../state.ts';
import type { User } from '../users.ts';
import type { View } from './views.ts';

export type Outcome = { readonly user: User } | { readonly view: View };
type Answer = (cognito: Cognito, client: Client, form: Form) => Promise<Outcome>;

export interface Form {
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

export async function submit(cognito: Cognito, client: Client, action: string, form: Form): Promise<Outcome> {
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
