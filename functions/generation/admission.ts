/**
 * Admission: the one moment in which a job comes to be. All of these are written together or nothing is:
 * - the idempotency record that makes a repeated call the same call;
 * - the account: its status allows, its standing is the one that was asked, its credits cover the hold, its running jobs
 *   are below the plan's cap, or what a restriction leaves of it;
 * - the day's count, below the plan's, likewise;
 * - the key still lives, and what the job works on is the account's;
 * - the hold in the ledger, the job, the event for the outbox.
 * This file is the rule: it reads which conditions were refused and says why. admission-store.ts writes.
 */
import type { Account } from '../accounts/account.ts';
import { type StandingFields, standingAt } from '../accounts/standing.ts';
import { allows, describeStatus } from '../catalogue/account-status.ts';
import type { Plan, PlanName } from '../catalogue/plans.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { Standing } from '../catalogue/standing.ts';
import { loweredBy, planWithin } from '../catalogue/standing-refusals.ts';
import type { SourceReference, VideoRequest } from '../catalogue/video-request.ts';
import type { Credential } from '../http/caller.ts';
import { type IdempotencyKey, idempotencyMismatch } from '../http/idempotency-key.ts';
import type { Metadata } from '../http/metadata-contract.ts';
import type { StoredKey } from '../keys/key.ts';

/** All that one admission is about. */
export interface Submission {
  readonly accountId: string;
  /** The key's id, or the person's. */
  readonly keyId: string;
  readonly credential: Credential;
  readonly plan: Plan;
  readonly standing: Standing;
  readonly request: VideoRequest;
  /** Credits to hold. */
  readonly credits: number;
  readonly jobId: number;
  readonly metadata?: Metadata;
  /** Days that it is to be kept, where the caller asked for fewer than the plan keeps. */
  readonly retentionDays?: number | undefined;
  /** Where the caller gave one. */
  readonly idempotencyKey?: IdempotencyKey;
  /** Of a selection of masks: which frame they are looked for in. There is one job for each frame. */
  readonly selection?: Selection;
  /** Epoch ms. */
  readonly now: number;
  /** Epoch ms; a job that is still open then is ended. */
  readonly deadlineAt?: number;
}

/** A frame of a video in which masks are looked for. */
export interface Selection {
  readonly source: SourceReference;
  readonly keyframe: number;
  /** An earlier job of this frame that found none, and gives its place up. */
  readonly replaces?: number;
}

/** The result of an admission, now and whenever the call is repeated. */
export interface Admitted {
  readonly jobId: number;
  readonly credits: number;
}

/** The idempotency record of an earlier call with the same token. */
export type AdmissionRecord = Admitted & Pick<IdempotencyKey, 'requestHash'>;

/** The conditions of an admission that were refused, each with what stood there. */
export interface Refused {
  readonly record?: AdmissionRecord;
  /** Another job looks for the masks of the frame. */
  readonly selection?: Pick<Admitted, 'jobId'> | null;
  /** Null where there is no such account. */
  readonly account?: Pick<
    Account,
    'status' | 'available' | 'running' | 'plan' | 'keysFrozenAt' | keyof StandingFields
  > | null;
  readonly day?: boolean;
  /** Null where there is no such key or person. */
  readonly credential?: Partial<Pick<StoredKey, 'state' | 'expiresAtMs' | 'spendable' | 'revision'>> | null;
  /** The key of the rotation lineage that has the limit, where it does not cover the hold. */
  readonly spend?: Partial<Pick<StoredKey, 'spendable'>> | null;
  /** Something that the job works on is not there. */
  readonly reference?: Reference;
  /** The id is taken: another must be drawn. */
  readonly jobId?: boolean;
}

/** The account has come to another plan or standing since the call was authorized: the rules of these count. */
export interface AccountChanged {
  readonly plan: PlanName;
  readonly standing: Standing;
}

/**
 * What refused conditions mean: a replay of the first response, another try with a new id or the account's new plan or standing, or a
 * Refusal. A repeated call is recognised before anything else, so that its response does not depend on what became of the
 * account since.
 */
export function evaluateRefused(
  submission: Submission,
  refused: Refused,
): Admitted | 'draw_another_id' | AccountChanged | Refusal {
  const { record, account, credential, spend } = refused;
  if (record) return replay(submission.idempotencyKey, record);
  // Those masks are found once, and paid once.
  if (refused.selection) return { jobId: refused.selection.jobId, credits: 0 };
  if (credential !== undefined) return refuseCredential(submission, credential);
  if (spend !== undefined) return refuseSpending(submission, spend?.spendable ?? 0);
  const change = account && changeOf(submission, account);
  if (change) return change;
  if (account !== undefined) return refuseAccount(submission, account);
  if (refused.day) {
    const { standing } = submission;
    const { generationsPerDay, name } = planWithin(submission.plan, standing.restrictions);
    const lowered = loweredBy(standing, 'quotaShare');
    return new Refusal(
      'daily_limit_reached',
      `the ${generationsPerDay} videos a day of plan ${name} are used up; the count starts again at 00:00 UTC${lowered}`,
    );
  }
  if (refused.reference) return refuseReference(refused.reference);
  return 'draw_another_id';
}

