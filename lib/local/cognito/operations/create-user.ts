import { z } from 'zod';
import { readAttributes, requireAttributes } from '../attributes.ts';
import { checkPassword, hashPassword, temporaryPassword } from '../passwords.ts';
import type { Pool } from '../pool.ts';
import { refusal } from '../refusal.ts';
import { withUsername } from '../sign-up.ts';
import type { Cognito } from '../state.ts';
import type { User } from '../users.ts';
import { attributeListInput, ofPool } from './operation.ts';
import { userOutput } from './user-output.ts';

const DAY_MS = 86_400_000;

/** AdminCreateUser: invites a user with a temporary password, by e-mail unless the message is suppressed. */
export const createUser = ofPool(
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
