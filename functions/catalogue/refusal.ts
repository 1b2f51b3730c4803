/**
 * Every reason for which a call is refused, once: adding one is a row here. Rules and stores throw a Refusal; each dialect
 * writes it in its own form. `pixverse` is PixVerse's ErrCode (its official table, early 2026), `http` the status for
 * dialects that use one, `meaning` what it means and what to do about it, for readers. `retryAfter`, where time helps, is
 * in how many seconds to send the call again, or when what is counted starts again: with the UTC hour, or day. Every 429
 * has it. A video takes some 10 seconds here at the least, and a stream is open as long.
 */
import { SUPPORT } from './support.ts';

/** So long a sign-in counts as fresh: what a stolen token must not be enough for is asked for with one. */
export const FRESH_SIGN_IN_MINUTES = 10;

export const REFUSALS = {
  key_refused: {
    pixverse: 10001,
    http: 401,
    meaning:
      'The key is missing, was never issued, or was revoked. Send a living one as API-KEY or Authorization: Bearer.',
  },
  missing_parameter: {
    pixverse: 400011,
    http: 400,
    meaning: 'A required member is not there. The message names it.',
  },
  account_not_active: {
    pixverse: 400012,
    http: 403,
    meaning: 'The account is not approved yet, frozen or closed. The message says which, and what helps.',
  },
  account_suspended: {
    pixverse: 10002,
    http: 403,
    meaning:
      'The standing of the account is suspended or terminated. The message says until when; GET /v1/account/standing says why, and POST /v1/account/appeals asks for another decision.',
  },
  account_restricted: {
    pixverse: 99999,
    http: 403,
    meaning:
      'The standing of the account is restricted. The message names what is taken away and until when; GET /v1/account/standing says why, and POST /v1/account/appeals asks for another decision.',
  },
  wrong_type: {
    pixverse: 400013,
    http: 400,
    meaning: 'The body cannot be read, or a member is of another type than the reference says.',
  },
  invalid_parameter: {
    pixverse: 400017,
    http: 400,
    meaning:
      'A member has a value that is not offered, or that does not go with another. The message says what would be right.',
  },
  idempotency_mismatch: {
    pixverse: 400017,
    http: 422,
    meaning: 'The same trace or idempotency key was sent before with another body. Use a new one.',
  },
  prompt_too_long: {
    pixverse: 400018,
    http: 400,
    meaning: 'The prompt is longer than 5,000 characters.',
  },
  negative_prompt_too_long: {
    pixverse: 400019,
    http: 400,
    meaning: 'The negative prompt is longer than 2,048 characters.',
  },
  image_not_found: {
    pixverse: 400032,
    http: 404,
    meaning: 'No image with this id is in your account. Upload it first.',
  },
  not_found: {
    pixverse: 500008,
    http: 404,
    meaning: 'There is no such thing in your account, or no such route.',
  },
  /** Under /v1 alone: PixVerse's dialect shows a deleted video with the status 6. */
  video_deleted: {
    pixverse: 400017,
    http: 404,
    meaning: 'The video was deleted, or was kept until a day that is over; its files are gone with it.',
  },
  /** What is asked of a video, a key or an account does not fit the state that it is in. */
  wrong_state: {
    pixverse: 400017,
    http: 409,
    meaning: 'It is not in the state that this needs: not finished yet, ended already, or as many as there may be.',
  },
  no_permission: {
    pixverse: 500020,
    http: 403,
    meaning: 'The key lacks the permission that this call asks for. Use one that has it.',
  },
  /** Under /v1 alone: what a stolen token must not be enough for. */
  fresh_sign_in: {
    pixverse: 500020,
    http: 401,
    meaning: 'This needs a sign-in of the last minutes. Sign in again, and send the call with the new token.',
  },
  region_not_served: {
    pixverse: 500020,
    http: 451,
    meaning: 'The service is not offered where the account is. The message names the region.',
  },
  /** What is asked for may not be made. */
  content_refused: {
    pixverse: 500063,
    http: 422,
    meaning: `What a text asks for is prohibited by the platform terms, clause 3.2. The message names the category and the rule. To appeal, write to ${SUPPORT} with the rule and the text.`,
  },
  too_many_refused: {
    pixverse: 500063,
    http: 429,
    retryAfter: 'hour',
    meaning:
      'Too many texts of the account were refused within an hour. The message says when dry runs are answered again.',
  },
  daily_limit_reached: {
    pixverse: 500020,
    http: 429,
    retryAfter: 'day',
    meaning: 'The videos that your plan allows a day are used up. The count starts again at 00:00 UTC.',
  },
  image_too_large: {
    pixverse: 500030,
    http: 413,
    meaning: 'The image is 20 MB or larger.',
  },
  image_unreadable: {
    pixverse: 500031,
    http: 400,
    meaning: 'The image file ends too early or is damaged.',
  },
  image_format: {
    pixverse: 500032,
    http: 415,
    meaning: 'The bytes are neither PNG nor JPEG nor WebP.',
  },
  image_dimensions: {
    pixverse: 500033,
    http: 400,
    meaning: 'The image has more than 10,000 pixels on a side, or more than 40 megapixels.',
  },
  image_source: {
    pixverse: 500042,
    http: 400,
    meaning: 'The image cannot be fetched from its URL, or the host is not a public one.',
  },
  concurrency_reached: {
    pixverse: 500044,
    http: 429,
    retryAfter: 10,
    meaning: 'As many videos as your plan allows are being made. Send it again when one has ended.',
  },
  too_many_streams: {
    pixverse: 99999,
    http: 429,
    retryAfter: 10,
    meaning:
      'As many downloads and event streams as your plan allows are open. Let one end; links and plain reads are not counted.',
  },
  /** What a call waited for could not be made. */
  not_made: {
    pixverse: 99999,
    http: 422,
    meaning: 'What this call waits for could not be made. Nothing is charged.',
  },
  too_many_codes: {
    pixverse: 500069,
    http: 429,
    retryAfter: 'hour',
    meaning: 'Five codes were sent within an hour. The message says when the next one may be.',
  },
  busy: {
    pixverse: 500069,
    http: 503,
    retryAfter: 1,
    meaning: 'Too much at once for this account. Send it again in a moment.',
  },
  /** The payment provider is not set up, or does not do what it should. */
  payments_unavailable: {
    pixverse: 99999,
    http: 503,
    meaning:
      'Credits cannot be paid for at the moment: payments are not set up here, or the provider does not answer. The message says which.',
  },
  insufficient_credits: {
    pixverse: 500090,
    http: 402,
    meaning: 'The credits that can be spent do not cover the price.',
  },
  internal: {
    pixverse: 99999,
    http: 500,
    meaning: `Our fault. Send it again, and if it stays, name the request id to ${SUPPORT}.`,
  },
} as const;

export type RefusalKind = keyof typeof REFUSALS;

/** A call that changes nothing, and why. The message is for the caller: it names the field and what would be right. */
export class Refusal extends Error {
  readonly kind: RefusalKind;
  /** The member that was wrong, where it was one. */
  readonly field: string | undefined;
  /** Seconds; where it is known better than in the table. */
  readonly retryAfter: number | undefined;

  constructor(kind: RefusalKind, message: string, field?: string, retryAfter?: number) {
    super(message);
    this.name = 'Refusal';
    this.kind = kind;
    this.field = field;
    this.retryAfter = retryAfter;
  }
}

/** What any creation may be refused. */
export const STARTING = [
  'key_refused',
  'account_not_active',
  'account_suspended',
  'account_restricted',
  'prompt_too_long',
  'negative_prompt_too_long',
  'content_refused',
  'image_not_found',
  'insufficient_credits',
  'concurrency_reached',
  'daily_limit_reached',
  'idempotency_mismatch',
  'busy',
] as const satisfies RefusalKind[];

/** What any upload of an image may be refused. */
export const IMAGE_REFUSALS = [
  'image_too_large',
  'image_unreadable',
  'image_format',
  'image_dimensions',
  'image_source',
] as const satisfies RefusalKind[];
