/**
 * The primary keys of items that more than one noun writes, by table. In `core` the partition is the noun and its id, in
 * `jobs` the account, so that another account's id finds nothing.
 */
import { createHash } from 'node:crypto';
import { sortable } from '../runtime/ids.ts';

// core
export const accountKey = (accountId: string) => ({ pk: `ACCOUNT#${accountId}`, sk: 'ACCOUNT' });
export const personKey = (personId: string) => ({ pk: `PERSON#${personId}`, sk: 'PERSON' });
export const verificationKey = (accountId: string, purpose: string) => ({
  pk: `ACCOUNT#${accountId}`,
  sk: `EMAIL#${purpose}`,
});
export const acceptanceKey = (accountId: string, version: string) => ({
  pk: `ACCOUNT#${accountId}`,
  sk: `TERMS#${version}`,
});
export const documentKey = (accountId: string, documentId: string) => ({
  pk: `ACCOUNT#${accountId}`,
  sk: `DOCUMENT#${documentId}`,
});
export const submissionKey = (accountId: string, version: number) => ({
  pk: `ACCOUNT#${accountId}`,
  sk: `SUBMISSION#${String(version).padStart(6, '0')}`,
});
/** That a person acts for the account, whose own item has the account's id: the people of an account are found by it. */
export const memberKey = (accountId: string, personId: string) => ({
  pk: `ACCOUNT#${accountId}`,
  sk: `MEMBER#${personId}`,
});
/** What the account started on a UTC day. */
export const dayKey = (accountId: string, day: string) => ({ pk: `ACCOUNT#${accountId}`, sk: `DAY#${day}` });
/** What the account's standing is made of. */
export const standingKey = (accountId: string) => ({ pk: `ACCOUNT#${accountId}`, sk: 'STANDING' });
/** The responses that are being streamed to the account. */
export const streamsKey = (accountId: string) => ({ pk: `ACCOUNT#${accountId}`, sk: 'STREAMS' });
/** An API key is found by the hash of its secret alone. */
export const keyKey = (keyHash: string) => ({ pk: `KEY#${keyHash}`, sk: 'KEY' });

// jobs
export const jobKey = (accountId: string, jobId: number) => ({ pk: accountId, sk: `JOB#${sortable(jobId)}` });
export const imageKey = (accountId: string, imageId: number) => ({ pk: accountId, sk: `IMAGE#${sortable(imageId)}` });
export const mediaKey = (accountId: string, mediaId: number) => ({ pk: accountId, sk: `MEDIA#${sortable(mediaId)}` });
/** The job that looked for the masks of one frame of a video. */
export const selectionKey = (accountId: string, { kind, id }: { kind: string; id: number }, keyframe: number) => ({
  pk: accountId,
  sk: `MASKS#${kind}#${sortable(id)}#${keyframe}`,
});
/** Where the jobs with a pair of metadata stand, in the order of their ids. Of texts that may be longer than a key, and have any sign in them. */
export const pairedJobKey = (accountId: string, pair: readonly [string, string], jobId: number) => ({
  pk: accountId,
  sk: `PAIR#${keyDigest(JSON.stringify(pair))}#${sortable(jobId)}`,
});
/** An account's own speakers, all in one item. */
export const speakersKey = (accountId: string) => ({ pk: accountId, sk: 'SPEAKERS' });

// idempotency
/** A token is its account's. */
export const idempotencyKey = (accountId: string, token: string) => ({ pk: `${accountId}#${token}` });

/** A text of any length and any signs as a part of a key: 43 characters of base64url. */
export function keyDigest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
