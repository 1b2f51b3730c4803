/** The frame of the sign-in pages: HTML without script, in the reader's light or dark. */
import { createHash } from 'node:crypto';

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
export function page(title: string, body: string): string {
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

export function asHtml(text: string): string {
  return text.replace(/[&<>"']/g, letter => `&#${letter.charCodeAt(0)};`);
}
