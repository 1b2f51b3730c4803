import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { generateSync } from 'otplib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HostedBrowser } from '../../bin/local/hosted-browser.ts';
import { signIn } from '../../bin/local/sign-in.ts';
import { addUser, mailedCode, PASSWORD, startUserPool, type UserPool, verified } from './user-pool.ts';

const ANN = 'ann@example.com';
const CALLBACK = 'http://127.0.0.1:4480/console';
const CLIENT = {
  ClientName: 'The console',
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code'],
  AllowedOAuthScopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
  CallbackURLs: [CALLBACK],
  LogoutURLs: ['http://127.0.0.1:4480/bye'],
};

let pool: UserPool;
let browser: HostedBrowser;
const verifier = randomBytes(32).toString('base64url');
const start = async (made: Record<string, unknown> = {}, client: Record<string, unknown> = {}) => {
  pool = await startUserPool({ pool: made, client: { ...CLIENT, ...client } });
  browser = new HostedBrowser(pool.issuer);
};
afterEach(() => pool.cloud.stop());

const authorizeUrl = (more: Record<string, string> = {}) =>
  `${pool.issuer}/oauth2/authorize?${new URLSearchParams({
    client_id: pool.clientId,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid email',
    state: 'a-state',
    nonce: 'a-nonce',
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    ...more,
  })}`;
const authorize = (more: Record<string, string> = {}) => browser.open(authorizeUrl(more));
const token = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
  const body = new URLSearchParams({ client_id: pool.clientId, ...form });
  const response = await fetch(`${pool.issuer}/oauth2/token`, { method: 'POST', body, headers });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};
const exchange = (more: Record<string, string> = {}, headers: Record<string, string> = {}) => {
  const code = browser.left?.searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', redirect_uri: CALLBACK, code_verifier: verifier, code };
  return token({ ...form, ...more }, headers);
};
const userInfo = async (accessToken = '') => {
  const headers = { authorization: `Bearer ${accessToken}` };
  const response = await fetch(`${pool.issuer}/oauth2/userInfo`, { headers });
  return { status: response.status, body: await response.json() };
};

