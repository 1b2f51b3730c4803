/**
 * The one command by which every dialect makes a video. Its order: what is checked before anything happens (entitlement,
 * engine, screening), then what came with the call is stored, then the job is admitted, and its execution is started.
 */
import { PLANS, type PlanName } from '../catalogue/plans.ts';
import type { VideoRequest } from '../catalogue/video-request.ts';
import { type Caller, standingOf } from '../http/caller.ts';
import type { IdempotencyKey } from '../http/idempotency-key.ts';
import type { Metadata } from '../http/metadata-contract.ts';
import { refuseProhibited } from '../moderation/refuse-prohibited-command.ts';
import { numericId, type Random } from '../runtime/ids.ts';
import { count, logger } from '../runtime/runtime.ts';
import type { Admitted, Selection } from './admission.ts';
import { type AdmissionTables, admit } from './admission-store.ts';
import { startExecution } from './executions-client.ts';
import {
  refuseBeyondEngine,
  refuseBeyondEntitlement,
  refuseBeyondRetention,
  type ServedModel,
  screenRequest,
} from './request-checks.ts';

export interface SubmitDependencies {
  readonly tables: AdmissionTables & { readonly audit: string };
  readonly stateMachineArn: string;
  /** What the stage's engine serves. */
  readonly served: ServedModel;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

export interface Submitted {
  readonly caller: Caller;
  readonly request: VideoRequest;
  /** Credits to hold. */
  readonly credits: number;
  /** What the caller keeps with it. */
  readonly metadata?: Metadata | undefined;
  /** Stores what came with the call, and answers how the request names it. */
  readonly store?: (() => Promise<Partial<VideoRequest>>) | undefined;
  /** Makes a repeated call the same call. */
  readonly idempotencyKey?: IdempotencyKey | undefined;
  /** Of a selection of masks: the frame. */
  readonly selection?: Selection | undefined;
  /** From its admission; it must be finished by then. */
  readonly deadlineSeconds?: number | undefined;
  /** Days that it is kept, at most those of the plan, which count where this is absent. */
  readonly retentionDays?: number | undefined;
}

/** What was admitted. */
export interface SubmitResult extends Admitted {
  /** Whether an earlier call with the same idempotency key was. */
  readonly replayed: boolean;
  readonly request: VideoRequest;
  readonly metadata?: Metadata;
  /** Epoch ms. */
  readonly deadlineAt?: number;
}

/**
 * Commits the job and starts it; throws a Refusal, and then nothing has changed but that what came with the call may be
 * stored.
 */
export async function submit(
  dependencies: SubmitDependencies,
  { caller, request: checked, credits: price, store, idempotencyKey, ...submitted }: Submitted,
): Promise<SubmitResult> {
  const { tables, stateMachineArn, now, random } = dependencies;
  const { selection, deadlineSeconds, metadata, retentionDays } = submitted;
  refuseBeyondMeans(dependencies, caller, checked, retentionDays);
  await refuseProhibited(dependencies, caller.accountId, screenRequest(checked));
  const request = { ...checked, ...(await store?.()) };
  const { accountId, id: keyId } = caller;
  const plan = PLANS[caller.plan as PlanName];
  const newId = (): number => numericId(now(), random);
  const at = now();
  const kept = {
    ...(deadlineSeconds !== undefined && { deadlineAt: at + deadlineSeconds * 1000 }),
    ...(metadata && { metadata }),
  };
  const admitted = await admit(
    tables,
    {
      accountId,
      keyId,
      credential: caller,
      plan,
      standing: standingOf(caller),
      request,
      credits: price,
      jobId: newId(),
      now: at,
      retentionDays,
      ...(idempotencyKey && { idempotencyKey }),
      ...(selection && { selection }),
      ...kept,
    },
    { random, newId },
  );
  const { jobId, credits, replayed } = admitted;
  if (!replayed) count('VideosAdmitted');
  logger.info('admitted', { accountId, jobId, credits, replayed });
  try {
    await startExecution(stateMachineArn, { accountId, jobId, plan: plan.name });
  } catch (error) {
    // The job is committed: the reconciler starts what could not be started here.
    logger.warn('execution not started; the reconciler will', { jobId, error: error as Error });
  }
  return { ...admitted, request, ...kept };
}

/** Throws where plan, key or engine do not cover the request; also for a dry run, which is screened in its quote. */
export function refuseBeyondMeans(
  { served }: Pick<SubmitDependencies, 'served'>,
  caller: Caller,
  request: VideoRequest,
  retentionDays?: number,
): void {
  const refusal =
    refuseBeyondEntitlement(caller, request) ??
    refuseBeyondRetention(PLANS[caller.plan as PlanName], retentionDays) ??
    refuseBeyondEngine(served, request);
  if (refusal) throw refusal;
}

/** A seed for a call that gave none: 31 bits. */
export function drawSeed(random: Random): number {
  return Buffer.from(random(4)).readUInt32BE() >>> 1;
}
