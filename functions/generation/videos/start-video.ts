/**
 * Starts what was planned, once for each idempotency key. The marker of the key is written by the transaction that
 * admits the job, so a key is never "in progress": either its job exists, or it does not.
 */

import { Refusal } from '../../catalogue/refusal.ts';
import type { VideoRequest } from '../../catalogue/video-request.ts';
import type { RouteResponse } from '../../http/api-handler.ts';
import { type Caller, headerOf } from '../../http/caller.ts';
import { videosRemaining } from '../../http/rate-limit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { now } from '../../runtime/runtime.ts';
import { replay } from '../admission.ts';
import { findJob } from '../jobs-store.ts';
import { findMarker } from '../marker-store.ts';
import {
  fingerprintOf,
  refuseBeyondEntitlement,
  refuseProhibited,
  refuseWhatTheEngineCannot,
  type SubmitPlace,
  submit,
} from '../submit.ts';
import type { Plan } from './creation.ts';
import { comparable, tokenOf } from './idempotency.ts';
import type { PicturePlace } from './picture.ts';
import { readDeadline, wantsDryRun } from './preferences.ts';
import type { Quote } from './quote.ts';
import { quoteVideo } from './quote-video.ts';
import { describeVideo, type Video } from './video-object.ts';

export type Place = SubmitPlace & PicturePlace;

/** What every creation has among its members. */
interface Wishes {
  readonly deadline_seconds?: number | undefined;
  readonly dry_run?: boolean | undefined;
}

/** Stores what came with the call, and says how the request names it. */
export type Keep = () => Promise<Partial<VideoRequest>>;

/** What is to be made, and what has to be stored for it first. */
export interface Prepared {
  readonly plan: Plan;
  readonly keep?: Keep;
}

/**
 * `prepare` reads the call and throws a Refusal where nothing can be made of it. A call that is repeated is known before
 * that: its answer does not depend on what became of a source or a URL since.
 */
export async function startVideo(
  place: Place,
  { caller, input, event }: RequestContext<Wishes>,
  prepare: () => Promise<Prepared>,
): Promise<RouteResponse<Video | Quote>> {
  const deadlineSeconds = readDeadline(input.deadline_seconds, headerOf(event, 'cancel-after'));
  if (wantsDryRun(input.dry_run, headerOf(event, 'prefer'))) return quote(place, caller, await prepare());
  const once = onceOf(event, input, deadlineSeconds);
  const earlier = once && (await repeated(place, caller, once));
  if (earlier !== undefined) return firstAnswer(place, caller, earlier);
  const { plan, keep } = await prepare();
  refuseBeyondEntitlement(caller, plan.request);
  refuseWhatTheEngineCannot(plan.request);
  // Before the picture that came with it is kept.
  refuseProhibited(plan.request);
  const request = { ...plan.request, ...(await keep?.()) };
  const deadlineAt = deadlineSeconds === undefined ? undefined : now() + deadlineSeconds * 1000;
  const { jobId, credits, replayed } = await submit(place, {
    ...{ caller, request, credits: plan.credits },
    ...(once && { idempotency: once }),
    ...(deadlineAt !== undefined && { deadlineAt }),
  });
  // Two calls with one key that met: the other one was first.
  if (replayed) return firstAnswer(place, caller, jobId);
  const begun = { jobId, credits, request, state: 'queued', progress: 0 } as const;
  return { body: describeVideo({ ...begun, ...(deadlineAt !== undefined && { deadlineAt }) }) };
}

async function quote(place: Place, caller: Caller, { plan }: Prepared): Promise<RouteResponse<Quote>> {
  refuseBeyondEntitlement(caller, plan.request);
  refuseWhatTheEngineCannot(plan.request);
  const body = await quoteVideo(place.tables.core, caller, plan);
  return { body, headers: { 'preference-applied': 'dry-run', ...videosRemaining(body.today.remaining, now()) } };
}

function onceOf(event: RequestContext<Wishes>['event'], input: Wishes, deadlineSeconds: number | undefined) {
  const token = tokenOf(headerOf(event, 'idempotency-key'));
  if (token === undefined) return undefined;
  const said = comparable({ ...input, deadline_seconds: deadlineSeconds });
  return { token, fingerprint: fingerprintOf(event.resource, said) };
}

/** The job of an earlier call with this key; throws where that call said something else. */
async function repeated(
  place: Place,
  { accountId }: Caller,
  once: { token: string; fingerprint: string },
): Promise<number | undefined> {
  const marker = await findMarker(place.tables.idempotency, accountId, once.token, now());
  if (!marker) return undefined;
  const judged = replay({ idempotency: once }, marker);
  if (judged instanceof Refusal) throw judged;
  return judged.jobId;
}

/** What the first call was answered: the video as it was then, whatever became of it. */
async function firstAnswer(place: Place, { accountId }: Caller, jobId: number): Promise<RouteResponse<Video>> {
  const job = await findJob(place.tables.jobs, accountId, jobId);
  if (!job) throw new Error(`the job ${jobId} of a marker is gone`);
  const { request, credits, deadlineAt } = job;
  const begun = { jobId, credits, request, state: 'queued', progress: 0 } as const;
  const body = describeVideo({ ...begun, ...(deadlineAt !== undefined && { deadlineAt }) });
  return { body, headers: { 'idempotent-replayed': 'true' } };
}
