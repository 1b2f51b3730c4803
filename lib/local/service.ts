/**
 * The idea of the local cloud in types. An *engine* stands for one AWS service: it answers the service's wire protocol
 * (`Service`) and makes the service's CloudFormation resources (`ResourceType`). The endpoint checks the signature
 * and finds the service; the engine says which action on which resource a call is, and `authorize` decides it.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import type { Clock } from './clock.ts';

/** An error that an AWS service answers; each service writes it in its own protocol. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** More members of the error's body, such as `CancellationReasons`. */
  readonly detail: Readonly<Record<string, unknown>>;

  /** `code` is the bare shape name, such as `ResourceNotFoundException`; `status` is the HTTP status. */
  constructor(code: string, message: string, status = 400, detail: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.detail = detail;
  }
}

export interface AwsRequest {
  readonly method: string;
  /** As sent: still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body, already out of aws-chunked framing. */
  readonly body: Buffer;
  /** Who signed it: the ARN of a role or user, or undefined for an unsigned request. */
  readonly principal: string | undefined;
  /** Where it was signed with temporary credentials: the name of the role's session. */
  readonly session?: string | undefined;
  /** True where the signature stood in the query (a presigned URL). */
  readonly presigned: boolean;
  /** Aborted once the caller has hung up, or was answered. */
  readonly closed?: AbortSignal;
  /** Throws AccessDenied unless the caller's policies, or a policy on the resource, allow it. */
  authorize(action: string, resource: string, context?: Readonly<Record<string, string>>): void;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}

/** One service's endpoint. */
export interface Service {
  /**
   * The name in a signature's credential scope: `dynamodb`, `s3`, `sqs`, `states`, `apigateway`, `lambda`. Or, for a page
   * that a person opens, the first name of its path, which begins with an underscore: no bucket's name can.
   */
  readonly signingName: string;
  /** Whether a call that names no service in a signature is one of this service, by its protocol. */
  readonly recognises?: (request: Pick<AwsRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>) => boolean;
  /** Of AWS JSON: what stands before the dot of a call's target. */
  readonly target?: string;
  /** What is in the service's table of operations, by the name of the API; none for a page. */
  readonly operations?: Readonly<Record<string, readonly string[]>>;
  /** Answers one call, or throws AwsError. */
  handle(request: AwsRequest): Promise<AwsResponse>;
  /** The error as this service's protocol writes it. */
  refuse(error: AwsError, request: AwsRequest): AwsResponse;
}

/** What `Ref` and `Fn::GetAtt` answer for a resource. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A resource of the template with every intrinsic resolved. */
export interface Resource extends Identity {
  readonly logicalId: string;
  readonly stack: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation properties are as wide as AWS; each engine narrows what it reads.
  readonly properties: any;
  /** `aws:cdk:path`, `aws:asset:path` and the like. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface ResourceType {
  /** The resource's identity, which must not depend on other resources: it is asked before any is made. `name` is a stable physical name made of stack and logical id. */
  identify(resource: {
    logicalId: string;
    stack: string;
    name: string;
    properties: Readonly<Record<string, unknown>>;
  }): Identity;
  /** Makes the resource, or brings an earlier start's one up to date without touching its data. */
  apply?(resource: Resource): void | Promise<void>;
  /** Removes it with what it holds; one that is gone is no error. Throws where the service refuses: a full bucket. */
  remove?(resource: Resource): void | Promise<void>;
  /** What there is of this type, whoever made it, by their keys. */
  made?(): readonly string[];
  /** Its key among all of its type where `ref` is none, such as that of a pool's group. */
  keyOf?(resource: Resource): string;
  /** Properties that only another resource in its place can have changed. */
  readonly immutable?: readonly string[] | 'all';
}

export interface Engine {
  readonly services: readonly Service[];
  /** By CloudFormation type, such as `AWS::SQS::Queue`. */
  readonly resources: Readonly<Record<string, ResourceType>>;
  /** What other services may call of this one. */
  readonly provides?: Partial<Ports>;
  /**
   * Addresses that AWS would give to what was made, by which nothing is found here, and where it is instead: those that
   * are known by then.
   */
  addresses?(): Readonly<Record<string, string>>;
  /** Called when every resource is made: resumes what an earlier start left, starts timers. */
  start?(): void | Promise<void>;
  /** Idempotent; in the reverse order of start. */
  stop?(): Promise<void>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}
/** Credentials of a role: what is signed with them carries the token. */
export interface SessionCredentials extends Credentials {
  readonly sessionToken: string;
}

/** Whose credentials an access key is of. */
export interface KeyHolder {
  readonly principal: string;
  readonly secret: string;
  readonly session: string | undefined;
}

/** A directory of the assembly that a template refers to: a function's code, or a container image's context. */
export type AssetResolver = (hash: string) => string | undefined;

