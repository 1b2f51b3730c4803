/** Who is in which group. The groups themselves are the template's. */
import { z } from 'zod';
import type { Group } from '../pool.ts';
import { type CognitoOperations, type Output, ofPool } from './operation.ts';
import { cut, PAGE } from './pages.ts';
import { userOutput } from './user-output.ts';

const MEMBERSHIP = { Username: z.string(), GroupName: z.string() };

export const ADMIN_GROUP_OPERATIONS: CognitoOperations = {
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
};

function groupOutput({ name, poolId, description, precedence }: Group): Output {
  return {
    GroupName: name,
    UserPoolId: poolId,
    ...(description === undefined ? {} : { Description: description }),
    ...(precedence === undefined ? {} : { Precedence: precedence }),
  };
}
