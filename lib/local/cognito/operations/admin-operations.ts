/** What administrators do about users and groups, and read of a pool. Each is for callers whose policy allows it on the pool. */
import { z } from 'zod';
import { readAttributes, requireAttributes } from '../attributes.ts';
import { checkPassword, hashPassword, temporaryPassword } from '../passwords.ts';
import type { Group, Pool } from '../pools.ts';
import { refusal } from '../refusal.ts';
import { withUsername } from '../sign-up.ts';
import type { Cognito } from '../state.ts';
import type { User } from '../users.ts';
import {
  attributeListInput,
  type CognitoOperations,
  cut,
  mfaSettings,
  type Output,
  ofPool,
  PAGE,
  userOutput,
} from './operation.ts';

const DAY_MS = 86_400_000;
const MEMBERSHIP = { Username: z.string(), GroupName: z.string() };
const NAMED = { Username: z.string() };

/** AdminCreateUser: invites a user with a temporary password, by e-mail unless the message is suppressed. */
const createUser = ofPool(
  {
    Username: z.string().min(1).max(128),
    UserAttributes: attributeListInput.default([]),
    TemporaryPassword: z.string().optional(),
    MessageAction: z.enum(['SUPPRESS', 'RESEND']).optional(),
    DesiredDeliveryMediums: z.array(z.literal('EMAIL')).optional(),
    ForceAliasCreation: z.literal(false).optional(),
    ValidationData: z.unknown().optional(),
  },
  async (cognito, pool, input) => {
    const password = input.TemporaryPassword ?? temporaryPassword(pool.passwordPolicy);
    checkPassword(password, pool.passwordPolicy);
    const expires = cognito.context.clock.now() + pool.passwordPolicy.temporaryDays * DAY_MS;
    const temporary = { password: await hashPassword(password), password_expires: expires };
    const user =
      input.MessageAction === 'RESEND'
        ? renew(cognito, pool, input.Username, temporary)
        : create(cognito, pool, input, temporary);
    const { email } = user.attributes;
    if (input.MessageAction !== 'SUPPRESS' && email) {
      const username = pool.emailIsUsername ? email : user.username;
      await cognito.mail.send(pool, email, pool.invitation, { code: password, username });
    }
    return { User: userOutput(user) };
  },
);

export const ADMIN_OPERATIONS: CognitoOperations = {
  AdminCreateUser: createUser,

  AdminGetUser: ofPool(NAMED, (cognito, pool, { Username }) => {
    const user = cognito.users.get(pool, Username);
    const { Attributes, ...rest } = userOutput(user);
    return { ...rest, UserAttributes: Attributes, ...mfaSettings(user) };
  }),

  AdminSetUserPassword: ofPool(
    { ...NAMED, Password: z.string(), Permanent: z.boolean().default(false) },
    async (cognito, pool, { Username, Password, Permanent }) => {
      const { sub } = cognito.users.get(pool, Username);
      checkPassword(Password, pool.passwordPolicy);
      const expires = cognito.context.clock.now() + pool.passwordPolicy.temporaryDays * DAY_MS;
      cognito.users.change(pool, sub, {
        password: await hashPassword(Password),
        password_expires: Permanent ? null : expires,
        status: Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
        failures: 0,
        locked_until: 0,
      });
      return {};
    },
  ),

  AdminConfirmSignUp: ofPool(NAMED, (cognito, pool, { Username }) => {
    const { sub, status } = cognito.users.get(pool, Username);
    if (status !== 'UNCONFIRMED') {
      throw refusal('NotAuthorizedException', `User cannot be confirmed. Current status is ${status}`);
    }
    cognito.users.change(pool, sub, { status: 'CONFIRMED' });
    return {};
  }),

  AdminUpdateUserAttributes: ofPool(
    { ...NAMED, UserAttributes: attributeListInput },
    (cognito, pool, { Username, UserAttributes }) => {
      const { sub, attributes } = cognito.users.get(pool, Username);
      const given = readAttributes(pool, UserAttributes);
      // A new address is not proved by the old one's proof.
      const unproved = given.email !== undefined && given.email !== attributes.email ? { email_verified: 'false' } : {};
      cognito.users.change(pool, sub, { attributes: { ...attributes, ...unproved, ...given } });
      return {};
    },
  ),

  AdminDeleteUser: ofPool(NAMED, (cognito, pool, { Username }) => {
    cognito.users.remove(pool, cognito.users.get(pool, Username).sub);
    return {};
  }),

  AdminDisableUser: ofPool(NAMED, (cognito, pool, { Username }) => {
    const user = cognito.users.change(pool, cognito.users.get(pool, Username).sub, { enabled: 0 });
    cognito.tokens.revokeAll(user);
    return {};
  }),

  AdminEnableUser: ofPool(NAMED, (cognito, pool, { Username }) => {
    cognito.users.change(pool, cognito.users.get(pool, Username).sub, { enabled: 1 });
    return {};
  }),

  AdminUserGlobalSignOut: ofPool(NAMED, (cognito, pool, { Username }) => {
    cognito.tokens.revokeAll(cognito.users.get(pool, Username));
    return {};
  }),

  // Groups themselves are the template's.
  AdminAddUserToGroup: ofPool(MEMBERSHIP, (cognito, pool, { Username, GroupName }) => {
    cognito.memberships.add(cognito.pools.group(pool, GroupName), cognito.users.get(pool, Username).sub);
    return {};
  }),

  AdminRemoveUserFromGroup: ofPool(MEMBERSHIP, (cognito, pool, { Username, GroupName }) => {
    cognito.memberships.remove(cognito.pools.group(pool, GroupName), cognito.users.get(pool, Username).sub);
    return {};
  }),

  AdminListGroupsForUser: ofPool({ ...PAGE, Username: z.string() }, (cognito, pool, input) => {
    const { sub } = cognito.users.get(pool, input.Username);
    const groups = cognito.memberships.groupsOf(pool, sub).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const { page, next } = cut(groups, input, ({ name }) => name);
    return { Groups: page.map(groupOutput), ...next };
  }),

  ListUsersInGroup: ofPool({ ...PAGE, GroupName: z.string() }, (cognito, pool, input) => {
    const subs = cognito.memberships.members(cognito.pools.group(pool, input.GroupName));
    const { page, next } = cut(subs, input, sub => sub);
    return { Users: page.map(sub => userOutput(cognito.users.get(pool, sub))), ...next };
  }),

  ListUsers: ofPool(
    {
      Limit: PAGE.Limit,
      PaginationToken: z.string().optional(),
      Filter: z.string().optional(),
      AttributesToGet: z.array(z.string()).optional(),
    },
    (cognito, pool, { Limit, PaginationToken, Filter, AttributesToGet }) => {
      const matches = filter(Filter);
      const users = cognito.users.list(pool).filter(matches);
      const { page, next } = cut(users, { Limit, NextToken: PaginationToken }, ({ sub }) => sub);
      const Users = page.map(user => {
        const output = userOutput(user);
        if (!AttributesToGet) return output;
        return { ...output, Attributes: output.Attributes.filter(({ Name }) => AttributesToGet.includes(Name)) };
      });
      return { Users, ...(next.NextToken === undefined ? {} : { PaginationToken: next.NextToken }) };
    },
  ),

  DescribeUserPool: ofPool({}, (_cognito, pool) => ({ UserPool: poolOutput(pool) })),
};

