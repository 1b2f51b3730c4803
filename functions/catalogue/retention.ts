/**
 * How long what is stored stays, once: classes of objects, the periods of S3's lifecycle rules, and when a period ends.
 * Code removes what has ended, in the night of its end; the rules by tag come days later, as a net beneath it.
 */

/**
 * The days that lifecycle rules know: a bucket takes rules that nobody changes as accounts come, so an object is tagged with
 * the shortest of these that is not shorter than its own period.
 */
export const RETENTION_PERIODS = [1, 7, 30, 90, 180, 365] as const;
export const LONGEST_RETENTION_DAYS = 365;

/** S3 counts from the upload, which is before a video has ended; and what is deleted by code must not be gone before it. */
export const LIFECYCLE_GRACE_DAYS = 3;

/** Before their first end an owner is written to: long enough to fetch what is wanted, and not with every e-mail of a day. */
export const EXPIRY_WARNING_DAYS = 7;

export const RETENTION_TAG = 'retention';

const DAY_MS = 24 * 3600_000;

/** When what is stored at `from` (epoch ms) for so many days ends: the midnight UTC that ends the last of them, epoch ms. */
export function endOfRetention(from: number, days: number): number {
  return Math.ceil((from + days * DAY_MS) / DAY_MS) * DAY_MS;
}

/** Whether it has ended. What has no end stays until it is deleted. */
export function isOver({ keptUntilMs }: { readonly keptUntilMs?: number | undefined }, now: number): boolean {
  return keptUntilMs !== undefined && keptUntilMs <= now;
}

/** The end for a reader, ISO 8601; empty where there is none. */
export function momentText(keptUntilMs: number | undefined): string {
  return keptUntilMs === undefined ? '' : new Date(keptUntilMs).toISOString();
}

/** The tag of an object that is kept for so many days, as S3 takes it in a header; undefined where nothing ends it. */
export function retentionTag(days: number | undefined): string | undefined {
  const period = RETENTION_PERIODS.find(known => days !== undefined && days <= known);
  return period === undefined ? undefined : `${RETENTION_TAG}=${period}`;
}

/** Objects that end with something else: what their tag says in place of days. No lifecycle rule knows these. */
export const UNTIMED_TAGS = {
  /** With the account that they are of. */
  account: `${RETENTION_TAG}=account`,
  /** Never by the account's wish: the law has them kept. */
  books: `${RETENTION_TAG}=books`,
} as const;

interface ObjectClass {
  readonly bucket:
    | 'media'
    | 'documents'
    | 'invoices'
    | 'certificates'
    | 'exports'
    | 'reports'
    | 'audit heads'
    | 'access log';
  /** Below the bucket, as a reader of it would look for it. */
  readonly key: string;
  readonly what: string;
  readonly ends: string;
}

const BY_PLAN = "at `expires_at`: after the days of the account's plan, or fewer where the call asked for fewer";

/** Every kind of object that any bucket holds. */
export const OBJECT_CLASSES = {
  result: {
    bucket: 'media',
    key: 'accounts/<account>/videos/<video>/<attempt>/video.mp4',
    what: 'A finished video.',
    ends: BY_PLAN,
  },
  thumbnail: {
    bucket: 'media',
    key: 'accounts/<account>/videos/<video>/<attempt>/thumbnail.jpg',
    what: 'A still image of a video, or the image that a template made.',
    ends: BY_PLAN,
  },
  spritesheet: {
    bucket: 'media',
    key: 'accounts/<account>/videos/<video>/<attempt>/spritesheet.jpg',
    what: 'Small frames of a video in one image.',
    ends: BY_PLAN,
  },
  mask: {
    bucket: 'media',
    key: 'accounts/<account>/videos/<video>/<attempt>/mask-<mask>.png',
    what: 'What was found in a frame, as a mask.',
    ends: BY_PLAN,
  },
  image: {
    bucket: 'media',
    key: 'accounts/<account>/images/<image>',
    what: 'An image that was uploaded, or came with a call.',
    ends: BY_PLAN,
  },
  upload: {
    bucket: 'media',
    key: 'accounts/<account>/media/<media>',
    what: 'Video or audio that was uploaded, or came with a call.',
    ends: BY_PLAN,
  },
  document: {
    bucket: 'documents',
    key: 'accounts/<account>/<document>',
    what: 'A document by which an account shows who it is.',
    ends: 'with the account',
  },
  invoice: {
    bucket: 'invoices',
    key: 'accounts/<account>/<invoice>/<sha256>.pdf',
    what: 'An invoice, a receipt or a credit note.',
    ends: 'never by itself: it is kept as books are',
  },
  export: {
    bucket: 'exports',
    key: 'accounts/<account>/<export>/…',
    what: "An owner's export of all that is of the account.",
    ends: '7 days after it was made',
  },
  certificate: {
    bucket: 'certificates',
    key: 'certificates/<certificate>/…',
    what: 'The proof that something was deleted: hashes and ids, without what it was.',
    ends: 'never by itself: it outlives what it is of',
  },
  report: {
    bucket: 'reports',
    key: 'csv/…, parquet/…',
    what: 'Use and money by day and month, without content.',
    ends: 'never by itself: it is kept as books are',
  },
  query: {
    bucket: 'reports',
    key: 'queries/…',
    what: 'The answer to a question to the reports.',
    ends: 'after some days, by a rule of the bucket',
  },
  head: {
    bucket: 'audit heads',
    key: 'heads/<account>/…',
    what: "The last link of an account's audit chain: hashes alone.",
    ends: 'after the years of its lock',
  },
  access: {
    bucket: 'access log',
    key: '<bucket>/…',
    what: "S3's record of accesses to the other buckets.",
    ends: 'after 90 days',
  },
} as const satisfies Record<string, ObjectClass>;
