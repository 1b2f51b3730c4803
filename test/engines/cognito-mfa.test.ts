import {
  AssociateSoftwareTokenCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { generateSync } from 'otplib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signIn } from '../../bin/local/sign-in.ts';
import { addUser, PASSWORD, startUserPool, type UserPool, verified } from './user-pool.ts';

const ANN = 'ann@example.com';
const EnabledMfas = ['SOFTWARE_TOKEN_MFA'];
const STEP_MS = 30_000;

let pool: UserPool;
const start = async (MfaConfiguration: string) => {
  pool = await startUserPool({ pool: { MfaConfiguration, EnabledMfas } });
  await addUser(pool, ANN);
  // A step of the authenticator has just begun: none of a test's codes gets older while it runs.
  pool.cloud.clock.advance(STEP_MS - (pool.cloud.clock.now() % STEP_MS));
};
afterEach(() => pool.cloud.stop());

const codeOf = (secret = '', steps = 0) =>
  generateSync({ secret, epoch: Math.floor(pool.cloud.clock.now() / 1000) + 30 * steps });
const begin = () =>
  pool.client.send(
    new InitiateAuthCommand({
      ClientId: pool.clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: ANN, PASSWORD },
    }),
  );
const respond = (ChallengeName: 'SOFTWARE_TOKEN_MFA' | 'MFA_SETUP', Session?: string, code?: string) =>
  pool.client.send(
    new RespondToAuthChallengeCommand({
      ClientId: pool.clientId,
      ChallengeName,
      Session,
      ChallengeResponses: { USERNAME: ANN, ...(code === undefined ? {} : { SOFTWARE_TOKEN_MFA_CODE: code }) },
    }),
  );
const associate = (Session?: string) => pool.client.send(new AssociateSoftwareTokenCommand({ Session }));
const verify = (UserCode: string, Session?: string) =>
  pool.client.send(new VerifySoftwareTokenCommand({ UserCode, Session }));
/** Sets an authenticator up with a code of the step before. The answer is its secret. */
const enrol = async () => {
  const { SecretCode, Session } = await associate((await begin()).Session);
  const proved = await verify(codeOf(SecretCode, -1), Session);
  await respond('MFA_SETUP', proved.Session);
  return SecretCode ?? '';
};

describe('where MFA is on', () => {
  beforeEach(() => start('ON'));

  test('a password alone leads to no token, by no challenge', async () => {
    const { ChallengeName, Session, AuthenticationResult, ChallengeParameters } = await begin();
    expect({ ChallengeName, AuthenticationResult }).toEqual({ ChallengeName: 'MFA_SETUP' });
    expect(ChallengeParameters?.MFAS_CAN_SETUP).toBe('["SOFTWARE_TOKEN_MFA"]');
    const refused = { name: 'NotAuthorizedException' };
    await expect(respond('MFA_SETUP', Session)).rejects.toMatchObject(refused);
    await expect(respond('SOFTWARE_TOKEN_MFA', Session, '000000')).rejects.toMatchObject(refused);
    await associate(Session);
    await expect(respond('MFA_SETUP', Session)).rejects.toMatchObject(refused);
    await expect(verify('000000', Session)).rejects.toMatchObject({ name: 'EnableSoftwareTokenMFAException' });
    await expect(respond('MFA_SETUP', Session)).rejects.toMatchObject(refused);
  });

  test('the setup of an authenticator leads to tokens', async () => {
    const { SecretCode, Session } = await associate((await begin()).Session);
    expect(SecretCode).toMatch(/^[A-Z2-7]{32}$/);
    const proved = await verify(codeOf(SecretCode), Session);
    expect(proved.Status).toBe('SUCCESS');
    const { AuthenticationResult } = await respond('MFA_SETUP', proved.Session);
    await verified(pool, AuthenticationResult?.AccessToken ?? '');
    await expect(respond('MFA_SETUP', proved.Session)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  test('a code is taken once, and only near its time', async () => {
    const secret = await enrol();
    const enter = async (steps: number) =>
      respond('SOFTWARE_TOKEN_MFA', (await begin()).Session, codeOf(secret, steps));
    await expect(enter(-1)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    await expect(enter(2)).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await expect(enter(-3)).rejects.toMatchObject({ name: 'CodeMismatchException' });
    expect((await enter(0)).AuthenticationResult?.AccessToken).toBeDefined();
    await expect(enter(0)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    expect((await enter(1)).AuthenticationResult?.AccessToken).toBeDefined();
  });

  test('a session ends with its third wrong code, and with its three minutes', async () => {
    const secret = await enrol();
    const { Session } = await begin();
    for (let guess = 0; guess < 3; guess++) {
      await expect(respond('SOFTWARE_TOKEN_MFA', Session, codeOf(secret, 9))).rejects.toThrow();
    }
    const ended = { name: 'NotAuthorizedException', message: expect.stringContaining('Invalid session') };
    await expect(respond('SOFTWARE_TOKEN_MFA', Session, codeOf(secret))).rejects.toMatchObject(ended);
    const late = await begin();
    pool.cloud.clock.advance(3 * 60_000);
    await expect(respond('SOFTWARE_TOKEN_MFA', late.Session, codeOf(secret))).rejects.toMatchObject(ended);
  });

  test('who knows the password alone cannot replace the authenticator', async () => {
    await enrol();
    const { ChallengeName, Session } = await begin();
    expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    await expect(associate(Session)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  test('an authenticator outlives a restart, and so does that a code was used', async () => {
    const secret = await enrol();
    const code = codeOf(secret);
    await respond('SOFTWARE_TOKEN_MFA', (await begin()).Session, code);
    pool = await pool.restart();
    const again = respond('SOFTWARE_TOKEN_MFA', (await begin()).Session, code);
    await expect(again).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  test('the tests’ own way in works, and again', async () => {
    const asAnn = { ...pool, email: ANN, password: PASSWORD, now: () => pool.cloud.clock.now() };
    const first = await verified(pool, (await signIn(asAnn)).accessToken);
    const second = await verified(pool, (await signIn(asAnn)).accessToken);
    expect(second.sub).toBe(first.sub);
  });
});

describe('where MFA is optional', () => {
  beforeEach(() => start('OPTIONAL'));

  test('a code is asked for once the user has chosen so', async () => {
    const { AuthenticationResult } = await begin();
    const AccessToken = AuthenticationResult?.AccessToken;
    const prefer = new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings: { Enabled: true } });
    await expect(pool.client.send(prefer)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const { SecretCode } = await pool.client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    const proof = { AccessToken, UserCode: codeOf(SecretCode, -1) };
    await pool.client.send(new VerifySoftwareTokenCommand(proof));
    expect((await begin()).AuthenticationResult).toBeDefined();
    await pool.client.send(prefer);
    const { ChallengeName, Session } = await begin();
    expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    expect((await respond('SOFTWARE_TOKEN_MFA', Session, codeOf(SecretCode))).AuthenticationResult).toBeDefined();
  });
});
