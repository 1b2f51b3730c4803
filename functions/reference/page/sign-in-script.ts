/**
 * What the sign-in page does: the code flow of OAuth 2.0 with PKCE at the pages of a user pool, by OpenID Connect. What
 * always holds:
 * - A code is exchanged only where this tab began the sign-in (`state`), once, and its id token must be of it (`nonce`), of the
 *   pool and of the client. It comes from the pool itself over TLS, so that its signature need not be verified too.
 * - Tokens are kept in `sessionStorage` alone: they are of this tab and go with it.
 * - What an address says is shown only where it answers a sign-in of this tab, and always as text.
 */
export const SIGN_IN_SCRIPT = `
'use strict';
(() => {
  const { callbacks, pools } = JSON.parse(document.body.dataset.signIn);
  const HERE = location.origin + location.pathname;
  const PAGE = '/sign-in';
  const API = HERE.slice(0, HERE.lastIndexOf(PAGE));
  const byId = id => document.getElementById(id);
  const poolOf = name => pools.find(pool => pool.name === name);

  const put = (name, value) => sessionStorage.setItem('sign-in.' + name, JSON.stringify(value));
  const get = name => JSON.parse(sessionStorage.getItem('sign-in.' + name) ?? 'null');
  const forget = name => sessionStorage.removeItem('sign-in.' + name);
  const take = name => { const value = get(name); forget(name); return value; };

  const say = words => { byId('wrong').textContent = ''; byId('said').textContent = words; };
  const fail = words => { byId('said').textContent = ''; byId('wrong').textContent = words; };
  const show = (part, title) => {
    for (const other of ['out', 'in']) byId(other).hidden = other !== part;
    byId('title').textContent = title;
    document.title = title + ': Mutoscope';
    byId('title').focus();
  };

  const base64url = bytes => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const random = bytes => base64url(crypto.getRandomValues(new Uint8Array(bytes)));
  const claimsOf = token => {
    const text = atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, letter => letter.charCodeAt(0))));
  };
  const timeOf = seconds => new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

  async function begin(pool, go) {
    const begun = { pool: pool.name, state: random(16), nonce: random(16), verifier: random(32) };
    put('begun', begun);
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(begun.verifier));
    go(pool.url + '/oauth2/authorize?' + new URLSearchParams({
      response_type: 'code', client_id: pool.clientId, redirect_uri: HERE, scope: 'openid email',
      state: begun.state, nonce: begun.nonce, code_challenge: base64url(new Uint8Array(hash)), code_challenge_method: 'S256',
    }));
  }

  /** An answer of the pool's token endpoint; its error is a word of OAuth, or 'unreachable'. */
  async function ask(pool, form) {
    try {
      const body = new URLSearchParams({ client_id: pool.clientId, ...form });
      const answer = await fetch(pool.url + '/oauth2/token', { method: 'POST', body, credentials: 'omit' });
      return await answer.json();
    } catch {
      return { error: 'unreachable' };
    }
  }
  const WHY = {
    invalid_grant: 'The code of this sign-in was used before, or is older than five minutes. Sign in again.',
    unreachable: 'The sign-in pages could not be reached. Sign in again; where that does not help, look at your connection.',
    access_denied: 'The sign-in was cancelled, or you were not let in.',
    server_error: 'The sign-in pages failed. Sign in again in a moment.',
    temporarily_unavailable: 'The sign-in pages are busy. Sign in again in a moment.',
  };
  const why = (error, description) =>
    (WHY[error] ?? 'The sign-in pages refused: ' + error + '.') + (description ? ' They say: ' + description : '');

  /** What the sign-in pages sent the browser back with. */
  async function finish(query) {
    const begun = take('begun');
    // A reload, or a link that is kept, must not answer twice.
    history.replaceState(null, '', location.pathname);
    if (!begun || query.get('state') !== begun.state) {
      return fail('This answer belongs to no sign-in of this tab, or to one that ended before, so nothing was taken from it. Sign in again.');
    }
    const pool = poolOf(begun.pool);
    if (query.has('error')) return fail(why(query.get('error'), query.get('error_description')));
    say('Signing in …');
    const answer = await ask(pool, {
      grant_type: 'authorization_code', code: query.get('code'), redirect_uri: HERE, code_verifier: begun.verifier,
    });
    if (answer.error) return fail(why(answer.error));
    const { nonce, aud, iss } = claimsOf(answer.id_token);
    if (nonce !== begun.nonce || aud !== pool.clientId || iss !== pool.issuer) {
      return fail('The token that came back is not of this sign-in, so it was thrown away. Sign in again.');
    }
    keepTokens(pool, answer, answer.refresh_token);
    say('');
  }

  function keepTokens(pool, answer, refresh) {
    put('tokens', { pool: pool.name, access: answer.access_token, id: answer.id_token, refresh });
  }
  const endOf = tokens => claimsOf(tokens.access).exp;
  const isOver = tokens => endOf(tokens) * 1000 <= Date.now();

  async function renew() {
    const tokens = get('tokens');
    if (!tokens) return start();
    const pool = poolOf(tokens.pool);
    const answer = await ask(pool, { grant_type: 'refresh_token', refresh_token: tokens.refresh });
    if (answer.error === 'unreachable') return fail('No new token: the sign-in pages could not be reached.');
    if (answer.error) {
      forget('tokens');
      render();
      return fail('No new token: your sign-in has ended. Sign in again.');
    }
    keepTokens(pool, answer, answer.refresh_token ?? tokens.refresh);
    const reading = render();
    say('Here is a new token, good until ' + timeOf(endOf(get('tokens'))) + '. The one before is good until its own end.');
    return reading;
  }

  async function leave() {
    const { pool: name, refresh } = get('tokens') ?? {};
    const pool = poolOf(name);
    forget('tokens');
    if (!pool) return start();
    put('left', true);
    // Where this fails, the pages forget the person all the same, and the token for new ones is nowhere any more.
    await fetch(pool.url + '/oauth2/revoke', {
      method: 'POST', body: new URLSearchParams({ token: refresh, client_id: pool.clientId }), credentials: 'omit',
      signal: AbortSignal.timeout(3000),
    }).catch(() => {});
    location.assign(pool.url + '/logout?' + new URLSearchParams({ client_id: pool.clientId, logout_uri: HERE }));
  }

  function tick() {
    const tokens = get('tokens');
    if (!tokens) return;
    const end = endOf(tokens);
    const minutes = Math.ceil((end * 1000 - Date.now()) / 60000);
    byId('ends').textContent = isOver(tokens)
      ? 'at ' + timeOf(end) + ': it is over'
      : 'at ' + timeOf(end) + ', in ' + (minutes === 1 ? 'a minute' : minutes + ' minutes');
    if (isOver(tokens) && !byId('samples').hidden) fail('The token has ended. Get a new one, or sign out.');
    byId('samples').hidden = isOver(tokens);
  }

  function render() {
    const tokens = get('tokens');
    if (!tokens) return show('out', 'Sign in');
    const pool = poolOf(tokens.pool);
    const claims = claimsOf(tokens.id);
    const groups = claims['cognito:groups'] ?? [];
    const isStaff = pool.name === 'staff';
    byId('who').textContent = claims.email ?? claims['cognito:username'];
    byId('kind').textContent = isStaff ? 'staff' : 'a customer';
    byId('roles').textContent = isStaff
      ? groups.join(', ') || 'none yet: an administrator puts people into the groups of the staff pool'
      : 'developer';
    byId('token').textContent = tokens.access;
    byId('call').textContent = 'curl -s ' + API + pool.call + " -H 'Authorization: Bearer " + tokens.access + "'";
    byId('account-row').hidden = isStaff;
    show('in', 'You are signed in');
    tick();
    if (!isStaff && !isOver(tokens)) return readAccount(tokens.access);
  }

  async function readAccount(token) {
    const field = byId('account');
    field.textContent = 'is being read …';
    try {
      const answer = await fetch(API + poolOf('developers').call, { headers: { authorization: 'Bearer ' + token }, credentials: 'omit' });
      const body = await answer.json();
      field.textContent = answer.ok ? body.id + ' (' + [body.name, body.status].filter(Boolean).join(', ') + ')' : body.detail ?? body.message ?? 'cannot be read: ' + answer.status;
    } catch {
      field.textContent = 'cannot be read: the API could not be reached';
    }
  }

  async function copy(id, name) {
    try {
      await navigator.clipboard.writeText(byId(id).textContent);
      say(name + ' is copied.');
    } catch {
      getSelection().selectAllChildren(byId(id));
      say(name + ' is selected: copy it by the keyboard.');
    }
  }

  async function start() {
    const query = new URLSearchParams(location.search);
    if (!callbacks.includes(HERE)) {
      const own = callbacks.find(url => new URL(url).pathname.endsWith(PAGE));
      show('none', 'Sign in');
      if (own === undefined) return fail('Nobody can sign in at this address: the setting signInCallbacks of the stage does not name ' + HERE + '. Deploy the stage with it.');
      byId('own').hidden = false;
      byId('own-address').href = own;
      byId('own-address').textContent = own;
      return fail('Nobody can sign in at this address: the setting signInCallbacks of the stage does not name ' + HERE + '. Deploy the stage with it, or go to the page that it names.');
    }
    if (query.has('state') || query.has('code') || query.has('error')) {
      await finish(query);
      return render();
    }
    const wanted = poolOf(query.get('as'));
    if (wanted && get('tokens')?.pool !== wanted.name) return begin(wanted, url => location.replace(url));
    if (take('left')) say('You are signed out, here and at the sign-in pages. A token that you copied is good until its own end.');
    return render();
  }

  const guarded = work => () => Promise.resolve().then(work).catch(error => fail('This page cannot go on: ' + error.message + '. It needs https, or an address of this machine, and the session storage of the browser.'));
  for (const pool of pools) byId(pool.name).addEventListener('click', guarded(() => begin(pool, url => location.assign(url))));
  for (const [id, work] of Object.entries({
    renew, leave, 'copy-token': () => copy('token', 'The token'), 'copy-call': () => copy('call', 'The call'),
  })) byId(id).addEventListener('click', guarded(work));
  // The browser may show again what was left: with tokens that are gone.
  addEventListener('pageshow', ({ persisted }) => { if (persisted) location.reload(); });
  setInterval(tick, 15000);
  return guarded(start)();
})();
`.trim();
