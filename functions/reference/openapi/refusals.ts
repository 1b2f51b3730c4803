/** What each refusal means and what to do about it, for readers: refusal.ts's, and those of API Gateway. Pure data. */
import { REFUSALS, type RefusalKind } from '../../catalogue/refusal.ts';

const MEANINGS: Readonly<Record<RefusalKind, string>> = {
  key_refused:
    'The key is missing, was never issued, or was revoked. Send a living one as API-KEY or Authorization: Bearer.',
  missing_parameter: 'A required member is not there. The message names it.',
  account_not_active: 'The account is not approved yet, frozen or closed. The message says which, and what helps.',
  wrong_type: 'The body cannot be read, or a member is of another type than the reference says.',
  invalid_parameter:
    'A member has a value that is not offered, or that does not go with another. The message says what would be right.',
  idempotency_mismatch: 'The same trace or idempotency key was sent before with another body. Use a new one.',
  prompt_too_long: 'The prompt is longer than 5,000 characters.',
  negative_prompt_too_long: 'The negative prompt is longer than 2,048 characters.',
  image_not_found: 'No image with this id is in your account. Upload it first.',
  not_found: 'There is no such thing in your account, or no such route.',
  wrong_state: 'It is not in the state that this needs: not finished yet, ended already, or as many as there may be.',
  no_permission: 'The key lacks the permission that this call asks for. Use one that has it.',
  region_not_served: 'The service is not offered where the account is. The message names the region.',
  content_refused:
    'What a text asks for is prohibited by the platform terms, clause 3.2. The message names the category and the rule. To appeal, write to support with the rule and the text.',
  daily_limit_reached: 'The videos that your plan allows a day are used up. The count starts again at 00:00 UTC.',
  image_too_large: 'The image is 20 MB or larger.',
  image_unreadable: 'The image file ends too early or is damaged.',
  image_format: 'The bytes are neither PNG nor JPEG nor WebP.',
  image_dimensions: 'The image has more than 10,000 pixels on a side, or more than 40 megapixels.',
  image_source: 'The image cannot be fetched from its URL, or the host is not a public one.',
  concurrency_reached: 'As many videos as your plan allows are being made. Send it again when one has ended.',
  not_made: 'What this call waits for could not be made. Nothing is charged.',
  too_many_codes: 'Five codes were sent within an hour. The message says when the next one may be.',
  busy: 'Too much at once for this account. Send it again in a moment.',
  payments_unavailable:
    'Credits cannot be paid for at the moment: payments are not set up here, or the provider does not answer. The message says which.',
  insufficient_credits: 'The credits that can be spent do not cover the price.',
  internal: 'Our fault. Send it again, and if it stays, name the request id to support.',
};

export interface Explained {
  readonly code: string;
  /** `ErrCode` in the PixVerse dialect. */
  readonly errCodes: readonly number[];
  readonly status: number;
  readonly meaning: string;
}

/** What the routes themselves refuse. PixVerse's dialect answers 200 to all but `internal`. */
export const EXPLAINED: readonly Explained[] = Object.entries(REFUSALS).map(([code, { pixverse, http }]) => ({
  ...{ code, errCodes: [pixverse], status: http, meaning: MEANINGS[code as RefusalKind] },
}));

/** What is refused before a route is reached, with these statuses in either dialect. */
export const AT_THE_GATE: readonly Explained[] = [
  { code: 'key_refused', errCodes: [10001, 10002, 10004], status: 401, meaning: MEANINGS.key_refused },
  { code: 'account_not_active', errCodes: [400012], status: 401, meaning: MEANINGS.account_not_active },
  { code: 'no_plan', errCodes: [10005], status: 403, meaning: 'The account is in no usage plan. Write to support.' },
  {
    ...{ code: 'not_found', errCodes: [500008], status: 404 },
    meaning: 'There is no such route: look at the method and the path.',
  },
  {
    ...{ code: 'request_too_large', errCodes: [500030], status: 413 },
    meaning: 'The request is over 10 MB. Put the file on the web and send its URL.',
  },
  {
    ...{ code: 'too_many_requests', errCodes: [500069], status: 429 },
    meaning: 'More requests a second than your plan allows. Wait as long as Retry-After says.',
  },
  {
    ...{ code: 'daily_requests_used_up', errCodes: [500069], status: 429 },
    meaning: "Your plan's requests of the day are used up. The count starts again at 00:00 UTC.",
  },
  {
    ...{ code: 'invalid_parameter', errCodes: [400017], status: 400 },
    meaning: 'The request is not one that HTTP allows.',
  },
  {
    ...{ code: 'refused', errCodes: [99999], status: 400 },
    meaning: 'Refused before it was looked at. Name the request id to support.',
  },
  { code: 'internal', errCodes: [99999], status: 500, meaning: MEANINGS.internal },
  {
    ...{ code: 'timed_out', errCodes: [99999], status: 504 },
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
