/**
 * What API Gateway itself answers. It has one body for all paths, so the body is both dialects' at once: PixVerse's
 * envelope and the members of an RFC 9457 problem. Statuses are HTTP's own here, since the call never reached the dialect
 * that answers 200 to everything.
 */
import { ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { SUPPORT, withSupport } from '../../functions/catalogue/support.ts';

/** Of an API, for its callers. */
export interface Place {
  readonly baseUrl: string;
  readonly support: string;
}

interface Refused {
  readonly type: ResponseType;
  readonly status: string;
  /** A number, or a variable of the gateway that becomes one. */
  readonly errCode: number | string;
  /** The problem's code, as /v1 has them; with those of refusal.ts where it is the same refusal. */
  readonly code: string;
  readonly errMsg: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const BUSY = 500069;
const INVALID = 400017;
const INTERNAL = 99999;

const REFUSED: readonly Refused[] = [
  {
    type: ResponseType.UNAUTHORIZED,
    status: '401',
    errCode: 10001,
    code: 'key_refused',
    errMsg: 'apiKey is not registered',
  },
  {
    type: ResponseType.ACCESS_DENIED,
    status: '401',
    // The authorizer says why it refused.
    errCode: '$context.authorizer.errCode',
    code: '$context.authorizer.errKind',
    errMsg: '$context.authorizer.errMsg',
  },
  {
    type: ResponseType.INVALID_API_KEY,
    status: '403',
    errCode: 10005,
    code: 'no_plan',
    // The authorizer says what is missing before there is one.
    errMsg: 'there is no usage plan for this call: $context.authorizer.noUsagePlan',
  },
  {
    type: ResponseType.THROTTLED,
    status: '429',
    errCode: BUSY,
    code: 'too_many_requests',
    errMsg: 'more requests a second than the plan allows: retry after a second',
    headers: { 'Retry-After': "'1'" },
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: '429',
    errCode: BUSY,
    code: 'daily_requests_used_up',
    errMsg: 'the daily request quota of the plan is used up: it resets at 00:00 UTC',
    // The gateway cannot reckon how long that is.
    headers: { 'Retry-After': "'3600'" },
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: '413',
    errCode: 500030,
    code: 'request_too_large',
    errMsg: 'the request is over the 10 MB that can be sent here: put the image on the web and send its image_url',
  },
  {
    // What API Gateway answers where no route matches.
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: '404',
    errCode: 500008,
    code: 'not_found',
    errMsg: 'no such route: see the documentation',
  },
  {
    type: ResponseType.BAD_REQUEST_BODY,
    status: '400',
    errCode: INVALID,
    code: 'invalid_parameter',
    errMsg: 'the body is not valid',
  },
  {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    status: '400',
    errCode: INVALID,
    code: 'invalid_parameter',
    errMsg: 'the parameters are not valid',
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: '504',
    errCode: INTERNAL,
    code: 'timed_out',
    errMsg: `this took too long: retry, and if it stays name request $context.requestId to ${SUPPORT}`,
  },
  {
    type: ResponseType.DEFAULT_4XX,
    status: '400',
    errCode: INTERNAL,
    code: 'refused',
    errMsg: `the request was refused: name request $context.requestId to ${SUPPORT}`,
  },
  {
    type: ResponseType.DEFAULT_5XX,
    status: '500',
    errCode: INTERNAL,
    code: 'internal',
    errMsg: `something went wrong here: retry, and if it stays name request $context.requestId to ${SUPPORT}`,
  },
];

/** Refusals hold nothing of anyone, so every page may read why it was refused. */
const EVERYWHERE = {
  'x-request-id': 'context.requestId',
  'Access-Control-Allow-Origin': "'*'",
  'Access-Control-Expose-Headers': "'x-request-id, retry-after'",
};

/**
 * `x-amazon-apigateway-gateway-responses` of the API's definition; `baseUrl` is where the API stands for its callers,
 * `support` where they write to for help.
 */
export function gatewayResponses({ baseUrl, support }: Place): Record<string, unknown> {
  return Object.fromEntries(
    REFUSED.map(refused => {
      const headers = Object.entries({ ...EVERYWHERE, ...refused.headers });
      return [
        refused.type.responseType,
        {
          statusCode: refused.status,
          responseParameters: Object.fromEntries(
            headers.map(([name, value]) => [`gatewayresponse.header.${name}`, value]),
          ),
          responseTemplates: { 'application/json': withSupport(bodyOf(refused, baseUrl), support) },
        },
      ];
    }),
  );
}

/** Text, not JSON.stringify: `errCode` may be a variable that becomes a number. */
function bodyOf({ status, errCode, errMsg, code }: Refused, baseUrl: string): string {
  const envelope = `"ErrCode":${errCode},"ErrMsg":"${errMsg}","Resp":null`;
  const problem = `"type":"${baseUrl}/docs/problems#${code}","title":"${TITLES[status]}","status":${status},"detail":"${errMsg}","code":"${code}"`;
  const error = `"error":{"message":"${errMsg}","type":"${ERROR_TYPES[status] ?? 'invalid_request_error'}","param":null,"code":"${code}"}`;
  return `{${envelope},${problem},"instance":"urn:request:$context.requestId","param":null,${error}}`;
}

/** HTTP's own words, which say what the statuses have in common. */
const TITLES: Readonly<Record<string, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  413: 'Content too large',
  429: 'Too many requests',
  500: 'Internal server error',
  504: 'Gateway timeout',
};

/** The families that the Videos API's clients know. */
const ERROR_TYPES: Readonly<Record<string, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
  500: 'server_error',
  504: 'server_error',
};
