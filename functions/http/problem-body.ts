/** A refusal as RFC 9457 writes it, and as clients of the Videos API read it. Pure. */
import { REFUSALS, type Refusal } from '../catalogue/refusal.ts';

export interface Problem {
  /** Where the code is explained. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** This occurrence: the request's id. */
  readonly instance: string;
  readonly code: string;
  /** The member that was wrong, where it was one. */
  readonly param: string | null;
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

/** The problem in a response of the API at `baseUrl`. */
export function problemOf(baseUrl: string, { kind, message, field }: Refusal, requestId: string): Problem {
  const status = REFUSALS[kind].http;
  const param = field === undefined || field === 'the request' ? null : field;
  return {
    type: `${baseUrl}/docs/problems#${kind}`,
    title: titleOf(kind),
    status,
    detail: message,
    instance: `urn:request:${requestId}`,
    code: kind,
    param,
    error: { message, type: errorTypeOf(status), param, code: kind },
  };
}

/** `insufficient_credits` -> `Insufficient credits`. */
function titleOf(kind: string): string {
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1).replaceAll('_', ' ')}`;
}

/** The families that the Videos API's clients know. */
function errorTypeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 402) return 'insufficient_quota';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
