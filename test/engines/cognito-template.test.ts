/** Two user pools as the CDK writes them, on a whole local cloud. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityProviderClient, DescribeUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider';
import { App, CfnOutput, Duration, SecretValue, Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LocalCloud } from '../../lib/local/cloud.ts';
import { createCognito } from '../../lib/local/cognito/cognito.ts';
import { startEngines } from '../support/engine-cloud.ts';

const folder = mkdtempSync(join(tmpdir(), 'user-pools-'));
let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await LocalCloud.start({ assembly: synthesise(), dataDir: join(folder, 'data'), port: 0 });
});
afterAll(async () => {
  await cloud?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

function synthesise(): string {
  const app = new App({
    outdir: join(folder, 'cdk.out'),
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, 'Accounts');
  const customers = new cognito.UserPool(stack, 'Customers', {
    selfSignUpEnabled: true,
    signInAliases: { email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
    passwordPolicy: { minLength: 12, requireSymbols: false },
    standardAttributes: { email: { required: true, mutable: true } },
    featurePlan: cognito.FeaturePlan.ESSENTIALS,
    deletionProtection: true,
    email: cognito.UserPoolEmail.withCognito(),
  });
  const staff = new cognito.UserPool(stack, 'Staff', {
    selfSignUpEnabled: false,
    signInAliases: { email: true },
    mfa: cognito.Mfa.REQUIRED,
    mfaSecondFactor: { sms: false, otp: true },
  });
  for (const groupName of ['operators', 'reviewers', 'finance']) {
    new cognito.UserPoolGroup(stack, groupName, { userPool: staff, groupName });
  }
  new cognito.UserPoolIdentityProviderOidc(stack, 'Directory', {
    userPool: staff,
    name: 'Directory',
    issuerUrl: 'https://login.example.com',
    clientId: 'console',
    clientSecret: SecretValue.unsafePlainText('s').unsafeUnwrap(),
    attributeMapping: { email: cognito.ProviderAttribute.other('email') },
  });
  for (const [name, pool] of Object.entries({ Customers: customers, Staff: staff })) {
    const client = pool.addClient('Console', {
      authFlows: { userPassword: true },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL],
        callbackUrls: ['http://localhost:4480/console'],
        logoutUrls: ['http://localhost:4480/'],
      },
      preventUserExistenceErrors: true,
      accessTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.hours(12),
    });
    pool.addDomain('Domain', { cognitoDomain: { domainPrefix: `test-${name.toLowerCase()}` } });
    new CfnOutput(stack, `${name}Issuer`, { value: pool.userPoolProviderUrl });
    new CfnOutput(stack, `${name}Pool`, { value: pool.userPoolId });
    new CfnOutput(stack, `${name}Client`, { value: client.userPoolClientId });
  }
  return app.synth().directory;
}

describe('a template with two user pools', () => {
  test('boots, and its outputs name each pool’s issuer', async () => {
    const { outputs } = cloud.provisioned;
    for (const name of ['Customers', 'Staff']) {
      const id = outputs[`Accounts.${name}Pool`];
      expect(id).toMatch(/^us-east-1_[A-Za-z0-9]{9}$/);
      expect(outputs[`Accounts.${name}Issuer`]).toBe(`${cloud.oidcUrl}/${id}`);
      expect(outputs[`Accounts.${name}Client`]).toMatch(/^[a-z0-9]{26}$/);
      const response = await fetch(`${outputs[`Accounts.${name}Issuer`]}/.well-known/openid-configuration`);
      expect(await response.json()).toMatchObject({ issuer: outputs[`Accounts.${name}Issuer`] });
    }
    expect(outputs['Accounts.CustomersPool']).not.toBe(outputs['Accounts.StaffPool']);
  });

  test('makes each pool with its own rules', async () => {
    const client = new CognitoIdentityProviderClient(cloud.client);
    const describe = async (name: string) => {
      const UserPoolId = cloud.provisioned.outputs[`Accounts.${name}Pool`];
      return (await client.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool;
    };
    expect(await describe('Customers')).toMatchObject({
      MfaConfiguration: 'OFF',
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
      Policies: { PasswordPolicy: { MinimumLength: 12, RequireSymbols: false } },
    });
    expect(await describe('Staff')).toMatchObject({
      MfaConfiguration: 'ON',
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    });
  });
});

describe('a template is refused by logical id and name for', () => {
  const UserPoolId = 'us-east-1_None';
  const refused: readonly [string, string, object, RegExp][] = [
    ['a trigger', 'UserPool', { LambdaConfig: {} }, /^It \(AWS::Cognito::UserPool\): .*LambdaConfig/],
    ['a code by SMS', 'UserPool', { EnabledMfas: ['SMS_MFA'] }, /EnabledMfas.0: only SOFTWARE_TOKEN_MFA/],
    ['MFA by nothing', 'UserPool', { MfaConfiguration: 'ON' }, /It: MfaConfiguration ON needs EnabledMfas/],
    ['a telephone number as name', 'UserPool', { UsernameAttributes: ['phone_number'] }, /UsernameAttributes/],
    [
      'a link for a code',
      'UserPool',
      { VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_LINK' } },
      /Link|DefaultEmailOption/,
    ],
    ['the implicit flow', 'UserPoolClient', { UserPoolId, AllowedOAuthFlows: ['implicit'] }, /only the code flow/],
    ['a rotated refresh token', 'UserPoolClient', { UserPoolId, RefreshTokenRotation: {} }, /RefreshTokenRotation/],
    ['a client of no pool', 'UserPoolClient', { UserPoolId }, /us-east-1_None does not exist/],
    ['a group of no pool', 'UserPoolGroup', { UserPoolId, GroupName: 'g' }, /us-east-1_None does not exist/],
    [
      'a SAML provider',
      'UserPoolIdentityProvider',
      { UserPoolId, ProviderName: 'p', ProviderType: 'SAML', ProviderDetails: {} },
      /ProviderType: only OIDC/,
    ],
  ];
  for (const [what, type, properties, message] of refused) {
    test(what, async () => {
      const engines = await startEngines([context => createCognito(context, { port: 0 })]);
      await expect(engines.make(`AWS::Cognito::${type}`, 'It', properties)).rejects.toThrow(message);
      await engines.stop();
    });
  }
});
