import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ListDevicesCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signIn } from '../../bin/local/sign-in.ts';
import { addUser, lastMail, PASSWORD, startUserPool, type UserPool, verified } from './user-pool.ts';

const ANN = 'ann@example.com';
const BOB = 'bob@example.com';
const ROLE = 'arn:aws:iam::000000000000:role/reader';

let pool: UserPool;
let ann: { UserPoolId: string; Username: string };
beforeEach(async () => {
  pool = await startUserPool();
  ann = { UserPoolId: pool.poolId, Username: ANN };
});
afterEach(() => pool.cloud.stop());

const asAnn = () => ({ ...pool, email: ANN, password: PASSWORD, now: () => pool.cloud.clock.now() });
const refresh = (REFRESH_TOKEN: string) =>
  pool.client.send(
    new InitiateAuthCommand({
      ClientId: pool.clientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN },
    }),
  );

describe('an invitation', () => {
  const invite = (more: object = {}) => pool.client.send(new AdminCreateUserCommand({ ...ann, ...more }));
  const enter = (password: string) =>
    pool.client.send(
      new AdminInitiateAuthCommand({
        UserPoolId: pool.poolId,
        ClientId: pool.clientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: ANN, PASSWORD: password },
      }),
    );

  test('is mailed; its password lets the user set one, and then in', async () => {
    const { User } = await invite();
    expect(User).toMatchObject({ UserStatus: 'FORCE_CHANGE_PASSWORD', Enabled: true });
    const [, name, temporary = ''] =
      /username is (\S+) and temporary password is (\S+)\./.exec(lastMail(pool, ANN)) ?? [];
    expect(name).toBe(ANN);
    const { ChallengeName, Session } = await enter(temporary);
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    const set = (NEW_PASSWORD: string) =>
      pool.client.send(
        new RespondToAuthChallengeCommand({
          ClientId: pool.clientId,
          ChallengeName,
          Session,
          ChallengeResponses: { USERNAME: ANN, NEW_PASSWORD },
        }),
      );
    await expect(set('weak')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    const { AuthenticationResult } = await set(PASSWORD);
    expect(await verified(pool, AuthenticationResult?.AccessToken ?? '')).toMatchObject({ username: User?.Username });
    await signIn(asAnn());
    await expect(enter(temporary)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  test('expires after seven days, and can be sent again', async () => {
    await invite({ TemporaryPassword: 'Temporary-word-1', MessageAction: 'SUPPRESS' });
    pool.cloud.clock.advance(7 * 86_400_000);
    await expect(enter('Temporary-word-1')).rejects.toThrow('Temporary password has expired');
    await invite({ TemporaryPassword: 'Temporary-word-2', MessageAction: 'RESEND' });
    expect(lastMail(pool, ANN)).toContain('Temporary-word-2');
    expect((await enter('Temporary-word-2')).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });
});

describe('a user', () => {
  beforeEach(() => addUser(pool, ANN));

  test('who is disabled gets no token, by password or by refresh token, until enabled', async () => {
    const { refreshToken, accessToken: AccessToken } = await signIn(asAnn());
    await pool.client.send(new AdminDisableUserCommand(ann));
    await expect(signIn(asAnn())).rejects.toThrow('User is disabled');
    const refused = { name: 'NotAuthorizedException' };
    await expect(refresh(refreshToken)).rejects.toMatchObject(refused);
    await expect(pool.client.send(new GetUserCommand({ AccessToken }))).rejects.toMatchObject(refused);
    await pool.client.send(new AdminEnableUserCommand(ann));
    await signIn(asAnn());
  });

  test('who signs out everywhere has neither refresh token nor a living access token', async () => {
    for (const signOut of [
      (AccessToken: string) => pool.client.send(new GlobalSignOutCommand({ AccessToken })),
      () => pool.client.send(new AdminUserGlobalSignOutCommand(ann)),
    ]) {
      const { accessToken, refreshToken } = await signIn(asAnn());
      await signOut(accessToken);
      await expect(refresh(refreshToken)).rejects.toThrow('Invalid Refresh Token');
      const asked = pool.client.send(new GetUserCommand({ AccessToken: accessToken }));
      await expect(asked).rejects.toThrow('Access Token has been revoked');
    }
  });

  test('is told, changed and deleted', async () => {
    const told = await pool.client.send(new AdminGetUserCommand(ann));
    expect(told).toMatchObject({ UserStatus: 'CONFIRMED', Enabled: true, UserCreateDate: expect.any(Date) });
    const UserAttributes = [{ Name: 'email', Value: BOB }];
    await pool.client.send(new AdminUpdateUserAttributesCommand({ ...ann, UserAttributes }));
    await expect(pool.client.send(new AdminGetUserCommand(ann))).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
    const bob = { ...ann, Username: BOB };
    const changed = await pool.client.send(new AdminGetUserCommand(bob));
    expect(changed.Username).toBe(told.Username);
    expect(changed.UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'false' });
    await pool.client.send(new AdminDeleteUserCommand(bob));
    await expect(pool.client.send(new AdminGetUserCommand(bob))).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
  });

  test('cannot take the address of another', async () => {
    await addUser(pool, BOB);
    const UserAttributes = [{ Name: 'email', Value: BOB }];
    const taken = pool.client.send(new AdminUpdateUserAttributesCommand({ ...ann, UserAttributes }));
    await expect(taken).rejects.toMatchObject({ name: 'AliasExistsException' });
  });

  test('joins and leaves groups that the template has', async () => {
    const member = { ...ann, GroupName: 'reviewers' };
    await pool.client.send(new AdminAddUserToGroupCommand(member));
    await pool.client.send(new AdminAddUserToGroupCommand(member));
    const { Groups } = await pool.client.send(new AdminListGroupsForUserCommand(ann));
    expect(Groups).toEqual([{ GroupName: 'reviewers', UserPoolId: pool.poolId, Precedence: 2 }]);
    const inGroup = new ListUsersInGroupCommand({ UserPoolId: pool.poolId, GroupName: 'reviewers' });
    expect((await pool.client.send(inGroup)).Users).toMatchObject([{ UserStatus: 'CONFIRMED' }]);
    await pool.client.send(new AdminRemoveUserFromGroupCommand(member));
    expect((await pool.client.send(inGroup)).Users).toEqual([]);
    const unknown = pool.client.send(new AdminAddUserToGroupCommand({ ...ann, GroupName: 'none' }));
    await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('is listed page by page, and found by a filter', async () => {
    await addUser(pool, BOB);
    const UserPoolId = pool.poolId;
    const first = await pool.client.send(new ListUsersCommand({ UserPoolId, Limit: 1 }));
    const { PaginationToken } = first;
    const second = await pool.client.send(new ListUsersCommand({ UserPoolId, Limit: 1, PaginationToken }));
    expect(second).not.toHaveProperty('PaginationToken');
    expect(new Set([first, second].map(({ Users }) => Users?.[0]?.Username)).size).toBe(2);
    const found = await pool.client.send(
      new ListUsersCommand({ UserPoolId, Filter: `email = "${BOB}"`, AttributesToGet: ['email'] }),
    );
    expect(found.Users?.map(({ Attributes }) => Attributes)).toEqual([[{ Name: 'email', Value: BOB }]]);
    const strange = pool.client.send(new ListUsersCommand({ UserPoolId, Filter: 'shoe = "1"' }));
    await expect(strange).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('IAM', () => {
  test('lets a role do what its policy allows on this pool, and nothing else', async () => {
    await addUser(pool, ANN);
    const allowed = { Effect: 'Allow' as const, Action: 'cognito-idp:AdminGetUser', Resource: pool.arn };
    const { iam } = pool.cloud.context;
    iam.setResourcePolicy(pool.arn, 'reader', [{ ...allowed, Principal: { AWS: ROLE } }]);
    const reader = new CognitoIdentityProviderClient(pool.cloud.clientAs(ROLE));
    await reader.send(new AdminGetUserCommand(ann));
    const refused = { name: 'AccessDeniedException' };
    await expect(reader.send(new AdminDeleteUserCommand(ann))).rejects.toMatchObject(refused);
    await expect(reader.send(new ListUsersCommand(ann))).rejects.toMatchObject(refused);
    const elsewhere = { ...ann, UserPoolId: 'us-east-1_Elsewhere' };
    await expect(reader.send(new AdminGetUserCommand(elsewhere))).rejects.toMatchObject(refused);
  });

  test('refuses an operation of administrators that nobody signed', async () => {
    await addUser(pool, ANN);
    const target = (operation: string) => `AWSCognitoIdentityProviderService.${operation}`;
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target('AdminGetUser') };
    const response = await fetch(pool.cloud.client.endpoint, { method: 'POST', headers, body: JSON.stringify(ann) });
    expect({ status: response.status, type: ((await response.json()) as { __type: string }).__type }).toEqual({
      status: 400,
      type: 'MissingAuthenticationTokenException',
    });
  });
});

describe('the API', () => {
  test('describes the pool of the template', async () => {
    const { UserPool } = await pool.client.send(new DescribeUserPoolCommand({ UserPoolId: pool.poolId }));
    expect(UserPool).toMatchObject({ Id: pool.poolId, Arn: pool.arn, MfaConfiguration: 'OFF' });
    expect(UserPool?.Policies?.PasswordPolicy).toMatchObject({ MinimumLength: 8, RequireSymbols: true });
  });

  test('refuses by name what it does not have: an operation, a member, a flow', async () => {
    const devices = pool.client.send(new ListDevicesCommand({ AccessToken: 'a' }));
    await expect(devices).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('ListDevices'),
    });
    const code = { ClientId: pool.clientId, AuthFlow: 'USER_SRP_AUTH' as const };
    await expect(pool.client.send(new InitiateAuthCommand(code))).rejects.toThrow(
      'USER_SRP_AUTH is not supported here',
    );
    const forced = pool.client.send(
      new AdminCreateUserCommand({ ...ann, ClientMetadata: {}, ForceAliasCreation: true }),
    );
    await expect(forced).rejects.toThrow('AdminCreateUser.ForceAliasCreation');
  });
});

describe('a restart', () => {
  test('keeps ids, users, groups, keys and who is signed in', async () => {
    await addUser(pool, ANN);
    await pool.client.send(new AdminAddUserToGroupCommand({ ...ann, GroupName: 'operators' }));
    const { accessToken, refreshToken } = await signIn(asAnn());
    const { poolId, clientId, issuer } = pool;
    pool = await pool.restart();
    expect({ poolId: pool.poolId, clientId: pool.clientId, issuer: pool.issuer }).toEqual({ poolId, clientId, issuer });
    const { sub } = await verified(pool, accessToken);
    const renewed = await refresh(refreshToken);
    const claims = await verified(pool, renewed.AuthenticationResult?.AccessToken ?? '');
    expect(claims).toMatchObject({ sub, 'cognito:groups': ['operators'] });
    expect((await verified(pool, (await signIn(asAnn())).accessToken)).sub).toBe(sub);
  });
});