/** Calls that one AWS service makes to another on a role's behalf. The callee authorizes `as`. */
export interface Ports {
  /** `as`: role ARN, or a service principal such as `apigateway.amazonaws.com` (then `sourceArn` counts). */
  invokeFunction(call: {
    functionArn: string;
    payload: string;
    as: string;
    sourceArn?: string;
    traceHeader?: string;
    /** The call is asynchronous on AWS: it waits where the function is at its reserved concurrency. */
    queued?: boolean;
    /** Aborted, it ends the wait for an environment, with its reason; what runs already runs on. */
    signal?: AbortSignal;
    /** Where given, the response is streamed to it part by part, and the result's payload is empty unless the function failed. */
    take?: (chunk: Uint8Array) => Promise<void>;
  }): Promise<InvokeResult>;
  sendMessage(call: { queueUrl: string; body: string; groupId?: string; as: string }): Promise<{ messageId: string }>;
  /**
   * Records of a DynamoDB stream, in order, at most `limit`. `after`: `TRIM_HORIZON`, `LATEST`, or the position of an
   * earlier page. The callee authorizes what reading a stream by its API takes.
   */
  readStream(call: { streamArn: string; after: string; limit: number; as: string }): Promise<StreamPage>;
  /**
   * What is written to a log group, without an answer. `as`: the role that needs the permission for it; undefined where
   * a service writes of itself. Absent where no engine keeps logs.
   */
  readonly writeLog:
    | ((event: { group: string; stream: string; text: string; as: string | undefined }) => void)
    | undefined;
  /** Mail that a service sends of itself, such as a code to sign in with: `from` needs no identity. Absent where no engine sends mail. */
  readonly sendMail:
    | ((call: { from: string; to: string; subject: string; text: string }) => Promise<{ messageId: string }>)
    | undefined;
}

export interface InvokeResult {
  /** JSON: the handler's answer, or `{errorType, errorMessage, stackTrace}`. */
  readonly payload: string;
  readonly functionError: 'Handled' | 'Unhandled' | undefined;
}

export interface StreamPage {
  readonly shardId: string;
  readonly records: readonly {
    readonly dynamodb: {
      readonly SequenceNumber: string;
      /** Epoch seconds. */
      readonly ApproximateCreationDateTime: number;
      readonly SizeBytes: number;
    };
    /** Who made the change, where a service did. */
    readonly userIdentity?: { readonly Type: string; readonly PrincipalId: string };
  }[];
  /** Where the page ends; positions sort as texts. */
  readonly position: string;
}

/** What the cloud gives to each engine. */
export interface CloudContext {
  readonly region: string;
  readonly accountId: string;
  /** Where this cloud keeps everything; an engine uses the folder of its own name below it. */
  readonly dataDir: string;
  /** `http://127.0.0.1:<port>` of the AWS endpoint, one for all services. */
  readonly awsUrl: string;
  readonly clock: Clock;
  /** One SQLite database (WAL) for all engines; an engine's tables begin with its name. */
  readonly database: DatabaseSync;
  /** What the engines provide, once all of them are made. */
  readonly ports: Ports;
  readonly assets: AssetResolver;
  /** A text with addresses that lead to this machine in place of those in AWS. */
  readonly foundHere: (text: string) => string;
  readonly iam: Iam;
  /** One structured line of the cloud's own log. */
  log(event: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface Iam {
  /** Long-lived credentials that act as the principal; the same ones on every call. */
  credentialsFor(principal: string): Credentials;
  /** Temporary credentials of the role, for a session of that name; the same ones on every call. */
  sessionFor(roleArn: string, session: string): SessionCredentials;
  /** Whose key this is; where the token is not the one that goes with it, says so. */
  holderOf(accessKeyId: string, sessionToken: string | undefined): KeyHolder | 'unknown' | 'wrong token';
  /** Whether `principal` may do `action` on `resource`: explicit deny, then identity policies, then the resource's own. */
  allows(call: {
    principal: string;
    action: string;
    resource: string;
    context?: Readonly<Record<string, string>>;
  }): boolean;
  /** Adds a statement to the policy on a resource, by the id of whatever makes it. */
  setResourcePolicy(resource: string, id: string, statements: readonly PolicyStatement[]): void;
  /** Whether a role lets `principal` act as it; undefined where there is no such role. */
  trusts(roleArn: string, principal: string): boolean | undefined;
}

/** A statement of an IAM policy document, as CloudFormation writes it. */
export interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** How a principal, or nobody, is held to the policies. */
export function authorizing(iam: Pick<Iam, 'allows'>, principal = 'anonymous'): AwsRequest['authorize'] {
  return (action, resource, context = {}) => {
    if (!iam.allows({ principal, action, resource, context })) denyAccess(principal, action, resource);
  };
}

/** The error that every AWS service answers to a call which no policy allows. */
export function denyAccess(principal: string, action: string, resource: string): never {
  throw new AwsError(
    'AccessDeniedException',
    `User: ${principal} is not authorized to perform: ${action} on resource: ${resource}`,
    403,
  );
}