describe('the code flow with PKCE', () => {
  beforeEach(async () => {
    await start();
    await addUser(pool, ANN);
  });

  test('leads from the form to tokens of the same look as the API’s', async () => {
    await authorize();
    expect(browser.html).toContain('The console');
    await browser.submit('sign-in', { email: ANN, password: PASSWORD });
    expect(browser.left?.href).toMatch(`${CALLBACK}?code=`);
    expect(browser.left?.searchParams.get('state')).toBe('a-state');
    const { status, body } = await exchange();
    expect({ status, type: body.token_type, expires: body.expires_in }).toEqual({
      status: 200,
      type: 'Bearer',
      expires: 3600,
    });
    const access = await verified(pool, body.access_token ?? '');
    expect(access).toMatchObject({ client_id: pool.clientId, token_use: 'access', scope: 'openid email' });
    expect(access).not.toHaveProperty('aud');
    const id = await verified(pool, body.id_token ?? '');
    expect(id).toMatchObject({ aud: pool.clientId, token_use: 'id', email: ANN, nonce: 'a-nonce', sub: access.sub });
    const told = await userInfo(body.access_token);
    expect(told).toMatchObject({ status: 200, body: { sub: access.sub, email: ANN } });
    const renewed = await token({ grant_type: 'refresh_token', refresh_token: body.refresh_token ?? '' });
    expect(renewed.status).toBe(200);
    expect(await verified(pool, renewed.body.access_token ?? '')).toMatchObject({ sub: access.sub });
    expect(renewed.body).not.toHaveProperty('refresh_token');
  });

  test('gives nothing for another verifier, another callback, or a code a second time', async () => {
    const refused = { status: 400, body: { error: 'invalid_grant' } };
    await (await authorize()).submit('sign-in', { email: ANN, password: PASSWORD });
    expect(await exchange({ code_verifier: randomBytes(32).toString('base64url') })).toMatchObject(refused);
    expect(await exchange({ redirect_uri: `${CALLBACK}/other` })).toMatchObject(refused);
    expect((await exchange()).status).toBe(200);
    expect(await exchange()).toMatchObject(refused);
    const strange = await token({ grant_type: 'refresh_token', refresh_token: 'none' });
    expect(strange).toMatchObject(refused);
  });

  test('asks for a password once, until the user signs out of the pages or is disabled', async () => {
    await (await authorize()).submit('sign-in', { email: ANN, password: PASSWORD });
    browser.left = undefined;
    await authorize();
    expect((await exchange()).status).toBe(200);
    const query = new URLSearchParams({ client_id: pool.clientId, logout_uri: 'http://127.0.0.1:4480/bye' });
    await browser.open(`${pool.issuer}/logout?${query}`);
    expect(browser).toMatchObject({ left: { pathname: '/bye' } });
    await (await authorize()).submit('sign-in', { email: ANN, password: PASSWORD });
    await pool.client.send(new AdminDisableUserCommand({ UserPoolId: pool.poolId, Username: ANN }));
    expect((await exchange()).status).toBe(400);
    await (await authorize()).submit('sign-in', { email: ANN, password: PASSWORD });
    expect(browser.html).toContain('User is disabled');
  });

  test('lets another user in where the page is asked for again', async () => {
    await addUser(pool, 'bob@example.com');
    await (await authorize()).submit('sign-in', { email: ANN, password: PASSWORD });
    await (await authorize({ prompt: 'login' })).submit('sign-in', { email: 'bob@example.com', password: PASSWORD });
    const { body } = await exchange();
    expect(await verified(pool, body.id_token ?? '')).toMatchObject({ email: 'bob@example.com' });
  });

  test('says a wrong password on the page, without script and without the password', async () => {
    await (await authorize()).submit('sign-in', { email: ANN, password: 'Wrong-horse-7' });
    expect(browser.status).toBe(400);
    expect(browser.html).toContain('Incorrect username or password.');
    expect(browser.html).toContain(ANN);
    expect(browser.html).not.toMatch(/Wrong-horse-7|<script/);
    await browser.submit('sign-in', { email: ANN, password: PASSWORD });
    expect((await exchange()).status).toBe(200);
  });

  test('goes to no callback or page that the client does not name; nor to another port of this machine', async () => {
    await authorize({ redirect_uri: 'https://evil.example/console' });
    expect({ status: browser.status, left: browser.left }).toEqual({ status: 400, left: undefined });
    expect(browser.html).toContain('This sign-in cannot go on');
    const query = new URLSearchParams({ client_id: pool.clientId, logout_uri: 'https://evil.example/' });
    await browser.open(`${pool.issuer}/logout?${query}`);
    expect({ status: browser.status, left: browser.left }).toEqual({ status: 400, left: undefined });
    await authorize({ redirect_uri: 'http://127.0.0.1:5999/console' });
    expect({ status: browser.status, left: browser.left }).toEqual({ status: 400, left: undefined });
    query.set('logout_uri', 'http://127.0.0.1:5999/bye');
    await browser.open(`${pool.issuer}/logout?${query}`);
    expect({ status: browser.status, left: browser.left }).toEqual({ status: 400, left: undefined });
  });

  test('grants the scopes of the client where none is asked for, and no other', async () => {
    await (await authorize({ scope: '' })).submit('sign-in', { email: ANN, password: PASSWORD });
    const claims = await verified(pool, (await exchange()).body.access_token ?? '');
    expect(claims.scope).toBe('openid email aws.cognito.signin.user.admin');
    browser.left = undefined;
    await authorize({ scope: 'openid phone' });
    expect(browser.left).toMatchObject({ search: expect.stringContaining('error=invalid_scope') });
  });

  test('outlives a restart between the page and the tokens', async () => {
    await (await authorize()).submit('sign-in', { email: ANN, password: PASSWORD });
    pool = await pool.restart();
    // Until fetch has seen that the connection of before is closed.
    await pause(50);
    expect((await exchange()).status).toBe(200);
  });

  test('ends with the refresh token', async () => {
    await (await authorize()).submit('sign-in', { email: ANN, password: PASSWORD });
    const { body } = await exchange();
    const form = new URLSearchParams({ client_id: pool.clientId, token: body.refresh_token ?? '' });
    await fetch(`${pool.issuer}/oauth2/revoke`, { method: 'POST', body: form });
    const renewed = await token({ grant_type: 'refresh_token', refresh_token: body.refresh_token ?? '' });
    expect(renewed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await userInfo(body.access_token)).status).toBe(401);
  });

  test('gives a token for the operations of users only with their scope', async () => {
    await (await authorize()).submit('sign-in', { email: ANN, password: PASSWORD });
    const AccessToken = (await exchange()).body.access_token;
    const asked = pool.client.send(new GetUserCommand({ AccessToken }));
    await expect(asked).rejects.toThrow('Access Token does not have required scopes');
  });

  test('tells of the user only to a token that may', async () => {
    const { accessToken } = await signIn({ ...pool, email: ANN, password: PASSWORD });
    expect(await userInfo(accessToken)).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    expect(await userInfo('none')).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
  });

  test('lets pages of any origin exchange a code, and send a token along', async () => {
    const origin = 'http://127.0.0.1:4480';
    const ask = async (path: string, method: string) => {
      const named = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
      const headers = { origin, ...(method === 'OPTIONS' && named) };
      const answer = await fetch(`${pool.issuer}/oauth2/${path}`, { method, headers });
      const said = answer.headers.get('access-control-allow-origin') ?? '';
      expect(['*', origin], `${method} ${path}`).toContain(said);
      return [answer.status, answer.headers.get('access-control-allow-headers')?.includes('authorization')];
    };
    for (const path of ['token', 'userInfo', 'revoke']) {
      expect(await ask(path, 'OPTIONS')).toEqual([204, true]);
      // A refusal can be read too.
      expect((await ask(path, 'POST'))[0]).toBeGreaterThanOrEqual(400);
    }
  });

  test('is described where OpenID clients look', async () => {
    const response = await fetch(`${pool.issuer}/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      issuer: pool.issuer,
      authorization_endpoint: `${pool.issuer}/oauth2/authorize`,
      jwks_uri: `${pool.issuer}/.well-known/jwks.json`,
    });
    const { keys } = (await (await fetch(`${pool.issuer}/.well-known/jwks.json`)).json()) as { keys: object[] };
    expect(keys.map(key => Object.keys(key).sort())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']]);
  });
});

describe('the pages', () => {
  test('make an account by the mailed code, and sign in', async () => {
    await start();
    await (await authorize()).submit('show-sign-up');
    await browser.submit('sign-up', { email: ANN, password: 'weak' });
    expect(browser.html).toContain('Password not long enough');
    await browser.submit('sign-up', { email: ANN, password: PASSWORD });
    const code = mailedCode(pool, ANN);
    await browser.submit('confirm', { code: code === '000000' ? '000001' : '000000' });
    expect(browser.html).toContain('Invalid verification code');
    await browser.submit('confirm', { code });
    await browser.submit('sign-in', { email: ANN, password: PASSWORD });
    const { body } = await exchange();
    expect(await verified(pool, body.id_token ?? '')).toMatchObject({ email: ANN, email_verified: true });
  });

  test('set a forgotten password by the mailed code', async () => {
    await start();
    await addUser(pool, ANN);
    await (await authorize()).submit('show-forgot');
    await browser.submit('forgot', { email: ANN });
    await browser.submit('reset', { code: mailedCode(pool, ANN), password: 'Another-horse-8' });
    await browser.submit('sign-in', { email: ANN, password: PASSWORD });
    expect(browser.html).toContain('Incorrect username or password.');
    await browser.submit('sign-in', { email: ANN, password: 'Another-horse-8' });
    expect((await exchange()).status).toBe(200);
  });

  test('offer no account where administrators make users, and let the invited choose a password', async () => {
    await start({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
    const user = { UserPoolId: pool.poolId, Username: ANN, TemporaryPassword: 'Temporary-word-1' };
    await pool.client.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
    await authorize();
    expect(browser.html).not.toContain('show-sign-up');
    await browser.submit('sign-in', { email: ANN, password: 'Temporary-word-1' });
    await browser.submit('new-password', { password: PASSWORD });
    expect((await exchange()).status).toBe(200);
  });

  test('let nobody in without the second step where MFA is on', async () => {
    await start({ MfaConfiguration: 'ON', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] });
    await addUser(pool, ANN);
    const codeAt = (secret: string, steps: number) =>
      generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + 30 * steps });
    await (await authorize()).submit('sign-in', { email: ANN, password: PASSWORD });
    const secret = (/<code>([A-Z2-7 ]+)<\/code>/.exec(browser.html)?.[1] ?? '').replaceAll(' ', '');
    await browser.submit('setup', { code: codeAt(secret, 9) });
    expect(browser.left).toBeUndefined();
    expect(browser.html.replaceAll(' ', '')).toContain(secret);
    await browser.submit('setup', { code: codeAt(secret, 0) });
    expect((await exchange()).status).toBe(200);

    browser = new HostedBrowser(pool.issuer);
    await (await authorize()).submit('sign-in', { email: ANN, password: PASSWORD });
    await browser.submit('code', { code: codeAt(secret, 9) });
    expect(browser.html).toContain('Invalid code');
    expect(browser.left).toBeUndefined();
    await browser.submit('code', { code: codeAt(secret, 1) });
    expect((await exchange()).status).toBe(200);
  });

  test('of a client with a secret give tokens for the secret alone', async () => {
    await start({}, { GenerateSecret: true });
    await addUser(pool, ANN);
    await (await authorize()).submit('sign-in', { email: ANN, password: PASSWORD });
    expect((await exchange()).status).toBe(401);
    expect((await exchange({ client_secret: 'another' })).status).toBe(401);
    const secret = pool.clientAttributes.ClientSecret ?? '';
    expect((await exchange({ client_secret: secret })).status).toBe(200);
    browser.left = undefined;
    await authorize();
    const basic = Buffer.from(`${pool.clientId}:${secret}`).toString('base64');
    expect((await exchange({}, { authorization: `Basic ${basic}` })).status).toBe(200);
  });
});
