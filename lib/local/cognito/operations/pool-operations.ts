/** What administrators read of a pool as a whole. */
import { z } from 'zod';
import type { Pool } from '../pool.ts';
import { refusal } from '../refusal.ts';
import type { User } from '../users.ts';
import { type CognitoOperations, type Output, ofPool } from './operation.ts';
import { cut, PAGE } from './pages.ts';
import { userOutput } from './user-output.ts';

export const POOL_OPERATIONS: CognitoOperations = {
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
