/** The frame of the sign-in pages: HTML without script, in the reader's light or dark. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const STYLE = `
:root { color-scheme: light dark; --ink: #17191f; --soft: #5c6270; --line: #d5d8e0; --paper: #fff; --desk: #f2f3f7; --act: #2b4bd7; --bad: #b3261e; --good: #1c6b3c; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceef4; --soft: #a3a9b8; --line: #3a3f4d; --paper: #1d2029; --desk: #12141a; --act: #8ea2ff; --bad: #ff9c94; --good: #86d6a5; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--desk); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 400px; padding: 36px 32px; background: var(--paper); border: 1px solid var(--line); border-radius: 14px; box-shadow: 0 12px 40px rgb(0 0 0 / 8%); }
h1 { margin: 0 0 4px; font-size: 24px; line-height: 1.25; }
p { margin: 0 0 20px; color: var(--soft); }
p.error, p.notice { padding: 10px 14px; border: 1px solid currentcolor; border-radius: 8px; }
p.error { color: var(--bad); } p.notice { color: var(--good); }
label { display: block; margin-bottom: 16px; font-weight: 600; font-size: 14px; }
input { display: block; width: 100%; margin-top: 6px; padding: 11px 12px; border: 1px solid var(--line); border-radius: 8px; background: transparent; color: inherit; font: inherit; }
input.code { letter-spacing: .35em; font-variant-numeric: tabular-nums; }
input:focus, button:focus-visible, a:focus-visible { outline: 2px solid var(--act); outline-offset: 2px; }
button { width: 100%; padding: 12px; border: 0; border-radius: 8px; background: var(--act); color: var(--paper); font: inherit; font-weight: 600; cursor: pointer; }
form + form { margin-top: 12px; }
form.other button { padding: 6px; background: none; color: var(--act); font-weight: 500; }
hr { border: 0; border-top: 1px solid var(--line); margin: 24px 0 16px; }
code { display: block; margin-bottom: 16px; padding: 12px; border: 1px dashed var(--line); border-radius: 8px; overflow-wrap: anywhere; text-align: center; font-size: 15px; }
a { color: var(--act); }
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

export function htmlHeaders(): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** `body` is HTML; the title is text. */
function page(title: string, body: string): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`;
  return `<!doctype html>
<html lang="en"><head>${head}<title>${asHtml(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${asHtml(title)}</h1>${body}</main></body></html>
`;
}

export function errorPage(message: string): string {
  const advice = 'Go back to the application and begin again.';
  return page('This sign-in cannot go on', `<p class="error" role="alert">${asHtml(message)}</p><p>${advice}</p>`);
}

function asHtml(text: string): string {
  return text.replace(/[&<>"']/g, letter => `&#${letter.charCodeAt(0)};`);
}

/** More than any form of these pages. */
const LARGEST_BYTES = 64 * 1024;

/** Throws where the form is too large to be one of ours. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BYTES) throw new Error('a form larger than 64 KiB was sent to the sign-in pages');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

// What each step of the sign-in pages shows. A form posts to its own page; `action` says which step it answers.

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
