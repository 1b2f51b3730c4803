/** What each step of the sign-in pages shows. A form posts to its own page; `action` says which step it answers. */
import { asHtml, page } from './page.ts';

export type View = { readonly error?: string; readonly notice?: string } & (
  | { readonly page: 'sign-in'; readonly email?: string }
  | { readonly page: 'sign-up'; readonly email?: string }
  | { readonly page: 'confirm'; readonly email: string }
  | { readonly page: 'forgot'; readonly email?: string }
  | { readonly page: 'reset'; readonly email: string }
  | { readonly page: 'new-password'; readonly session: string }
  | { readonly page: 'code'; readonly session: string }
  | { readonly page: 'setup'; readonly session: string; readonly secret: string; readonly account: string }
);

/** What the pool allows besides signing in. */
export interface Choices {
  readonly application: string;
  /** Whether the pool's own users sign in here, and not those of other providers alone. */
  readonly passwords: boolean;
  readonly providers: readonly string[];
  readonly signUp: boolean;
  readonly recovery: boolean;
}

export function render(view: View, choices: Choices): string {
  const { title, body } = content(view, choices);
  const error = view.error ? `<p class="error" role="alert">${asHtml(view.error)}</p>` : '';
  const notice = view.notice ? `<p class="notice" role="status">${asHtml(view.notice)}</p>` : '';
  return page(title, `<p>${asHtml(choices.application)}</p>${error}${notice}${body}`);
}

function content(view: View, { passwords, providers, signUp, recovery }: Choices): { title: string; body: string } {
  switch (view.page) {
    case 'sign-in': {
      const form = `${email(view.email)}${password('Password', 'current-password')}`;
      const others = [
        ...providers.map(name => link('federate', `Sign in with ${name}`, hidden('provider', name))),
        passwords && recovery ? link('show-forgot', 'Forgot your password?') : '',
        passwords && signUp ? link('show-sign-up', 'New here? Make an account') : '',
      ].join('');
      if (!passwords) return { title: 'Sign in', body: others };
      return { title: 'Sign in', body: `${main('sign-in', 'Sign in', form)}${others && `<hr>${others}`}` };
    }
    case 'sign-up': {
      const form = `${email(view.email)}${password('Password', 'new-password')}`;
      const other = `<hr>${link('show-sign-in', 'I have an account')}`;
      return { title: 'Make an account', body: `${main('sign-up', 'Go on', form)}${other}` };
    }
    case 'confirm': {
      const held = hidden('email', view.email);
      const words = `<p>We sent a code of six digits to ${asHtml(view.email)}.</p>`;
      const again = link('resend', 'Send another code', held);
      const body = `${words}${main('confirm', 'Confirm', `${held}${code()}`)}${again}`;
      return { title: 'Check your mail', body };
    }
    case 'forgot':
      return { title: 'Forgot your password?', body: main('forgot', 'Send me a code', email(view.email)) };
    case 'reset': {
      const form = `${hidden('email', view.email)}${code()}${password('New password', 'new-password')}`;
      const words = `<p>If there is an account for ${asHtml(view.email)}, a code is on its way.</p>`;
      return { title: 'Set a new password', body: `${words}${main('reset', 'Set the password', form)}` };
    }
    case 'new-password': {
      const form = `${hidden('session', view.session)}${password('New password', 'new-password')}`;
      const words = '<p>The password that you were given was for this once.</p>';
      return { title: 'Choose a password', body: `${words}${main('new-password', 'Go on', form)}` };
    }
    case 'code': {
      const words = '<p>Enter the code that your authenticator app shows.</p>';
      return {
        title: 'Second step',
        body: `${words}${main('code', 'Sign in', hidden('session', view.session) + code())}`,
      };
    }
    case 'setup':
      return { title: 'Set up your second step', body: setup(view) };
  }
}

function setup({ session, secret, account }: View & { page: 'setup' }): string {
  const uri = `otpauth://totp/${encodeURIComponent(account)}?secret=${secret}`;
  const grouped = secret.match(/.{4}/g)?.join(' ') ?? secret;
  return `<p>Enter this key in an authenticator app, or <a href="${asHtml(uri)}">open it in one</a>. Then enter the code that it shows.</p>
<code>${grouped}</code>${main('setup', 'Verify and sign in', hidden('session', session) + code())}`;
}

function main(action: string, submit: string, fields: string): string {
  return `<form method="post">${hidden('action', action)}${fields}<button>${asHtml(submit)}</button></form>`;
}

function link(action: string, words: string, fields = ''): string {
  return `<form method="post" class="other">${hidden('action', action)}${fields}<button>${asHtml(words)}</button></form>`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${asHtml(value)}">`;
}

function email(value = ''): string {
  return `<label>E-mail<input name="email" type="email" autocomplete="username" required value="${asHtml(value)}"></label>`;
}

function password(label: string, autocomplete: string): string {
  return `<label>${label}<input name="password" type="password" autocomplete="${autocomplete}" required></label>`;
}

function code(): string {
  const attributes = 'inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxlength="6" required';
  return `<label>Code<input name="code" class="code" ${attributes}></label>`;
}