type Temporary = { password: string; password_expires: number };

function create(
  cognito: Cognito,
  pool: Pool,
  input: { Username: string; UserAttributes: z.output<typeof attributeListInput> },
  temporary: Temporary,
): User {
  const attributes = withUsername(pool, input.Username, readAttributes(pool, input.UserAttributes));
  requireAttributes(pool, attributes);
  return cognito.users.create(pool, input.Username, { status: 'FORCE_CHANGE_PASSWORD', attributes, ...temporary });
}

function renew(cognito: Cognito, pool: Pool, username: string, temporary: Temporary): User {
  const { sub, status } = cognito.users.get(pool, username);
  if (status !== 'FORCE_CHANGE_PASSWORD') {
    throw refusal(
      'UnsupportedUserStateException',
      `Resend not possible. ${username} status is not FORCE_CHANGE_PASSWORD`,
    );
  }
  return cognito.users.change(pool, sub, temporary);
}

function groupOutput({ name, poolId, description, precedence }: Group): Output {
  return {
    GroupName: name,
    UserPoolId: poolId,
    ...(description === undefined ? {} : { Description: description }),
    ...(precedence === undefined ? {} : { Precedence: precedence }),
  };
}

/** `attribute = "value"` or `attribute ^= "value"`, the two that ListUsers has. */
function filter(text: string | undefined): (user: User) => boolean {
  if (!text) return () => true;
  const [, name = '', operator, value = ''] = /^"?([\w:]+)"?\s*(\^?=)\s*"(.*)"$/.exec(text.trim()) ?? [];
  const read = READABLE[name] ?? ((user: User) => user.attributes[name]);
  if (!operator || !(name in READABLE || SEARCHABLE.includes(name))) {
    throw refusal('InvalidParameterException', `Error while parsing filter ${text}.`);
  }
  return user => (operator === '=' ? read(user) === value : (read(user) ?? '').startsWith(value));
}

const SEARCHABLE = ['email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username'];
const READABLE: Readonly<Record<string, (user: User) => string | undefined>> = {
  username: user => user.username,
  sub: user => user.sub,
  status: user => (user.enabled ? 'Enabled' : 'Disabled'),
  'cognito:user_status': user => user.status,
};

function poolOutput(pool: Pool): Output {
  const policy = pool.passwordPolicy;
  return {
    Id: pool.id,
    Name: pool.name,
    Arn: pool.arn,
    CreationDate: pool.created / 1000,
    MfaConfiguration: pool.mfa,
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: pool.adminCreatesUsersOnly },
    AutoVerifiedAttributes: pool.verifiesEmail ? ['email'] : [],
    ...(pool.emailIsUsername ? { UsernameAttributes: ['email'] } : {}),
    Policies: {
      PasswordPolicy: {
        MinimumLength: policy.minimumLength,
        RequireLowercase: policy.lowercase,
        RequireUppercase: policy.uppercase,
        RequireNumbers: policy.numbers,
        RequireSymbols: policy.symbols,
        TemporaryPasswordValidityDays: policy.temporaryDays,
      },
    },
  };
}
