/**
 * A route as data: what the API offers, said once. It has five readers: API Gateway (lib/), the handler's validation,
 * the OpenAPI document, the console's client, and the test that walks every route.
 */
import type { z } from 'zod';

/** What a key may be allowed to do. */
export const PERMISSIONS = ['videos:create', 'videos:read', 'media:write', 'credits:read'] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface Route<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With API Gateway's `{name}` for a part that varies. */
  readonly path: string;
  readonly summary: string;
  readonly permission: Permission;
  /** Path parameters, query and body members as one object. */
  readonly input: Input;
  /** `Resp` of a success. */
  readonly output: Output;
}
