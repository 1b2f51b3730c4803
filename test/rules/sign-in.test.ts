/** The sign-in page as text, and its script with a user pool that answers whatever a test wants. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ROLES } from '../../functions/catalogue/permissions.ts';
import { rolesOf } from '../../functions/http/access.ts';
import { SIGN_INS, showSignIn } from '../../functions/reference/contract.ts';
import { readSignIns, SIGN_IN_STYLE, signInPage } from '../../functions/reference/page/sign-in.ts';
import { SIGN_IN_SCRIPT } from '../../functions/reference/page/sign-in-script.ts';
import { ROUTES } from '../../functions/routes.ts';
import { SignInTab } from '../support/sign-in-tab.ts';
import { elementsOf } from './html-elements.ts';

const HERE = 'https://api.example.com/live/sign-in';
const POOLS = SIGN_INS.map(name => ({
  name,
  url: `https://${name}.auth.example.com`,
  issuer: `https://issuer.example.com/${name}`,
  clientId: `client-of-${name}`,
}));
const page = signInPage('/live', POOLS, ['https://other.example.com/in', HERE]);
const elements = elementsOf(page);
const named = (name: string) => elements.filter(element => element.name === name);
/** Seconds; everything happens at this moment unless a test moves it. */
const NOW = 1_796_000_000;

describe('the page', () => {
  it('is whole, with every id once', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('asks for nothing from elsewhere, and has one style and one script, which are those of its policy', () => {
    const loading = ['img', 'iframe', 'object', 'embed', 'audio', 'video', 'source', 'base', 'form'];
    expect(elements.filter(({ name }) => loading.includes(name))).toEqual([]);
    const bad = elements.flatMap(({ attributes }) => Object.keys(attributes));
    expect(bad.filter(name => name === 'style' || name === 'src' || name.startsWith('on'))).toEqual([]);
    expect(named('style').map(({ text }) => text)).toEqual([SIGN_IN_STYLE]);
    expect(named('script').map(({ text }) => text)).toEqual([SIGN_IN_SCRIPT]);
    const links = elements.flatMap(({ attributes }) => attributes.href ?? []);
    expect(links.filter(link => !/^(#content|data:image\/svg\+xml,.*|\/live\/(docs|sign-in))$/.test(link))).toEqual([]);
  });

  it('never touches the storage that outlives a tab, and makes nothing of what it reads but text', () => {
    expect(SIGN_IN_SCRIPT).not.toMatch(
      /localStorage|indexedDB|cookie|innerHTML|outerHTML|document\.write|insertAdjacent|eval|Function\(/,
    );
  });

  it('has one heading of the first rank, which comes first, landmarks, names at what scrolls, and regions that speak', () => {
    const ranks = elements.flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []));
    expect(ranks[0]).toBe(1);
    expect(ranks.filter(rank => rank !== 2)).toEqual([1]);
    for (const name of ['main', 'header', 'footer']) expect(named(name), name).toHaveLength(1);
    expect(page.indexOf('<a class="skip" href="#content">')).toBeLessThan(page.indexOf('<header'));
    const ids = new Set(elements.map(({ attributes }) => attributes.id));
    for (const { attributes } of named('pre')) {
      expect(attributes).toMatchObject({ tabindex: '0', role: 'group', 'aria-labelledby': expect.any(String) });
      expect(ids).toContain(attributes['aria-labelledby']);
    }
    const regions = elements
      .map(({ attributes }) => attributes.role)
      .filter(role => role === 'alert' || role === 'status');
    expect(regions.sort()).toEqual(['alert', 'status']);
    // Focus is moved to it: that must be possible.
    expect(elements.find(({ attributes }) => attributes.id === 'title')?.attributes.tabindex).toBe('-1');
    for (const { attributes } of named('button')) expect(attributes.type).toBe('button');
  });

  it('is light: 30 kB', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(30_000);
  });

  it('offers a first call that everybody who may sign in there may make, whatever their role', () => {
    const settings = JSON.parse(unescaped(/ data-sign-in="([^"]*)"/.exec(page)?.[1] ?? ''));
    for (const { name, call } of settings.pools) {
      const route =
        Object.values(ROUTES).find(({ path, method }) => path === call && method === 'GET') ?? expect.fail();
      const roles = ROLES.filter(role => (role === 'developer') === (name === 'developers'));
      expect(rolesOf(route)).toEqual(expect.arrayContaining(roles));
    }
  });

  it('keeps whatever stands in its settings as text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('"><script>', "'><b>")), text => {
        const odd = signInPage(
          '/live',
          POOLS.map(pool => ({ ...pool, url: text })),
          [text],
        );
        const settings = JSON.parse(unescaped(/ data-sign-in="([^"]*)"/.exec(odd)?.[1] ?? ''));
        expect(settings.callbacks).toEqual([text]);
        expect(elementsOf(odd).map(({ name }) => name)).toEqual(elements.map(({ name }) => name));
      }),
      { numRuns: 30 },
    );
  });

  it('reads no settings but those of its pools', () => {
    expect(readSignIns(JSON.stringify(POOLS))).toEqual(POOLS);
    expect(() => readSignIns('[{"name":"guests"}]')).toThrow();
  });
});

