import {
  AdminAddUserToGroupCommand,
  ConfirmSignUpCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signIn } from '../../bin/local/sign-in.ts';
import { addUser, lastMail, mailedCode, PASSWORD, startUserPool, type UserPool, verified } from './user-pool.ts';

const ANN = 'ann@example.com';
const HOUR_MS = 3600_000;

let pool: UserPool;
beforeEach(async () => {
  pool = await startUserPool();
});
afterEach(() => pool.cloud.stop());

const asAnn = () => ({ ...pool, email: ANN, password: PASSWORD, now: () => pool.cloud.clock.now() });
const signUp = (more: object = {}) =>
  pool.client.send(new SignUpCommand({ ClientId: pool.clientId, Username: ANN, Password: PASSWORD, ...more }));
const confirm = (ConfirmationCode: string) =>
  pool.client.send(new ConfirmSignUpCommand({ ClientId: pool.clientId, Username: ANN, ConfirmationCode }));

describe('signing up', () => {
  test('leads by the mailed code to tokens that the JWKS verifies', async () => {
    const { UserSub, UserConfirmed, CodeDeliveryDetails } = await signUp();
    expect(UserConfirmed).toBe(false);
    expect(CodeDeliveryDetails).toEqual({
      Destination: 'a***@e***',
      DeliveryMedium: 'EMAIL',
      AttributeName: 'email',
    });
    await expect(signIn(asAnn())).rejects.toMatchObject({ name: 'UserNotConfirmedException' });
    await confirm(mailedCode(pool, ANN));
    const { accessToken, idToken } = await signIn(asAnn());
    const access = await verified(pool, accessToken);
    expect(access).toMatchObject({
      iss: pool.issuer,
      sub: UserSub,
      client_id: pool.clientId,
      token_use: 'access',
      username: UserSub,
      scope: 'aws.cognito.signin.user.admin',
    });
    expect(access).not.toHaveProperty('aud');
    expect(access).not.toHaveProperty('cognito:groups');
    expect((access.exp ?? 0) - (access.iat ?? 0)).toBe(3600);
    expect(access.auth_time).toBe(access.iat);
    expect(access.jti).toMatch(/^[0-9a-f-]{36}$/);
    expect(await verified(pool, idToken)).toMatchObject({
      iss: pool.issuer,
      sub: UserSub,
      aud: pool.clientId,
      token_use: 'id',
      email: ANN,
      email_verified: true,
      'cognito:username': UserSub,
    });
  });

  test('takes neither a wrong code nor one of the day before', async () => {
    await signUp();
    const code = mailedCode(pool, ANN);
    const wrong = code === '000000' ? '000001' : '000000';
    await expect(confirm(wrong)).rejects.toMatchObject({ name: 'CodeMismatchException' });
    pool.cloud.clock.advance(24 * HOUR_MS);
    await expect(confirm(code)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    await pool.client.send(new ResendConfirmationCodeCommand({ ClientId: pool.clientId, Username: ANN }));
    await confirm(mailedCode(pool, ANN));
  });

  test('takes no code after five wrong ones', async () => {
    await signUp();
    const code = mailedCode(pool, ANN);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let guess = 0; guess < 5; guess++) await expect(confirm(wrong)).rejects.toThrow();
    await expect(confirm(code)).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  test('is refused for an address that is taken, a weak password, no address, and a proof of one’s own', async () => {
    await signUp();
    await expect(signUp({ Username: 'ANN@example.com' })).rejects.toMatchObject({ name: 'UsernameExistsException' });
    const other = { Username: 'bob@example.com' };
    await expect(signUp({ ...other, Password: 'short' })).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    await expect(signUp({ Username: 'bob' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const UserAttributes = [{ Name: 'email_verified', Value: 'true' }];
    await expect(signUp({ ...other, UserAttributes })).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  test('writes the attributes that the client names, and no other', async () => {
    pool = await startUserPool({ client: { WriteAttributes: ['email', 'name'] } });
    const attributes = (Name: string) => ({ UserAttributes: [{ Name, Value: 'Ann' }] });
    await expect(signUp(attributes('nickname'))).rejects.toThrow('unauthorized attribute nickname');
    await signUp(attributes('name'));
  });

  test('sends the message of the template, from its address', async () => {
    await pool.cloud.stop();
    pool = await startUserPool({
      pool: {
        EmailConfiguration: { From: 'Desk <desk@example.com>' },
        VerificationMessageTemplate: { EmailSubject: 'Welcome', EmailMessage: 'Enter {####} to begin.' },
      },
    });
    await signUp();
    expect(lastMail(pool, ANN)).toMatch(
      /^From: Desk <desk@example.com>\r\nTo: ann@example.com\r\nSubject: Welcome\r\n\r\nEnter \d{6} to begin\./,
    );
  });

  test('is refused where administrators alone make users', async () => {
    await pool.cloud.stop();
    pool = await startUserPool({ pool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } } });
    await expect(signUp()).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });
});

describe('a password', () => {
  test('that is wrong is refused in the words for a user who is not there', async () => {
    await addUser(pool, ANN);
    const wrong = signIn({ ...asAnn(), password: 'Wrong-horse-7' });
    await expect(wrong).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    const message = await wrong.catch((error: Error) => error.message);
    const nobody = signIn({ ...asAnn(), email: 'nobody@example.com' });
    await expect(nobody).rejects.toMatchObject({ name: 'NotAuthorizedException', message });
  });

  test('is not looked at for a while after five wrong ones', async () => {
    await addUser(pool, ANN);
    for (let guess = 0; guess < 5; guess++) {
      await expect(signIn({ ...asAnn(), password: 'Wrong-horse-7' })).rejects.toThrow('Incorrect');
    }
    await expect(signIn(asAnn())).rejects.toThrow('Password attempts exceeded');
    pool.cloud.clock.advance(1000);
    await signIn(asAnn());
  });

  test('is not in the database', async () => {
    await addUser(pool, ANN);
    const rows = pool.cloud.context.database.prepare('SELECT * FROM cognito_users').all();
    expect(JSON.stringify(rows)).toContain(ANN);
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
  });
});

describe('a token', () => {
  test('names the groups, the one of lowest precedence first', async () => {
    await addUser(pool, ANN);
    for (const GroupName of ['reviewers', 'operators']) {
      const member = { UserPoolId: pool.poolId, Username: ANN, GroupName };
      await pool.client.send(new AdminAddUserToGroupCommand(member));
    }
    const { accessToken, idToken } = await signIn(asAnn());
    for (const token of [accessToken, idToken]) {
      expect((await verified(pool, token))['cognito:groups']).toEqual(['operators', 'reviewers']);
    }
  });

  test('tells the user, until it expires', async () => {
    await addUser(pool, ANN);
    const { accessToken: AccessToken } = await signIn(asAnn());
    const { Username, UserAttributes } = await pool.client.send(new GetUserCommand({ AccessToken }));
    expect(UserAttributes).toContainEqual({ Name: 'email', Value: ANN });
    expect(UserAttributes).toContainEqual({ Name: 'sub', Value: Username });
    pool.cloud.clock.advance(HOUR_MS);
    await expect(pool.client.send(new GetUserCommand({ AccessToken }))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Access Token has expired',
    });
  });

  test('of another key, or an id token, tells nothing', async () => {
    await addUser(pool, ANN);
    const { accessToken, idToken } = await signIn(asAnn());
    const [header, payload, signature = ''] = accessToken.split('.');
    const forged = [header, payload, signature.replace(/^./, first => (first === 'A' ? 'B' : 'A'))].join('.');
    for (const AccessToken of [forged, idToken, 'no.token', 'a.b.c']) {
      const asked = pool.client.send(new GetUserCommand({ AccessToken }));
      await expect(asked).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    }
  });

  test('is made anew by the refresh token, with the time of the first sign-in, until that one expires', async () => {
    await addUser(pool, ANN);
    const { refreshToken, accessToken } = await signIn(asAnn());
    const AuthParameters = { REFRESH_TOKEN: refreshToken };
    const refresh = (ClientId = pool.clientId) =>
      pool.client.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters }));
    pool.cloud.clock.advance(2 * HOUR_MS);
    const { AuthenticationResult } = await refresh();
    expect(AuthenticationResult).not.toHaveProperty('RefreshToken');
    const renewed = await verified(pool, AuthenticationResult?.AccessToken ?? '');
    const first = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
    expect(renewed).toMatchObject({ sub: first.sub, auth_time: first.auth_time });
    expect(renewed.iat).toBeGreaterThanOrEqual(first.iat + 7200);
    pool.cloud.clock.advance(30 * 24 * HOUR_MS);
    await expect(refresh()).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });
});
