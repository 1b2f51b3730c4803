/** Who signs in, and with what. */

import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { IdentityStack } from '../../lib/identity-stack.ts';
import { readStage } from '../../lib/stage.ts';
import { flat, resources } from './synthesised.ts';

const clients = Object.fromEntries(
  resources('AWS::Cognito::UserPoolClient').map(({ logicalId, properties }) => [
    logicalId.replace(/[0-9A-F]{8}$/, ''),
    properties,
  ]),
);

describe('clients of the user pools', () => {
  test('are one for customers and one for staff', () => {
    expect(Object.keys(clients).sort()).toEqual(['DevelopersClient', 'StaffClient']);
  });

  test('of staff give no token with which a second factor can be replaced: no password by the API, and no such scope', () => {
    expect(clients.StaffClient.ExplicitAuthFlows).toEqual(['ALLOW_REFRESH_TOKEN_AUTH']);
    expect(clients.StaffClient.AllowedOAuthScopes).toEqual(['openid', 'email']);
    expect(clients.StaffClient.AllowedOAuthFlows).toEqual(['code']);
  });

  test.each(Object.entries(clients))('%s names what its users may write: an address and a name', (_, properties) => {
    expect(properties.WriteAttributes).toEqual(['email', 'name']);
  });
});

describe('the page to sign in at', () => {
  const page = resources('AWS::Lambda::Function').find(
    ({ properties }) => properties.Description === 'functions/reference/reference.lambda.ts',
  );

  test('knows the client and the domain of either pool, and where they send browsers back to', () => {
    const { SIGN_INS, SIGN_IN_CALLBACKS } = page?.properties.Environment.Variables ?? {};
    const pool = (name: string) => ({
      name,
      url: expect.stringMatching(
        new RegExp(`^https://<${name}ClientDomain\\w+>\\.auth\\.<AWS::Region>\\.amazoncognito\\.com$`, 'i'),
      ),
      issuer: expect.stringMatching(new RegExp(`^<${name}\\w+\\.ProviderURL>$`, 'i')),
      clientId: expect.stringMatching(new RegExp(`^<${name}Client\\w+>$`, 'i')),
    });
    expect(JSON.parse(SIGN_INS)).toEqual([pool('developers'), pool('staff')]);
    for (const client of Object.values(clients)) {
      expect(client.CallbackURLs).toEqual(SIGN_IN_CALLBACKS.split(','));
      // It is where Cognito sends a browser to that has signed out.
      expect(client.LogoutURLs).toEqual(client.CallbackURLs);
    }
  });

  test('has a function that may write its own log and traces, and nothing else', () => {
    const role = /^<(\w+)\.Arn>$/.exec(page?.properties.Role)?.[1] ?? '';
    const policies = resources('AWS::IAM::Policy').filter(({ properties }) => properties.Roles.includes(`<${role}>`));
    const allowed = policies
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .flatMap(({ Action }) => Action);
    expect(allowed.sort()).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test.each([
    ['https://app.example.com/live/sign-in', 'https://app.example.com/live/sign-in?as=staff'],
    ['https://app.example.com/in,https://api.example.com/sign-in', 'https://api.example.com/sign-in?as=staff'],
    [
      'https://app.example.com/in',
      expect.stringMatching(
        /^https:\/\/<\w+>\.auth\.<AWS::Region>\.amazoncognito\.com\/oauth2\/authorize\?client_id=<\w+>&response_type=code&redirect_uri=https%3A%2F%2Fapp\.example\.com%2Fin$/,
      ),
    ],
  ])(
    'is where the outputs lead when it is among the callbacks %s; else they lead to the pool',
    (signInCallbacks, url) => {
      const stage = readStage(key => ({ signInCallbacks })[key], {});
      const stack = new IdentityStack(new App(), 'Identity', { stage });
      expect(flat(stack.resolve(stack.staff.signInUrl))).toEqual(url);
    },
  );
});
