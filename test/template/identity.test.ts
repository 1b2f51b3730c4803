/** Who signs in, and with what. */
import { describe, expect, test } from 'vitest';
import { resources } from './synthesised.ts';

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
