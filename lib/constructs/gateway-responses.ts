/**
 * What API Gateway itself answers, in the PixVerse envelope: a client reads one shape whoever refused it. Statuses are
 * HTTP's own here, since the call never reached the dialect that answers 200 to everything.
 */
import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

interface Refused {
  readonly type: ResponseType;
  readonly status: string;
  /** A number, or a variable of the gateway that becomes one. */
  readonly errCode: number | string;
  readonly errMsg: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const BUSY = 500069;
const INVALID = 400017;
const INTERNAL = 99999;

const REFUSED: readonly Refused[] = [
  { type: ResponseType.UNAUTHORIZED, status: '401', errCode: 10001, errMsg: 'apiKey is not registered' },
  {
    type: ResponseType.ACCESS_DENIED,
    status: '401',
    // The authorizer says why it refused.
    errCode: '$context.authorizer.errCode',
    errMsg: '$context.authorizer.errMsg',
  },
  {
    type: ResponseType.INVALID_API_KEY,
    status: '403',
    errCode: 10005,
    errMsg: 'this account is in no usage plan: write to support and name request $context.requestId',
  },
  {
    type: ResponseType.THROTTLED,
    status: '429',
    errCode: BUSY,
    errMsg: 'more requests a second than the plan allows: retry after a second',
    headers: { 'Retry-After': "'1'" },
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: '429',
    errCode: BUSY,
    errMsg: 'the daily request quota of the plan is used up: it resets at 00:00 UTC',
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: '413',
    errCode: 500030,
    errMsg: 'the request is over the 10 MB that can be sent here: put the image on the web and send its image_url',
  },
  {
    // What API Gateway answers where no route matches.
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: '404',
    errCode: 500008,
    errMsg: 'no such route: see the documentation',
  },
  { type: ResponseType.BAD_REQUEST_BODY, status: '400', errCode: INVALID, errMsg: 'the body is not valid' },
  {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    status: '400',
    errCode: INVALID,
    errMsg: 'the parameters are not valid',
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: '504',
    errCode: INTERNAL,
    errMsg: 'this took too long: retry, and if it stays name request $context.requestId to support',
  },
  {
    type: ResponseType.DEFAULT_4XX,
    status: '400',
    errCode: INTERNAL,
    errMsg: 'the request was refused: name request $context.requestId to support',
  },
  {
    type: ResponseType.DEFAULT_5XX,
    status: '500',
    errCode: INTERNAL,
    errMsg: 'something went wrong here: retry, and if it stays name request $context.requestId to support',
  },
];

export function answerInEnvelope(api: RestApi): void {
  for (const { type, status, errCode, errMsg, headers } of REFUSED) {
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: status,
      templates: { 'application/json': `{"ErrCode":${errCode},"ErrMsg":"${errMsg}","Resp":null}` },
      ...(headers && { responseHeaders: { ...headers } }),
    });
  }
}
