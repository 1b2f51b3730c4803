/**
 * A certificate of deletion: what was deleted, what stayed and under which rule, and when backups no longer hold it. It is
 * signed as it is written here (JWS, ES256) and stamped with the time (RFC 3161). Invariants: its size does not grow with
 * what was deleted, as each object is a line of a manifest that it names by hash; it names nobody, as it is there for
 * everybody who has its id; whoever makes it again writes the same, but for the signature and the time. Pure.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { canonical } from '../audit/chain.ts';

/** One version of an object that is gone from a bucket. */
export interface DeletedObject {
  readonly kind: 'object';
  /** The bucket by what it is for, such as `media`; not its name. */
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly bytes: number;
  /** Of its content, in hex; null where nobody could read it any more. */
  readonly sha256: string | null;
}

/** Rows of a kind that are gone from a table. */
export interface DeletedRows {
  readonly kind: 'rows';
  /** The table by what it is for, such as `jobs`. */
  readonly table: string;
  /** What the rows were, such as `api key`. */
  readonly of: string;
  readonly count: number;
}

/** Anything else that is gone, such as `sign-in of a person` or `delete marker`. */
export interface DeletedOther {
  readonly kind: 'other';
  readonly what: string;
  readonly count: number;
}

export type Deleted = DeletedObject | DeletedRows | DeletedOther;

/** What was not deleted, why, and until when: an ISO 8601 time, or null where the rule has no end of its own. */
export interface Stayed {
  readonly what: string;
  readonly rule: string;
  readonly until: string | null;
}

const ID = /^cert_[0-9A-Za-z]{26}$/;
export const certificateId = z
  .string()
  .regex(ID, 'it must be the id of a certificate: `cert_` and 26 letters and digits');

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const time = z.iso.datetime();

/** What is signed. */
export const certificateForm = z.strictObject({
  /** Of this form: another meaning of a member is another number. */
  version: z.literal(1),
  id: certificateId,
  issuer: z.string(),
  issued_at: time,
  subject: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('account'), account_sha256: hash }),
    z.strictObject({ kind: z.literal('video'), video_id: z.string(), account_sha256: hash }),
  ]),
  cause: z.string(),
  started_at: time,
  ended_at: time,
  deleted: z.strictObject({
    objects: z.array(z.strictObject({ bucket: z.string(), versions: count, bytes: count })),
    rows: z.array(z.strictObject({ table: z.string(), of: z.string(), count })),
    other: z.array(z.strictObject({ what: z.string(), count })),
  }),
  /** The object versions one by one: lines of JSON, in parts; `root` is of a tree as of RFC 9162 over all lines. */
  manifest: z.strictObject({
    lines: count,
    root: hash,
    parts: z.array(z.strictObject({ sha256: hash, bytes: count, lines: count })),
  }),
  stayed: z.array(z.strictObject({ what: z.string(), rule: z.string(), until: time.nullable() })),
  backups: z.strictObject({ what: z.string(), days: count, until: time }),
  /** Whether a time stamp belongs to it: one that was taken away is missed. */
  time_stamp: z.enum(['rfc3161', 'none']),
});
export type Certificate = z.output<typeof certificateForm>;

/** A certificate as it is kept and handed out: canonical JSON of these members, and nothing else. */
export const sealedForm = z.strictObject({
  /** Compact serialisation of RFC 7515. */
  jws: z.string(),
  /** The TimeStampToken over the bytes of `jws`, base64. */
  time_stamp: z.base64().nullable(),
  /** Of the canonical JSON of the members above: finds what was changed where no signature looks. */
  sha256: hash,
});
export type SealedCertificate = z.output<typeof sealedForm>;

/** How long a table can be restored as it was at a moment: DynamoDB's point-in-time recovery. */
export const BACKUP_DAYS = 35;
const DAY_MS = 86_400_000;

export function backupsAfter(endedAt: string): Certificate['backups'] {
  return {
    what: 'continuous backups of the tables',
    days: BACKUP_DAYS,
    until: new Date(Date.parse(endedAt) + BACKUP_DAYS * DAY_MS).toISOString(),
  };
}

/** By the certificate, so that two certificates do not say that they are of one account. */
export function accountDigest(id: string, accountId: string): string {
  return sha256(`${id} ${accountId}`);
}

export function seal(jws: string, timeStamp: string | null): SealedCertificate {
  return { jws, time_stamp: timeStamp, sha256: sealDigest(jws, timeStamp) };
}

export function sealDigest(jws: string, timeStamp: string | null): string {
  return sha256(canonical({ jws, time_stamp: timeStamp }));
}

/** The file of a certificate. */
export function sealedText({ jws, time_stamp, sha256: digest }: SealedCertificate): string {
  return canonical({ jws, time_stamp, sha256: digest });
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
