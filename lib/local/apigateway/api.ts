/** What a template says about the one REST API that is served, once its references are resolved. */
import { createHash } from 'node:crypto';
import type { PolicyStatement } from '../service.ts';

export interface Api {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly rootId: string;
  /** Where the key of a usage plan comes from. */
  readonly keySource: 'HEADER' | 'AUTHORIZER';
  readonly binaryMediaTypes: readonly string[];
  /** The API's resource policy; undefined where everybody may call it. */
  readonly policy: readonly PolicyStatement[] | undefined;
}

export interface Throttle {
  /** Requests a second; undefined for the account's. */
  readonly rate: number | undefined;
  /** The size of the token bucket; undefined for the account's. */
  readonly burst: number | undefined;
}

export interface Stage {
  readonly name: string;
  readonly apiId: string;
  readonly description: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
  /** By `METHOD /path`, where either may be `*`. */
  readonly throttles: ReadonlyMap<string, Throttle>;
  readonly accessLogFormat: string | undefined;
  readonly accessLogGroup: string | undefined;
  readonly tracing: boolean;
}

export interface Authorizer {
  readonly id: string;
  readonly functionArn: string;
  /** Such as `method.request.header.Authorization`. */
  readonly identitySources: readonly string[];
  readonly ttlSeconds: number;
}

export interface LambdaIntegration {
  readonly kind: 'lambda';
  readonly functionArn: string;
  readonly timeoutMs: number;
  /** Whether the response is passed on as it comes: ResponseTransferMode STREAM. */
  readonly streams: boolean;
}

export interface MockIntegration {
  readonly kind: 'mock';
  readonly status: number;
  /** Values are templates. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly contentType: string;
}

export interface Method {
  /** `ANY` for all. */
  readonly httpMethod: string;
  /** As the definition writes it: `/videos/{id}`. */
  readonly path: string;
  readonly resourceId: string;
  readonly authorizerId: string | undefined;
  readonly apiKeyRequired: boolean;
  readonly operationName: string | undefined;
  /** Such as `method.request.querystring.page`: a request without them is refused. */
  readonly requiredParameters: readonly string[];
  readonly integration: LambdaIntegration | MockIntegration;
}

/** A customised gateway response. */
export interface GatewayResponse {
  readonly status: number | undefined;
  /** Header names and how each value is made. */
  readonly headers: Readonly<Record<string, string>>;
  readonly template: string | undefined;
  readonly contentType: string;
}

export interface UsagePlan {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly stages: readonly PlanStage[];
  readonly throttle: Throttle | undefined;
  readonly quota: Quota | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface PlanStage {
  readonly apiId: string;
  readonly stage: string;
  /** By `METHOD /path`; it stands in place of the plan's own. */
  readonly throttles: ReadonlyMap<string, Throttle>;
}

export interface Quota {
  readonly limit: number;
  /** Taken from the limit in the plan's first period. */
  readonly offset: number;
  readonly period: 'DAY' | 'WEEK' | 'MONTH';
}

/** An id such as AWS gives, ten characters of base 36, which is the same at every start for the same name. */
export function stableId(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex');
  return BigInt(`0x${digest}`).toString(36).slice(-10);
}
