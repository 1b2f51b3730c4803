/**
 * The three kinds of operations. Those of applications are open to everyone, as a password, a session or an access token
 * is in the input; those of administrators are for callers whose IAM policy allows the action on the pool.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Operation, operationsOn } from '../../protocols/operation.ts';
import { attributeList } from '../attributes.ts';
import type { Client, Pool } from '../pools.ts';
import { refusal } from '../refusal.ts';
import type { Cognito } from '../state.ts';
import { API_SCOPE } from '../tokens.ts';
import type { User } from '../users.ts';

export type Output = Readonly<Record<string, unknown>>;
export type CognitoOperations = Readonly<Record<string, Operation<Cognito>>>;

type Answer = Output | Promise<Output>;
type InputOf<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;

/** Members that only Lambda triggers, analytics and threat protection would read: none of them is here. */
const INERT = {
  ClientMetadata: z.unknown().optional(),
  AnalyticsMetadata: z.unknown().optional(),
  UserContextData: z.unknown().optional(),
  ContextData: z.unknown().optional(),
};

export const attributeListInput = z.array(z.strictObject({ Name: z.string(), Value: z.string().optional() }));

const operation = operationsOn<Cognito>();

/** For applications: nothing is signed. */
export function open<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (cognito: Cognito, input: InputOf<Shape>) => Answer,
): Operation<Cognito> {
  return operation({ ...INERT, ...shape }, 'everyone', (input, { state }) => run(state, input as InputOf<Shape>));
}

/** For the user who holds the access token. */
export function ofUser<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (cognito: Cognito, pool: Pool, user: User, input: InputOf<Shape>) => Answer,
): Operation<Cognito> {
  return open({ ...shape, AccessToken: z.string() }, (cognito, input) => {
    const given = input as InputOf<Shape> & { AccessToken: string };
    const { pool, user } = holderOf(cognito, given.AccessToken);
    return run(cognito, pool, user, given);
  });
}

/** For callers whose policy allows it on the pool. */
export function ofPool<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (cognito: Cognito, pool: Pool, input: InputOf<Shape>) => Answer,
): Operation<Cognito> {
  const poolId = (input: unknown): string => (input as { UserPoolId: string }).UserPoolId;
  return operation(
    { ...INERT, ...shape, UserPoolId: z.string() },
    (input, { state: { context } }) =>
      `arn:aws:cognito-idp:${context.region}:${context.accountId}:userpool/${poolId(input)}`,
    (input, { state }) => run(state, state.pools.pool(poolId(input)), input as InputOf<Shape>),
  );
}

export function holderOf(cognito: Cognito, accessToken: string): { pool: Pool; client: Client; user: User } {
  const holder = cognito.tokens.holder(accessToken);
  if (!String(holder.claims.scope).split(' ').includes(API_SCOPE)) {
    throw refusal('NotAuthorizedException', 'Access Token does not have required scopes');
  }
  return holder;
}

/** Throws NotAuthorizedException unless a client with a secret shows that it has it. */
export function checkSecretHash(client: Client, username: string, hash: string | undefined): void {
  if (client.secret === undefined) return;
  if (hash === undefined) {
    const words = `Client ${client.id} is configured with secret but SECRET_HASH was not received`;
    throw refusal('NotAuthorizedException', words);
  }
  const expected = createHmac('sha256', client.secret)
    .update(username + client.id)
    .digest();
  const given = Buffer.from(hash, 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw refusal('NotAuthorizedException', `SecretHash does not match for the client: ${client.id}`);
  }
}

const MOST = 60;

export const PAGE = {
  Limit: z.number().int().min(0).max(MOST).optional(),
  NextToken: z.string().optional(),
};

/** The page after the token, of items in the order of `keyOf`; the token of the next one where there is more. */
export function cut<Item>(
  items: readonly Item[],
  { Limit, NextToken }: { Limit?: number | undefined; NextToken?: string | undefined },
  keyOf: (item: Item) => string,
): { page: readonly Item[]; next: { NextToken?: string } } {
  const after = Buffer.from(NextToken ?? '', 'base64url').toString();
  const rest = items.filter(item => keyOf(item) > after);
  const page = rest.slice(0, Limit || MOST);
  const last = page.at(-1);
  const more = last !== undefined && rest.length > page.length;
  return { page, next: more ? { NextToken: Buffer.from(keyOf(last)).toString('base64url') } : {} };
}

/** A user as lists show it. */
export function userOutput(user: User): Output & { Attributes: { Name: string; Value: string }[] } {
  return {
    Username: user.username,
    Attributes: attributeList(user),
    UserCreateDate: user.created / 1000,
    UserLastModifiedDate: user.modified / 1000,
    Enabled: user.enabled === 1,
    UserStatus: user.status,
  };
}

/** The second factor that the user has chosen, if any. */
export function mfaSettings({ totp_enabled, totp_secret }: User): Output {
  if (!totp_enabled || totp_secret === null) return {};
  return { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'], PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' };
}
