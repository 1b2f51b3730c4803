/** What a pool believes of another OpenID provider: what that one signed, for this client and this sign-in, once. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HostedBrowser } from '../../bin/local/hosted-browser.ts';
import { DIRECTORY_CLIENT, type FakeDirectory, startFakeDirectory } from './fake-directory.ts';
import { startUserPool, type UserPool } from './user-pool.ts';

const CALLBACK = 'http://127.0.0.1:4480/console';

let pool: UserPool;
let directory: FakeDirectory;
let browser: HostedBrowser;

beforeEach(async () => {
  directory = await startFakeDirectory(() => request().get('nonce') ?? '');
  pool = await startUserPool({
    client: {
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      CallbackURLs: [CALLBACK],
      SupportedIdentityProviders: ['Directory'],
    },
  });
  await pool.cloud.make('AWS::Cognito::UserPoolIdentityProvider', 'Provider', {
    UserPoolId: pool.poolId,
    ProviderName: 'Directory',
    ProviderType: 'OIDC',
    ProviderDetails: { client_id: DIRECTORY_CLIENT, client_secret: 's', oidc_issuer: directory.issuer },
  });
  browser = new HostedBrowser(pool.issuer);
});
afterEach(async () => {
  await pool.cloud.stop();
  await directory.stop();
});

/** What the pool asked of the provider. */
const request = () => browser.left?.searchParams ?? new URLSearchParams();
const leave = (from = browser) =>
  from.open(
    `${pool.issuer}/oauth2/authorize?${new URLSearchParams({
      client_id: pool.clientId,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid',
      identity_provider: 'Directory',
    })}`,
  );
const answer = () =>
  `${pool.issuer}/oauth2/idpresponse?${new URLSearchParams({ code: 'c', state: request().get('state') ?? '' })}`;
const refused = (because: RegExp) => {
  expect(browser.status).toBe(400);
  expect(browser.html).toMatch(because);
  expect(browser.left?.href).toMatch(directory.issuer);
};

describe('an answer of another provider', () => {
  test('leads to the callback, and is asked for with state, nonce and PKCE', async () => {
    await leave();
    expect(Object.fromEntries(request())).toMatchObject({
      client_id: DIRECTORY_CLIENT,
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${pool.issuer}/oauth2/idpresponse`,
    });
    await browser.open(answer());
    expect(browser.left?.href).toMatch(CALLBACK);
  });

  const lies: readonly [string, Partial<FakeDirectory>, RegExp][] = [
    ['of another sign-in', { lie: { nonce: 'another' } }, /of another sign-in/],
    ['for another client', { lie: { aud: 'another' } }, /"aud"|&#34;aud&#34;/],
    ['of another issuer', { lie: { iss: 'https://evil.example' } }, /"iss"|&#34;iss&#34;/],
    ['that is over', { lie: { exp: 1 } }, /"exp"|&#34;exp&#34;/],
    ['signed by another key', { strangeKey: true }, /signature/],
    ['about one subject with userinfo about another', { userinfoSub: 'bob' }, /another subject/],
  ];
  for (const [what, lie, because] of lies) {
    test(`with an id token ${what} signs nobody in`, async () => {
      Object.assign(directory, lie);
      await leave();
      await browser.open(answer());
      refused(because);
    });
  }

  test('is taken once', async () => {
    await leave();
    const url = answer();
    await browser.open(url);
    await browser.open(url);
    expect(browser.html).toContain('belongs to no sign-in');
  });

  test('counts for the page alone that it began at, though another page is handed its ticket', async () => {
    browser.stopAt = `${pool.issuer}/login/`;
    await leave();
    browser.stopAt = undefined;
    await browser.open(browser.left?.href ?? '');
    browser.stopAt = `${pool.issuer}/login/`;
    await browser.open(answer());
    const ticket = browser.left?.searchParams.get('ticket') ?? '';
    expect(ticket).not.toBe('');

    const victim = new HostedBrowser(pool.issuer);
    victim.stopAt = `${pool.issuer}/login/`;
    await leave(victim);
    const page = victim.left?.href ?? '';
    victim.stopAt = undefined;
    victim.left = undefined;
    await victim.open(`${page}?ticket=${ticket}`);
    expect({ status: victim.status, left: victim.left }).toEqual({ status: 200, left: undefined });
    expect(victim.html).toContain('Sign in with Directory');
  });

  test('of a provider that does not answer is told on the page', async () => {
    await directory.stop();
    await leave();
    expect(browser.html).toContain('Directory cannot be reached');
  });
});
