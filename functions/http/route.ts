/**
 * A route as data: what the API offers, once. Its readers are API Gateway and the functions, roles and grants behind it
 * (lib/), the handler's validation, the OpenAPI document, the console's client, and the tests that walk every route.
 */
import type { z } from 'zod';
import type { Capability, Permission, Role } from '../catalogue/permissions.ts';
import type { RefusalKind } from '../catalogue/refusal.ts';

/** How a body may be written. */
export type BodyForm = 'json' | 'multipart' | 'urlencoded';

export interface Route<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** The function that responds. */
  readonly entry: Entry;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With API Gateway's `{name}` for a part that varies. */
  readonly path: string;
  readonly summary: string;
  /** What a key must be allowed; absent where no key may call, but only people who signed in. */
  readonly permission?: Permission;
  /** Which people may call. Where absent: developers for their account, if the route is under /v1 and takes keys too. */
  readonly roles?: readonly Role[];
  /** What the caller's account must be allowed by its status; `use` where absent. */
  readonly capability?: Capability;
  /** False where callers without a usage plan (staff, accounts that are not approved) are answered too, and none is counted. */
  readonly metered?: false;
  /**
   * Path parameters, query and body members as one object, each member with its description (`.describe()`). A GET passes
   * over members that are not in it.
   */
  readonly input: Input;
  /** `Resp` of a success; the body itself under /v1. */
  readonly output: Output;
  /** Headers that it reads besides those of the body, and what each does. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How a success comes where it is not 200 with JSON. */
  readonly success?: {
    readonly status: number;
    readonly contentType: string | readonly string[];
    /** Whether it may also come as 206, in part. */
    readonly partial?: true;
  };
  /** Other answers that have no body: what each status says. */
  readonly empty?: Readonly<Record<number, string>>;
  /** The forms of its body; JSON alone where absent. */
  readonly bodies?: readonly BodyForm[];
  /** Members that are files where the body is multipart, and what each may be. */
  readonly files?: Readonly<Record<string, string>>;
  /** A call and its response, for readers; tests send the one and hold the other against `output`. */
  readonly example: Example;
}

/** What a client might send for one call. */
export interface Example {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** The form in which a file is sent: each member as text, a file by its name. */
  readonly form?: Readonly<Record<string, string>>;
  /** `Resp` of the response; the body itself under /v1. */
  readonly answer?: unknown;
}

/** A route that asks for neither a key nor a token: what it answers is for everybody, or its sender signs each call. */
export interface OpenRoute<Input extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  /** As a route's. */
  readonly input: Input;
  /** The header in which its sender signs the body; absent where anybody may call. */
  readonly signature?: string;
  /** By status, for a reader; `output` where it is JSON. */
  readonly answers: Readonly<Record<number, OpenAnswer>>;
  readonly example: Example;
}

export interface OpenAnswer {
  readonly description: string;
  readonly contentType?: string;
  readonly output?: z.ZodType;
}

/** Routes that a reader looks for together. */
export interface Family {
  readonly name: string;
  /** One sentence or two for a reader. */
  readonly about: string;
  /** `platform`: accounts, keys, reports and the like, which neither dialect has; they respond as `videos` do. */
  readonly dialect: 'pixverse' | 'videos' | 'platform';
  /** By the name of the operation, which is unique. */
  readonly routes: Readonly<Record<string, Route>>;
  /** What its routes may refuse besides a key, a permission and a member of the wrong form. */
  readonly refuses: readonly RefusalKind[];
  /** Headers that all its routes read, and what each does. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The Lambda function behind one route or several: its source, and all that it may use. lib/ makes its code, its role and
 * its environment of this; each use is a grant and the variable that names the resource, in one.
 */
export interface Entry {
  /** From the root of the repository. */
  readonly source: `functions/${string}.lambda.ts`;
  readonly uses: Uses;
  readonly settings?: readonly Setting[];
  /** MB; 512 where absent. */
  readonly memory?: number;
  /** Where its responses are streamed: how long one may last at most. All its routes then stream. */
  readonly streams?: { readonly seconds: number };
}

/** `Query` reads the table itself, `Query byTime` its index of that name. */
type TableUse =
  | 'GetItem'
  | 'BatchGetItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'ConditionCheckItem'
  | 'Query'
  | `Query ${string}`;
type ObjectUse = 'GetObject' | 'PutObject' | 'PutObjectTagging';

/** By resource: what the function does with it. Every function that responds to a route also writes to `audit`. */
export interface Uses {
  /** CORE_TABLE and so on. */
  readonly core?: readonly TableUse[];
  readonly jobs?: readonly TableUse[];
  readonly ledger?: readonly TableUse[];
  readonly idempotency?: readonly TableUse[];
  readonly audit?: readonly TableUse[];
  /** MEDIA_BUCKET: every account's media; every version, to remove it for good, and to say by its hash what it was. */
  readonly media?: readonly ObjectUse[];
  readonly mediaVersions?: readonly 'purge'[];
  /** DOCUMENTS_BUCKET: documents of qualifications. */
  readonly documents?: readonly ObjectUse[];
  /** INVOICES_BUCKET: invoices and credit notes as PDF. */
  readonly invoices?: readonly ObjectUse[];
  /** ACCOUNT_EXPORTS_BUCKET: owners' exports. */
  readonly accountExports?: readonly ObjectUse[];
  /** EXPORT_MACHINE_ARN: making an owner's export. */
  readonly exportRuns?: readonly 'start'[];
  /** STATE_MACHINE_ARN */
  readonly generations?: readonly ('start' | 'stop')[];
  /** QUEUE_URL */
  readonly queue?: readonly 'measure'[];
  /** MAIL_FROM */
  readonly mail?: readonly 'send'[];
  /** STRIPE_SECRET_ARN and STRIPE_API_URL */
  readonly stripe?: readonly 'call'[];
  /** REPORTS_DATABASE and REPORTS_WORKGROUP to query, REPORTS_BUCKET to close a month. */
  readonly reports?: readonly ('query' | 'close')[];
  /** EXPORT_FUNCTION: starting exports of days. */
  readonly exports?: readonly 'start'[];
  /** USAGE_PLANS: making API Gateway keys and putting them into the plans. */
  readonly usagePlans?: readonly 'join'[];
}

/** Variables with settings of the stage; `ENGINE` also brings `ENGINE_MODEL`. */
export type Setting = 'IMAGE_SOURCE_ALLOW' | 'ENGINE' | 'REFUSED_REGIONS' | 'CHECKOUT_RETURN_URL';
