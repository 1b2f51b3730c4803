/** Sign-in by another OpenID provider: a second user pool plays the company's directory. */
import { createHash, randomBytes } from 'node:crypto';
import {
  AdminAddUserToGroupCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HostedBrowser } from '../../bin/local/hosted-browser.ts';
import { addUser, PASSWORD, startUserPool, type UserPool, verified } from './user-pool.ts';

const ANN = 'ann@example.com';
const CALLBACK = 'http://127.0.0.1:4480/console';
const OAUTH = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code'],
  AllowedOAuthScopes: ['openid', 'email'],
};

let pool: UserPool;
let directory: UserPool;
let browser: HostedBrowser;
const verifier = randomBytes(32).toString('base64url');

const start = async (SupportedIdentityProviders: string[]) => {
  pool = await startUserPool({ client: { ...OAUTH, CallbackURLs: [CALLBACK], SupportedIdentityProviders } });
  const { cloud } = pool;
  const upstream = await cloud.make('AWS::Cognito::UserPool', 'Directory', { UsernameAttributes: ['email'] });
  const client = await cloud.make('AWS::Cognito::UserPoolClient', 'DirectoryClient', {
    ...OAUTH,
    UserPoolId: upstream.ref,
    GenerateSecret: true,
    CallbackURLs: [`${pool.issuer}/oauth2/idpresponse`],
  });
  const issuer = upstream.attributes.ProviderURL ?? '';
  directory = { ...pool, poolId: upstream.ref, issuer, clientId: client.ref };
  await cloud.make('AWS::Cognito::UserPoolIdentityProvider', 'Provider', {
    UserPoolId: pool.poolId,
    ProviderName: 'Directory',
    ProviderType: 'OIDC',
    ProviderDetails: {
      client_id: client.ref,
      client_secret: client.attributes.ClientSecret,
      oidc_issuer: issuer,
      authorize_scopes: 'openid email',
      attributes_request_method: 'GET',
    },
    AttributeMapping: { email: 'email', email_verified: 'email_verified' },
  });
  await addUser(directory, ANN);
  browser = new HostedBrowser(new URL(issuer).origin);
};
afterEach(() => pool.cloud.stop());

const authorize = (more: Record<string, string> = {}) => {
  browser.left = undefined;
  return browser.open(
    `${pool.issuer}/oauth2/authorize?${new URLSearchParams({
      client_id: pool.clientId,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid email',
      code_challenge_method: 'S256',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      ...more,
    })}`,
  );
};
const exchange = async () => {
  const body = new URLSearchParams({
    client_id: pool.clientId,
    grant_type: 'authorization_code',
    redirect_uri: CALLBACK,
    code_verifier: verifier,
    code: browser.left?.searchParams.get('code') ?? '',
  });
  const response = await fetch(`${pool.issuer}/oauth2/token`, { method: 'POST', body });
  return (await response.json()) as Record<string, string>;
};
const atTheDirectory = () => browser.submit('sign-in', { email: ANN, password: PASSWORD });

describe('a user of another provider', () => {
  beforeEach(() => start(['COGNITO', 'Directory']));

  test('signs in by its pages, and is the same user each time', async () => {
    await authorize();
    await browser.submit('federate', { provider: 'Directory' });
    await atTheDirectory();
    expect(browser.left?.href).toMatch(CALLBACK);
    const first = await verified(pool, (await exchange()).id_token ?? '');
    expect(first).toMatchObject({ aud: pool.clientId, email: ANN, email_verified: true });
    const username = String(first['cognito:username']);
    expect(username).toMatch(/^Directory_[0-9a-f-]{36}$/);
    expect(first.identities).toMatchObject([{ providerName: 'Directory', userId: username.slice(10) }]);
    const named = { UserPoolId: pool.poolId, Username: username };
    expect((await pool.client.send(new AdminGetUserCommand(named))).UserStatus).toBe('EXTERNAL_PROVIDER');
    await pool.client.send(new AdminAddUserToGroupCommand({ ...named, GroupName: 'operators' }));

    browser = new HostedBrowser(new URL(pool.issuer).origin);
    await authorize({ identity_provider: 'Directory' });
    await atTheDirectory();
    const second = await verified(pool, (await exchange()).access_token ?? '');
    expect(second).toMatchObject({ sub: first.sub, 'cognito:groups': ['operators'] });
  });

  test('does not become the pool’s own user of the same address', async () => {
    await addUser(pool, ANN);
    await authorize({ identity_provider: 'Directory' });
    await atTheDirectory();
    const claims = await verified(pool, (await exchange()).id_token ?? '');
    const own = await pool.client.send(new AdminGetUserCommand({ UserPoolId: pool.poolId, Username: ANN }));
    expect(claims.sub).not.toBe(own.Username);
  });

  test('who is disabled here is not let in', async () => {
    await authorize({ identity_provider: 'Directory' });
    await atTheDirectory();
    const claims = await verified(pool, (await exchange()).id_token ?? '');
    const named = { UserPoolId: pool.poolId, Username: String(claims['cognito:username']) };
    await pool.client.send(new AdminDisableUserCommand(named));
    browser = new HostedBrowser(new URL(pool.issuer).origin);
    await authorize({ identity_provider: 'Directory' });
    await atTheDirectory();
    expect({ status: browser.status, left: browser.left }).toEqual({ status: 400, left: undefined });
    expect(browser.html).toContain('User is disabled.');
  });
});

describe('an answer of another provider', () => {
  beforeEach(() => start(['COGNITO', 'Directory']));

  test('is taken by the browser alone that it is for', async () => {
    await authorize({ identity_provider: 'Directory' });
    browser.stopAt = `${pool.issuer}/oauth2/idpresponse`;
    await atTheDirectory();
    const answer = browser.left?.href ?? '';
    expect(answer).toMatch(/idpresponse\?code=/);
    const other = new HostedBrowser(new URL(pool.issuer).origin);
    await other.open(answer);
    expect({ status: other.status, left: other.left }).toEqual({ status: 400, left: undefined });
  });

  test('with no state, or one that was made up, is refused', async () => {
    for (const query of ['code=a', 'code=a&state=b']) {
      await browser.open(`${pool.issuer}/oauth2/idpresponse?${query}`);
      expect(browser.status).toBe(400);
      expect(browser.html).toContain('belongs to no sign-in');
    }
  });
});

describe('a client', () => {
  test('of another provider alone takes no password here', async () => {
    await start(['Directory']);
    await addUser(pool, ANN);
    await authorize();
    expect(browser.html).not.toContain('type="password"');
    const stolen = browser.html.replace('value="federate"', 'value="sign-in"');
    browser.html = stolen.replace('<button>', '<input name="email"><input name="password"><button>');
    await browser.submit('sign-in', { email: ANN, password: PASSWORD });
    expect(browser.left).toBeUndefined();
  });

  test('that does not list the provider does not lead there', async () => {
    await start(['COGNITO']);
    await authorize({ identity_provider: 'Directory' });
    expect(browser.html).toContain('type="password"');
    expect(browser.html).not.toContain('Directory');
  });
});
