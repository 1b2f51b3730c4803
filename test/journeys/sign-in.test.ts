/** Signing in at the platform's own page, as a browser does: the page, the pool's pages, the page again, a call, and out. */
import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { makePerson } from '../../bin/local/people.ts';
import { Platform } from '../support/platform.ts';
import { SignInPage } from '../support/sign-in-page.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await Platform.shared();
});

it('a customer signs in, has a token with which calls are answered, renews it, and signs out of the page and of the pool’s pages', async () => {
  const { email, password, subject } = await makePerson(platform.cloud, 'developer', 'page.customer@example.com');
  const page = new SignInPage(platform);
  const { browser, tab, called } = page;
  await page.open(platform.output('SignInCallback'));
  await page.click('developers');
  await browser.submit('sign-in', { email, password });
  const code = browser.left?.searchParams.get('code');
  await page.comeBack();
  expect([tab.seen, tab.text('wrong'), tab.search]).toEqual([['in'], '', '']);
  expect([tab.text('who'), tab.text('roles')]).toEqual([email, 'developer']);
  expect(tab.text('ends')).toMatch(/in (29|30) minutes$/);
  // Without an account: the API says what comes first.
  expect(tab.text('account')).toContain('POST /v1/account');

  const [, path = '', token = ''] = /(\/v1\/\w+) -H 'Authorization: Bearer ([\w.-]+)'$/.exec(tab.text('call')) ?? [];
  const call = () => fetch(platform.cloud.apiUrl + path, { headers: { authorization: `Bearer ${token}` } });
  expect((await call()).status).toBe(403);
  await platform.customer({ owner: { email, subject } });
  const account = (await (await call()).json()) as { id: string };
  await page.open(platform.output('SignInCallback'));
  expect(tab.text('account')).toContain(account.id);

  // A code is good once: a link that was kept gives nothing.
  await page.open(`${platform.output('SignInCallback')}?code=${code}&state=kept`);
  expect(tab.text('wrong')).toMatch(/^This answer belongs to no sign-in of this tab/);
  expect(tab.seen).toEqual(['in']);

  await page.click('renew');
  expect(tab.text('said')).toMatch(/^Here is a new token/);
  await page.click('leave');
  expect(tab.kept).not.toContain(tab.text('token'));
  await page.comeBack();
  expect([tab.seen, tab.text('said')]).toEqual([['out'], expect.stringMatching(/^You are signed out/)]);
  // The pool asks again who it is.
  await page.click('developers');
  expect([browser.left, browser.html]).toEqual([undefined, expect.stringContaining('type="password"')]);

  // The page's policy lets it call what it called, and nothing else of the pools.
  const policy = (await fetch(`${platform.cloud.apiUrl}/sign-in`)).headers.get('content-security-policy') ?? '';
  const allowed = /connect-src 'self' ([^;]*)/.exec(policy)?.[1]?.split(' ') ?? [];
  const pools = [platform.output('DevelopersIssuer'), platform.output('StaffIssuer')];
  expect(allowed).toEqual(pools.flatMap(pool => [`${pool}/oauth2/token`, `${pool}/oauth2/revoke`]));
  const others = called.filter(url => !url.startsWith('http://127.0.0.1:4480/v1/'));
  expect(others.length).toBeGreaterThan(2);
  for (const url of others) expect(allowed).toContain(url);
});

it('the page is answered with a policy that allows its own style and script alone, and is kept by nobody', async () => {
  const answer = await fetch(`${platform.cloud.apiUrl}/sign-in`);
  const text = await answer.text();
  const policy = answer.headers.get('content-security-policy')?.split('; ') ?? [];
  for (const name of ['style', 'script']) {
    const [, own = ''] = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(text) ?? [];
    expect(policy).toContain(`${name}-src 'sha256-${createHash('sha256').update(own).digest('base64')}'`);
  }
  const closed = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
  expect(policy).toEqual(expect.arrayContaining(closed));
  expect(policy.join()).not.toMatch(/unsafe|\*/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

it('what goes wrong at the pools is told in words: a wrong password there, a code that is none of theirs here', async () => {
  const { email, password } = await makePerson(platform.cloud, 'developer', 'page.late@example.com');
  const page = new SignInPage(platform);
  const { browser, tab } = page;
  await page.open(platform.output('DevelopersSignIn'));
  await browser.submit('sign-in', { email, password: 'Wrong-horse-battery-7' });
  expect(browser.html).toContain('Incorrect username or password.');
  await browser.submit('sign-in', { email, password });
  browser.left?.searchParams.set('code', 'of-long-ago');
  await page.comeBack();
  expect(tab.text('wrong')).toMatch(/^The code of this sign-in was used before, or is older than five minutes/);
  expect(tab.seen).toEqual(['out']);
});
