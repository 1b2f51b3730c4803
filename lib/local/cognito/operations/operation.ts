/**
 * An operation of the API: the members that it reads, and what it answers. Those of applications are open to everyone,
 * as a password, a session or an access token is in the input; those of administrators are for callers whose IAM policy
 * allows the action on the pool.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { AwsRequest } from '../../service.ts';
import type { Client, Pool } from '../pool.ts';
import { refusal } from '../refusal.ts';
import type { Cognito } from '../state.ts';
import { API_SCOPE } from '../tokens.ts';
import type { User } from '../users.ts';

export type Output = Readonly<Record<string, unknown>>;

export interface Operation {
  run(cognito: Cognito, input: unknown, caller: { name: string; request: AwsRequest }): Output | Promise<Output>;
}

type Answer = Output | Promise<Output>;

/** Members that only Lambda triggers, analytics and threat protection would read: none of them is here. */
export const INERT = {
  ClientMetadata: z.unknown().optional(),
  AnalyticsMetadata: z.unknown().optional(),
  UserContextData: z.unknown().optional(),
  ContextData: z.unknown().optional(),
};

export const attributeListInput = z.array(z.strictObject({ Name: z.string(), Value: z.string().optional() }));

/** For applications: nothing is signed. */
export function open<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (cognito: Cognito, input: z.output<z.ZodObject<Shape>>) => Answer,
): Operation {
  const schema = z.strictObject({ ...INERT, ...shape });
  return {
    run: (cognito, input, { name }) => run(cognito, parse(schema, input, name) as z.output<z.ZodObject<Shape>>),
  };
}

/** For the user who holds the access token. */
export function ofUser<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (cognito: Cognito, pool: Pool, user: User, input: z.output<z.ZodObject<Shape>>) => Answer,
): Operation {
  return open({ ...shape, AccessToken: z.string() }, (cognito, input) => {
    const given = input as z.output<z.ZodObject<Shape>> & { AccessToken: string };
    const { pool, user } = holderOf(cognito, given.AccessToken);
    return run(cognito, pool, user, given);
  });
}

/** For callers whose policy allows it on the pool. */
export function ofPool<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (cognito: Cognito, pool: Pool, input: z.output<z.ZodObject<Shape>>) => Answer,
): Operation {
  const schema = z.strictObject({ ...INERT, ...shape, UserPoolId: z.string() });
  return {
    run(cognito, raw, { name, request }) {
      const input = parse(schema, raw, name) as z.output<z.ZodObject<Shape>> & { UserPoolId: string };
      const { region, accountId } = cognito.context;
      request.authorize(
        `cognito-idp:${name}`,
        `arn:aws:cognito-idp:${region}:${accountId}:userpool/${input.UserPoolId}`,
      );
      return run(cognito, cognito.pools.pool(input.UserPoolId), input);
    },
  };
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

function parse(schema: z.ZodType, input: unknown, operation: string): unknown {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  const words = issue?.code === 'unrecognized_keys' ? `${issue.keys.join(', ')} is not supported here` : issue?.message;
  throw refusal('InvalidParameterException', `${operation}${where && `.${where}`}: ${words}`);
}
