/** Every refusal for readers: those of the catalogue, and those of API Gateway before a route is reached. Pure data. */

import { REFUSALS, type RefusalKind } from '../../catalogue/refusal.ts';
import { SUPPORT } from '../../catalogue/support.ts';

export interface Explained {
  readonly code: string;
  /** `ErrCode` in the PixVerse dialect. */
  readonly errCodes: readonly number[];
  readonly status: number;
  readonly meaning: string;
}

/** What the routes themselves refuse. PixVerse's dialect answers 200 to all but `internal`. */
export const EXPLAINED: readonly Explained[] = Object.entries(REFUSALS).map(([code, { pixverse, http, meaning }]) => ({
  code,
  errCodes: [pixverse],
  status: http,
  meaning,
}));

/** What is refused before a route is reached, with these statuses in either dialect. */
export const AT_THE_GATE: readonly Explained[] = [
  { code: 'key_refused', errCodes: [10001, 10002, 10004], status: 401, meaning: REFUSALS.key_refused.meaning },
  { code: 'account_not_active', errCodes: [400012], status: 401, meaning: REFUSALS.account_not_active.meaning },
  { code: 'no_plan', errCodes: [10005], status: 403, meaning: `The account is in no usage plan. Write to ${SUPPORT}.` },
  {
    code: 'not_found',
    errCodes: [500008],
    status: 404,
    meaning: 'There is no such route: look at the method and the path.',
  },
  {
    code: 'request_too_large',
    errCodes: [500030],
    status: 413,
    meaning: 'The request is over 10 MB. Put the file on the web and send its URL.',
  },
  {
    code: 'too_many_requests',
    errCodes: [500069],
    status: 429,
    meaning: 'More requests a second than your plan allows. Wait as long as Retry-After says.',
  },
  {
    code: 'daily_requests_used_up',
    errCodes: [500069],
    status: 429,
    meaning: "Your plan's requests of the day are used up. The count starts again at 00:00 UTC.",
  },
  {
    code: 'invalid_parameter',
    errCodes: [400017],
    status: 400,
    meaning: 'The request is not one that HTTP allows.',
  },
  {
    code: 'refused',
    errCodes: [99999],
    status: 400,
    meaning: `Refused before it was looked at. Name the request id to ${SUPPORT}.`,
  },
  { code: 'internal', errCodes: [99999], status: 500, meaning: REFUSALS.internal.meaning },
  {
    code: 'timed_out',
    errCodes: [99999],
    status: 504,
    meaning: 'It took too long. What was begun may go on: read it before you send it again.',
  },
];

/** Statuses that any documented route may answer before it is reached. */
export const GATE_STATUSES: readonly number[] = [...new Set(AT_THE_GATE.map(({ status }) => status))].filter(
  status => status !== 404,
);

/** What any route may refuse. */
export const ANYWHERE = [
  'missing_parameter',
  'wrong_type',
  'invalid_parameter',
  'no_permission',
  'internal',
] as const satisfies RefusalKind[];