function changeOf(
  { plan, standing, now }: Submission,
  account: NonNullable<Refused['account']>,
): AccountChanged | undefined {
  if (!allows(account.status, 'use')) return undefined;
  const isSame = account.plan === plan.name && (account.standingRevision ?? 0) === standing.revision;
  return isSame ? undefined : { plan: account.plan, standing: standingAt(account, now) };
}

/** What a job works on: an image, a video made here, or uploaded video or audio. */
export interface Reference {
  readonly kind: 'image' | 'made' | 'video' | 'audio';
  readonly id: number;
}

/** Everything that must be the account's own for the job to be admitted, each once. */
export function referencesOf({ images = [], source, voice }: VideoRequest): Reference[] {
  const all: Reference[] = [
    ...images.map(({ id }) => ({ kind: 'image' as const, id })),
    ...(source ? [{ kind: source.kind === 'video' ? ('made' as const) : ('video' as const), id: source.id }] : []),
    ...(voice?.kind === 'media' ? [{ kind: 'audio' as const, id: voice.id }] : []),
  ];
  // A transaction names an item once: one upload as both source and speech is checked as the speech, which it is not.
  const item = ({ kind, id }: Reference): string => `${kind === 'audio' ? 'video' : kind}:${id}`;
  return [...new Map(all.map(reference => [item(reference), reference])).values()];
}

/** Names a reference among the conditions of an admission. */
export function nameOf({ kind, id }: Reference): string {
  return `reference:${kind}:${id}`;
}

function refuseReference({ kind, id }: Reference): Refusal {
  if (kind === 'image') {
    return new Refusal('image_not_found', `img_id ${id} is not an image of this account; upload it first`);
  }
  if (kind === 'made') {
    return new Refusal(
      'invalid_parameter',
      `source_video_id ${id} not found: it must be a finished video of this account`,
    );
  }
  const field = kind === 'video' ? 'video_media_id' : 'audio_media_id';
  return new Refusal('invalid_parameter', `${field} ${id} not found: it must be uploaded ${kind} of this account`);
}

/** The first result, for the same call; a Refusal for another call with the same token. */
export function replay(
  key: IdempotencyKey | undefined,
  { requestHash, jobId, credits }: AdmissionRecord,
): Admitted | Refusal {
  return requestHash === key?.requestHash ? { jobId, credits } : idempotencyMismatch();
}

function refuseCredential(
  { credential, credits, now }: Submission,
  found: NonNullable<Refused['credential']> | null,
): Refusal {
  if (credential.kind === 'person') return new Refusal('key_refused', 'this person was removed from the account');
  if (!found || found.state === 'revoked') return new Refusal('key_refused', 'this API key was revoked');
  if (found.state === 'frozen') return new Refusal('key_refused', 'this API key is frozen');
  if (found.expiresAtMs !== undefined && found.expiresAtMs <= now)
    return new Refusal('key_refused', 'this API key has expired; use another of your keys');
  if (found.spendable !== undefined && found.spendable < credits) return refuseSpending({ credits }, found.spendable);
  return new Refusal('busy', 'this API key was changed at this moment; send the call again');
}

function refuseSpending({ credits }: Pick<Submission, 'credits'>, spendable: number): Refusal {
  return new Refusal(
    'insufficient_credits',
    `this video costs ${credits} credits and the spend limit of this API key leaves ${Math.max(0, spendable)}; raise the limit or use another key`,
  );
}

function refuseAccount(
  { credits, plan: whole, credential, standing }: Submission,
  account: NonNullable<Refused['account']> | null,
): Refusal {
  if (!account) return new Refusal('account_not_active', 'this account does not exist');
  if (!allows(account.status, 'use')) return new Refusal('account_not_active', describeStatus(account.status));
  if (credential.kind === 'key' && account.keysFrozenAt !== undefined)
    return new Refusal('key_refused', 'misuse was reported: all keys of this account are frozen');
  if (account.available < credits) {
    return new Refusal(
      'insufficient_credits',
      `this video costs ${credits} credits and the account has ${account.available}`,
    );
  }
  const plan = planWithin(whole, standing.restrictions);
  return new Refusal(
    'concurrency_reached',
    `${account.running} videos are being made, as many as plan ${plan.name} allows at once (${plan.concurrency}); wait for one to end${loweredBy(standing, 'concurrencyShare')}`,
  );
}
