/**
 * A route as data: what the API offers, said once. It has five readers: API Gateway (lib/), the handler's validation,
 * the OpenAPI document, the console's client, and the test that walks every route.
 */
import type { z } from 'zod';
import type { Act, Permission, Role } from '../catalogue/permissions.ts';

/** How a body may be written. */
export type BodyForm = 'json' | 'multipart' | 'urlencoded';

export interface Route<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With API Gateway's `{name}` for a part that varies. */
  readonly path: string;
  readonly summary: string;
  /** What a key must be allowed; absent where no key may call, but only people who signed in. */
  readonly permission?: Permission;
  /** Which people may call. Where absent: developers for their account, if the route is under /v1 and takes keys too. */
  readonly roles?: readonly Role[];
  /** What the caller's account must be allowed by its standing; `use` where absent. */
  readonly act?: Act;
  /** False where callers without a usage plan (staff, accounts that are not approved) are answered too, and none is counted. */
  readonly metered?: false;
  /** Path parameters, query and body members as one object. */
  readonly input: Input;
  /** `Resp` of a success; the body itself under /v1. */
  readonly output: Output;
  /** Headers that it reads besides those of the body, and what each does. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How a success comes where it is not 200 with JSON. */
  readonly success?: { readonly status: number; readonly contentType: string };
  /** Other successes, which have no body: what each status says. */
  readonly empty?: Readonly<Record<number, string>>;
  /** The forms of its body; JSON alone where absent. */
  readonly bodies?: readonly BodyForm[];
  /** Members that are files where the body is multipart, and what each may be. */
  readonly files?: Readonly<Record<string, string>>;
}
