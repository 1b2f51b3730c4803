/** One request on its way through the gateway. What a later step needs of an earlier one is noted here. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Api, Method, Stage } from './api.ts';

export interface Caller {
  readonly principalId: string;
  /** Every value is text, as the integration gets it. */
  readonly context: Readonly<Record<string, string>>;
  readonly usageIdentifierKey: string | undefined;
  readonly latencyMs: number;
}

export interface Exchange {
  readonly api: Api;
  readonly stage: Stage;
  readonly accountId: string;
  readonly requestId: string;
  /** `x-amz-apigw-id`. */
  readonly extendedRequestId: string;
  readonly traceHeader: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly httpMethod: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names and values as sent, in order. */
  readonly headers: readonly (readonly [string, string])[];
  body: Buffer;
  /** When the whole request was there: epoch milliseconds. */
  since?: number;
  readonly sourceIp: string;
  readonly protocol: string;
  route?: {
    readonly resourcePath: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly method: Method;
  };
  caller?: Caller;
  apiKey?: { readonly id: string; readonly value: string };
  integrationLatencyMs?: number;
  integrationStatus?: number;
  error?: { readonly responseType: string; readonly message: string | null };
  response?: { readonly status: number; readonly bytes: number; readonly latencyMs: number };
}

/** The last value of a header, whatever the case of its name. */
export function headerOf(exchange: Pick<Exchange, 'headers'>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return exchange.headers.findLast(([each]) => each.toLowerCase() === wanted)?.[1];
}

/** `method.request.header.X`, `method.request.querystring.x`, `method.request.path.x`, or undefined where absent. */
export function parameterOf(exchange: Exchange, expression: string): string | undefined {
  const [, source, name = ''] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(expression) ?? [];
  if (source === 'header') return headerOf(exchange, name);
  if (source === 'querystring') return exchange.query.get(name) ?? undefined;
  if (source === 'path') return exchange.route?.parameters[name];
  return undefined;
}

/** `arn:aws:execute-api:…` of this call: what policies are about. `path` is the one called unless given. */
export function methodArn(exchange: Exchange, region: string, path = exchange.path): string {
  const { api, stage, accountId, httpMethod } = exchange;
  return `arn:aws:execute-api:${region}:${accountId}:${api.id}/${stage.name}/${httpMethod}${path}`;
}

export function newRequestId(): string {
  return randomUUID();
}

export function newExtendedRequestId(): string {
  return `${randomBytes(11).toString('base64').replaceAll('/', '_').slice(0, 15)}=`;
}

/** What goes back to the client. */
export interface Reply {
  readonly status: number;
  /** A name may be there more than once. */
  readonly headers: readonly (readonly [string, string])[];
  /** A stream that fails ends the connection: the status was sent long before. */
  readonly body: Buffer | Readable;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time in epoch milliseconds as a gateway writes it: `09/Apr/2026:12:34:56 +0000`. */
export function requestTime(epochMs: number): string {
  const [date = '', time = ''] = new Date(epochMs).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

/** Whether the API's binary media types name a media type; parameters of the type do not count. */
export function isBinary(mediaType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  if (binaryMediaTypes.includes('*/*')) return true;
  const plain = mediaType?.split(';')[0]?.trim().toLowerCase();
  if (!plain) return false;
  return binaryMediaTypes.some(each => {
    const named = each.toLowerCase();
    return named === plain || (named.endsWith('/*') && plain.startsWith(named.slice(0, -1)));
  });
}
