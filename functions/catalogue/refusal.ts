/**
 * Every reason for which a call is refused, once. Rules and stores throw a Refusal; each dialect writes it in its own
 * form. `pixverse` is PixVerse's ErrCode (its official table, early 2026), `http` the status for dialects that use one.
 */
export const REFUSALS = {
  key_refused: { pixverse: 10001, http: 401 },
  missing_parameter: { pixverse: 400011, http: 400 },
  account_not_active: { pixverse: 400012, http: 403 },
  wrong_type: { pixverse: 400013, http: 400 },
  invalid_parameter: { pixverse: 400017, http: 400 },
  idempotency_mismatch: { pixverse: 400017, http: 422 },
  prompt_too_long: { pixverse: 400018, http: 400 },
  negative_prompt_too_long: { pixverse: 400019, http: 400 },
  image_not_found: { pixverse: 400032, http: 404 },
  not_found: { pixverse: 500008, http: 404 },
  /** The state of a video, a key or an account does not allow the call. */
  wrong_state: { pixverse: 400017, http: 409 },
  no_permission: { pixverse: 500020, http: 403 },
  region_not_served: { pixverse: 500020, http: 451 },
  /** The policy prohibits the content that is requested. */
  content_refused: { pixverse: 500063, http: 422 },
  daily_limit_reached: { pixverse: 500020, http: 429 },
  image_too_large: { pixverse: 500030, http: 413 },
  image_unreadable: { pixverse: 500031, http: 400 },
  image_format: { pixverse: 500032, http: 415 },
  image_dimensions: { pixverse: 500033, http: 400 },
  image_source: { pixverse: 500042, http: 400 },
  concurrency_reached: { pixverse: 500044, http: 429 },
  /** What a call waited for could not be made. */
  not_made: { pixverse: 99999, http: 422 },
  too_many_codes: { pixverse: 500069, http: 429 },
  busy: { pixverse: 500069, http: 503 },
  /** The payment provider is not set up, or does not do what it should. */
  payments_unavailable: { pixverse: 99999, http: 503 },
  insufficient_credits: { pixverse: 500090, http: 402 },
  internal: { pixverse: 99999, http: 500 },
} as const;

export type RefusalKind = keyof typeof REFUSALS;

/** A call that changes nothing, and why. The message is for the caller: it names the field and what would be right. */
export class Refusal extends Error {
  readonly kind: RefusalKind;
  /** The member that was wrong, where it was one. */
  readonly field: string | undefined;

  constructor(kind: RefusalKind, message: string, field?: string) {
    super(message);
    this.name = 'Refusal';
    this.kind = kind;
    this.field = field;
  }
}

/** What any creation may be refused. */
export const STARTING = [
  'key_refused',
  'account_not_active',
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
