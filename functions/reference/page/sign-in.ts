/** The page at which people sign in and out and copy a token, until there is a console. Pure. */
import * as z from 'zod';
import { readAccount } from '../../accounts/contract.ts';
import { listPlans } from '../../usage/limits-contract.ts';
import { SIGN_INS } from '../contract.ts';
import { ICON, MARK } from './frame.ts';
import { Html, html } from './html.ts';
import { SIGN_IN_SCRIPT } from './sign-in-script.ts';
import { STYLE } from './style.ts';

const SignIns = z.array(
  z.strictObject({ name: z.enum(SIGN_INS), url: z.string(), issuer: z.string(), clientId: z.string() }),
);

/** A user pool's client, and where its pages are. */
export type SignIn = z.infer<typeof SignIns>[number];

/** As the template writes them; throws where it wrote something else. */
export function readSignIns(setting: string): readonly SignIn[] {
  return SignIns.parse(JSON.parse(setting));
}

/** A first call that whoever signed in there may make, whatever else they may. */
const FIRST_CALL: Readonly<Record<SignIn['name'], string>> = { developers: readAccount.path, staff: listPlans.path };

export const SIGN_IN_STYLE = `${STYLE}
.sign-in>*{padding-inline:clamp(1rem,3vw,2.75rem);max-width:52rem;margin-inline:auto}.sign-in header{padding-top:1.2rem}.sign-in h1{margin-top:clamp(1.5rem,4vw,2.6rem)}h1:focus{outline:0}
.ways{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,16rem),1fr));gap:1rem;list-style:none;margin:1.6rem 0 0;padding:0}
.ways li{display:flex;flex-direction:column;background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.2rem 1.3rem 1.3rem}.ways p{flex:1;color:var(--soft);margin:0 0 1.1rem}
.sign-in h2{font-size:1.15rem;margin:0 0 .3rem}#samples h2{margin-top:1.8rem}
.sign-in button{padding:.55rem 1rem}.sign-in .main{background:var(--accent);border-color:var(--accent);color:var(--paper);font-weight:600}.sign-in .main:hover{color:var(--paper);filter:brightness(1.08)}
.said:not(:empty){border:1px solid var(--line);border-left:.25rem solid var(--get);border-radius:.4rem;background:var(--card);padding:.65rem .9rem;margin:1.1rem 0;max-width:68ch}.said[role=alert]:not(:empty){border-left-color:var(--delete)}
.sign-in .members{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.3rem 1.3rem;margin-top:1.4rem}.sign-in .members div:first-child{border:0}.sign-in .members dd{overflow-wrap:anywhere}
.line{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between}.line h2{margin:0!important}.line{margin-top:1.8rem}.sign-in pre{white-space:nowrap;scrollbar-width:thin}
.actions{display:flex;flex-wrap:wrap;gap:.7rem;margin-top:2rem}`;

/** `root` is the path below which the API is, and `callbacks` are where the pools send browsers back to. */
export function signInPage(root: string, signIns: readonly SignIn[], callbacks: readonly string[]): string {
  const settings = { callbacks, pools: signIns.map(pool => ({ ...pool, call: FIRST_CALL[pool.name] })) };
  const row = (id: string, label: string): Html =>
    html`<div id="${id}-row"><dt>${label}</dt><dd id="${id}"></dd></div>`;
  const copied = (id: string, title: string, button: string): Html =>
    html`<div class="line"><h2 id="${id}-title">${title}</h2><button type="button" id="copy-${id}">${button}</button></div>
<pre id="${id}" tabindex="0" role="group" aria-labelledby="${id}-title"></pre>`;
  return html`${new Html('<!doctype html>')}
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Sign in: Mutoscope</title><link rel="icon" href="${ICON}"><style>${new Html(SIGN_IN_STYLE)}</style></head>
<body class="sign-in" data-sign-in="${JSON.stringify(settings)}"><a class="skip" href="#content">Skip to the content</a>
<header><a class="brand" href="${root}/docs">${MARK}<span>Mutoscope <small>sign-in</small></span></a></header>
<main id="content" tabindex="-1"><h1 id="title" tabindex="-1">Sign in</h1>
<noscript><p>This page signs in by its script, which your browser does not run.</p></noscript>
<div class="said" id="wrong" role="alert"></div><div class="said" id="said" role="status"></div>
<p id="own" hidden>The page that can sign in is <a id="own-address" href="${root}/sign-in">here</a>.</p>
<section id="out" aria-labelledby="title" hidden><p class="lead">Sign in to get a token for the calls that keys cannot make: accounts, keys, money.</p>
<ul class="ways"><li><h2>Customers</h2><p>Register, make keys, buy credits, see what was used. New here? Sign up on the next page.</p><button type="button" class="main" id="developers">Sign in as a customer</button></li>
<li><h2>Staff</h2><p>Operators, finance and reviewers, with a second factor: an authenticator app.</p><button type="button" class="main" id="staff">Sign in as staff</button></li></ul></section>
<section id="in" aria-labelledby="title" hidden>
<dl class="members">${row('who', 'E-mail')}${row('kind', 'Signed in as')}${row('roles', 'Roles')}${row('account', 'Account')}${row('ends', 'The token ends')}</dl>
<div id="samples">${copied('token', 'Token', 'Copy the token')}
<p class="quiet">Whoever has it may do what you may, until it ends. It is kept in this tab alone, and goes with it.</p>
${copied('call', 'A first call', 'Copy the call')}</div>
<p class="actions"><button type="button" class="main" id="renew">Get a new token</button><button type="button" id="leave">Sign out</button></p></section></main>
<footer>What each call is for stands in the <a href="${root}/docs">reference</a>.</footer>
<script>${new Html(SIGN_IN_SCRIPT)}</script></body></html>`.text;
}