describe('its script', () => {
  let tab: SignInTab;
  let now: number;
  /** Calls of the page, and what they are answered: by the end of their address. */
  let calls: { url: string; form: Record<string, string>; authorization: string }[];
  let answers: Record<string, () => Response | Promise<Response>>;

  const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
  const access = (more: object = {}) => jwt({ exp: now + 1800, ...more });
  const tokens = (claims: object, pool = 'developers') =>
    Response.json({
      access_token: access(),
      id_token: jwt({
        iss: `https://issuer.example.com/${pool}`,
        aud: `client-of-${pool}`,
        nonce: sent().get('nonce'),
        email: 'ann@example.com',
        ...claims,
      }),
      refresh_token: 'refresh-1',
    });
  /** What the last authorization request said. */
  let asked: URL;
  const sent = () => asked.searchParams;

  beforeEach(() => {
    now = NOW;
    calls = [];
    answers = {
      '/oauth2/token': () => tokens({}),
      '/oauth2/revoke': () => new Response(),
      '/v1/account': () => Response.json({ id: 'acct_1', name: 'Ann’s films', status: 'active' }),
    };
    tab = new SignInTab({
      address: HERE,
      now: () => now * 1000,
      fetch: async (url, init = {}) => {
        const headers = new Headers(init.headers);
        const form = Object.fromEntries(new URLSearchParams(init.body as URLSearchParams));
        calls.push({ url, form, authorization: headers.get('authorization') ?? '' });
        const answer = Object.entries(answers).find(([end]) => url.endsWith(end))?.[1] ?? expect.fail(url);
        return answer();
      },
    });
  });

  const leaveFor = async (name: string) => {
    await (await tab.open(page)).click(name);
    asked = tab.left ?? expect.fail();
  };
  const comeBack = (query: Record<string, string> = {}) =>
    tab.open(page, `?${new URLSearchParams({ code: 'code-1', state: sent().get('state') ?? '', ...query })}`);
  const signIn = async (name = 'developers') => {
    await leaveFor(name);
    await comeBack();
  };

  it('shows a stranger both ways to sign in, and takes the keyboard to the title', async () => {
    await tab.open(page);
    expect([tab.seen, tab.text('title'), tab.focused]).toEqual([['out'], 'Sign in', 'title']);
  });

  it.each(SIGN_INS)(
    'leads %s to the pages of their pool, with PKCE, a state and a nonce that are never the same',
    async name => {
      await leaveFor(name);
      expect(asked.origin + asked.pathname).toBe(`https://${name}.auth.example.com/oauth2/authorize`);
      expect(Object.fromEntries(sent())).toEqual({
        response_type: 'code',
        client_id: `client-of-${name}`,
        redirect_uri: HERE,
        scope: 'openid email',
        state: expect.stringMatching(/^[\w-]{22}$/),
        nonce: expect.stringMatching(/^[\w-]{22}$/),
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
        code_challenge_method: 'S256',
      });
      const first = asked;
      await leaveFor(name);
      for (const once of ['state', 'nonce', 'code_challenge']) {
        expect(sent().get(once)).not.toBe(first.searchParams.get(once));
      }
    },
  );

  it('exchanges the code once, with the verifier of its challenge, and leaves it in no address', async () => {
    await signIn();
    const [exchange] = calls;
    expect(exchange).toMatchObject({ url: 'https://developers.auth.example.com/oauth2/token' });
    expect(exchange?.form).toMatchObject({
      grant_type: 'authorization_code',
      code: 'code-1',
      client_id: 'client-of-developers',
      redirect_uri: HERE,
    });
    const challenge = createHash('sha256')
      .update(exchange?.form.code_verifier ?? '')
      .digest('base64url');
    expect(challenge).toBe(sent().get('code_challenge'));
    expect(tab.search).toBe('');
    expect(tab.kept).not.toContain(exchange?.form.code_verifier);
  });

  it('says who a customer is, which account is theirs, and when the token ends, which can be copied with a call', async () => {
    await signIn();
    expect(tab.seen).toEqual(['in']);
    expect(tab.text('who')).toBe('ann@example.com');
    expect(tab.text('roles')).toBe('developer');
    expect(tab.text('account')).toBe('acct_1 (Ann’s films, active)');
    expect(tab.text('ends')).toMatch(/^at \d\d:\d\d.*, in 30 minutes$/);
    expect(calls.at(-1)).toMatchObject({
      url: 'https://api.example.com/live/v1/account',
      authorization: `Bearer ${access()}`,
    });
    await tab.click('copy-token');
    expect([tab.copied, tab.text('said')]).toEqual([access(), 'The token is copied.']);
    await tab.click('copy-call');
    expect(tab.copied).toBe(`curl -s https://api.example.com/live/v1/account -H 'Authorization: Bearer ${access()}'`);
  });

  it('says what the API says where a customer has no account yet', async () => {
    answers['/v1/account'] = () => Response.json({ detail: 'no account yet: POST /v1/account' }, { status: 403 });
    await signIn();
    expect(tab.text('account')).toBe('no account yet: POST /v1/account');
  });

  it('says the groups of staff, and asks for no account of theirs', async () => {
    answers['/oauth2/token'] = () => tokens({ 'cognito:groups': ['operator', 'finance'] }, 'staff');
    await signIn('staff');
    expect([tab.text('kind'), tab.text('roles')]).toEqual(['staff', 'operator, finance']);
    expect(tab.part('account-row').hidden).toBe(true);
    expect(calls.map(({ url }) => url)).toEqual(['https://staff.auth.example.com/oauth2/token']);
    answers['/oauth2/token'] = () => tokens({}, 'staff');
    await signIn('staff');
    expect(tab.text('roles')).toMatch(/^none yet: /);
  });

  it('is still signed in after a reload, and when a link to begin is followed', async () => {
    await signIn();
    await tab.open(page);
    expect(tab.seen).toEqual(['in']);
    await tab.open(page, '?as=developers');
    expect([tab.seen, tab.left]).toEqual([['in'], undefined]);
  });

  it.each(SIGN_INS)(
    'begins the sign-in of %s that an address names, and leaves no way back that would begin it again',
    async name => {
      expect(Object.keys((showSignIn.input as unknown as { shape: object }).shape)).toEqual(['as']);
      await tab.open(page, `?as=${name}`);
      expect(tab.left?.origin).toBe(`https://${name}.auth.example.com`);
      expect(tab.isBehind).toBe(false);
    },
  );

  it('takes no code that this tab did not ask for: of another state, a second time, or out of nowhere', async () => {
    const refused = /^This answer belongs to no sign-in of this tab/;
    await leaveFor('developers');
    await comeBack({ state: 'of-another' });
    expect([tab.seen, tab.text('wrong')]).toEqual([['out'], expect.stringMatching(refused)]);
    // What was begun is over with that.
    await comeBack();
    expect(tab.text('wrong')).toMatch(refused);
    await tab.open(page, '?code=stolen');
    expect(tab.text('wrong')).toMatch(refused);
    expect(calls).toEqual([]);
    expect(tab.kept).toBe('[]');
  });

  it.each([
    ['nonce', { nonce: 'another' }],
    ['client', { aud: 'another' }],
    ['pool', { iss: 'https://issuer.example.com/staff' }],
  ])('throws away a token of another %s', async (_, claims) => {
    answers['/oauth2/token'] = () => tokens(claims);
    await signIn();
    expect([tab.seen, tab.text('wrong'), tab.kept]).toEqual([
      ['out'],
      expect.stringMatching(/^The token that came back is not of this sign-in/),
      '[]',
    ]);
  });

  it.each([
    [
      { error: 'access_denied', error_description: 'User cancelled' },
      /^The sign-in was cancelled.*They say: User cancelled$/,
    ],
    [{ error: 'server_error' }, /^The sign-in pages failed\. Sign in again in a moment\.$/],
    [{ error: 'invalid_scope' }, /^The sign-in pages refused: invalid_scope\.$/],
  ])('says in words that the pages answered %o, where they answer a sign-in of this tab', async (query, words) => {
    await leaveFor('developers');
    await comeBack(query);
    expect([tab.text('wrong'), tab.seen, calls]).toEqual([expect.stringMatching(words), ['out'], []]);
    await tab.open(page, `?${new URLSearchParams({ ...query, error_description: 'Call this number' })}`);
    expect(tab.text('wrong')).not.toContain('Call this number');
  });

  it.each([
    [
      'a code that is over',
      () => Response.json({ error: 'invalid_grant' }, { status: 400 }),
      /^The code .* older than five minutes\. Sign in again\.$/,
    ],
    [
      'pages that cannot be reached',
      () => Promise.reject(new TypeError('failed')),
      /^The sign-in pages could not be reached/,
    ],
    [
      'an answer that is no JSON',
      () => new Response('<html>', { status: 502 }),
      /^The sign-in pages could not be reached/,
    ],
  ])('says in words that there was %s', async (_, answer, words) => {
    answers['/oauth2/token'] = answer;
    await signIn();
    expect([tab.seen, tab.text('wrong')]).toEqual([['out'], expect.stringMatching(words)]);
  });

  it('shows no token that is over, gets a new one of the same sign-in, and says when that has ended too', async () => {
    await signIn();
    now += 1801;
    tab.tick();
    expect([tab.part('samples').hidden, tab.text('wrong')]).toEqual([
      true,
      expect.stringMatching(/^The token has ended/),
    ]);
    expect(tab.text('ends')).toMatch(/: it is over$/);
    answers['/oauth2/token'] = () =>
      Response.json({ access_token: access(), id_token: jwt({ email: 'ann@example.com' }) });
    await tab.click('renew');
    expect(calls.at(-2)?.form).toEqual({
      client_id: 'client-of-developers',
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
    });
    expect([tab.part('samples').hidden, tab.text('token'), tab.text('wrong')]).toEqual([false, access(), '']);
    expect(tab.text('said')).toMatch(/^Here is a new token/);
    answers['/oauth2/token'] = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
    await tab.click('renew');
    expect([tab.seen, tab.text('wrong'), tab.kept]).toEqual([
      ['out'],
      expect.stringMatching(/sign-in has ended/),
      '[]',
    ]);
  });

  it.each([
    ['', () => new Response()],
    [', though the pages cannot be told', () => Promise.reject(new TypeError('failed'))],
  ])('signs out in the tab and at the pages%s, and says so when it comes back, once', async (_, answer) => {
    answers['/oauth2/revoke'] = answer;
    await signIn();
    await tab.click('leave');
    expect(calls.at(-1)).toMatchObject({
      url: 'https://developers.auth.example.com/oauth2/revoke',
      form: { token: 'refresh-1', client_id: 'client-of-developers' },
    });
    expect(tab.left?.href).toBe(
      `https://developers.auth.example.com/logout?${new URLSearchParams({ client_id: 'client-of-developers', logout_uri: HERE })}`,
    );
    expect(tab.kept).not.toMatch(/refresh-1|e30/);
    await tab.open(page);
    expect([tab.seen, tab.text('said')]).toEqual([['out'], expect.stringMatching(/^You are signed out, here and at/)]);
    await tab.open(page);
    expect(tab.text('said')).toBe('');
  });

  it('says what to do at an address that no pool sends a browser back to, and begins nothing there', async () => {
    const elsewhere = signInPage('/live', POOLS, ['https://films.example.com/in']);
    await tab.open(elsewhere, '?as=staff');
    expect([tab.seen, tab.left]).toEqual([[], undefined]);
    expect(tab.text('wrong')).toContain(`signInCallbacks of the stage does not name ${HERE}`);
    await tab.open(signInPage('/live', POOLS, ['https://films.example.com/in', 'https://films.example.com/sign-in']));
    expect([tab.seen, tab.part('own-address').href]).toEqual([['own'], 'https://films.example.com/sign-in']);
  });
});

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
