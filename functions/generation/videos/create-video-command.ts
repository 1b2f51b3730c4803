/**
 * Creates a video of this dialect, once for each idempotency key. The idempotency record is written by the transaction that
 * admits the job, so a key is never "in progress": either its job exists, or it does not.
 */
import type { z } from 'zod';
import { findAccount, videosStarted } from '../../accounts/accounts-store.ts';
import { PLANS, type PlanName } from '../../catalogue/plans.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import type { VideoRequest } from '../../catalogue/video-request.ts';
import { utcDay } from '../../data/day-shard.ts';
import { findRecord } from '../../data/idempotency-store.ts';
import type { RouteResponse } from '../../http/api-handler.ts';
import type { Caller } from '../../http/caller.ts';
import { type IdempotencyKey, requestHash, tokenOfKey } from '../../http/idempotency-key.ts';
import type { Metadata } from '../../http/metadata-contract.ts';
import { videosRemaining } from '../../http/rate-limit.ts';
import { refuseProbing } from '../../moderation/probing.ts';
import { countRefused } from '../../moderation/refuse-prohibited-command.ts';
import { refusedTexts } from '../../moderation/refused-texts-store.ts';
import {
  inspectedMedia,
  inspectReference,
  refuseRestricted,
  storeMedia,
  type UploadDependencies,
} from '../../uploads/upload-command.ts';
import { type Admitted, replay } from '../admission.ts';
import { seenAt } from '../job.ts';
import { findJob } from '../jobs-store.ts';
import { refuseBeyondEntitlement, screenRequest } from '../request-checks.ts';
import { drawSeed, refuseBeyondMeans, type SubmitDependencies, submit } from '../submit-command.ts';
import type { createVideo as createContract, editVideo, extendVideo, remixVideo } from './contract.ts';
import {
  type Creation,
  changeOf,
  creationOf,
  extensionOf,
  modelOf,
  readDeadline,
  type SourceVideo,
  sourceOf,
  sourceOfFile,
  wantsDryRun,
} from './creation.ts';
import { type Quote, quoteOf } from './quote.ts';
import { describeVideo, jobIdOf, type Video } from './video-object.ts';

export type CreateVideoDependencies = SubmitDependencies &
  UploadDependencies & {
    /** The API's address. */
    readonly baseUrl: string;
  };

/** What every creation has among its members. */
interface CreationMembers {
  readonly deadline_seconds?: number | undefined;
  readonly dry_run?: boolean | undefined;
  readonly metadata?: Metadata | undefined;
  readonly retention?: number | undefined;
}

export interface CreationCall<Members> {
  readonly caller: Caller;
  readonly input: Members;
  /** The path of the route. */
  readonly route: string;
  /** As they were sent. */
  readonly headers: Readonly<Record<'idempotency-key' | 'prefer' | 'cancel-after', string | undefined>>;
}

type Response = RouteResponse<Video | Quote>;

/** Stores what came with the call, and answers how the request names it. */
type Store = () => Promise<Partial<VideoRequest>>;

/** What is to be made, and how to inspect what came with the call. */
interface Prepared {
  readonly creation: Creation;
  readonly inspect?: () => Promise<Store>;
}

export function createVideo(
  dependencies: CreateVideoDependencies,
  call: CreationCall<z.output<typeof createContract.input>>,
): Promise<Response> {
  return start(dependencies, call, async () => {
    const { caller, input } = call;
    const creation = creationOf(input, drawSeed(dependencies.random));
    const reference = input.input_reference;
    if (reference === undefined) return { creation };
    const inspect = async (): Promise<Store> => {
      const how = { field: 'input_reference', retentionDays: daysOf(call) };
      const stored = await inspectReference(dependencies, caller.accountId, reference, how);
      return async () => ({ images: [{ id: await stored() }] });
    };
    return { creation, inspect };
  });
}

export function remix(
  dependencies: CreateVideoDependencies,
  call: CreationCall<z.output<typeof remixVideo.input>>,
): Promise<Response> {
  return start(dependencies, call, async () => {
    const { caller, input } = call;
    const source = await findSource(dependencies, caller, input.id, 'id');
    return { creation: changeOf(input, source, drawSeed(dependencies.random)) };
  });
}

export function edit(
  dependencies: CreateVideoDependencies,
  call: CreationCall<z.output<typeof editVideo.input>>,
): Promise<Response> {
  return start(dependencies, call, async () => {
    const { input } = call;
    const { source, ...inspected } = await sourceOfCall(dependencies, call, { function: 'modify', model: '' });
    return { creation: changeOf(input, source, drawSeed(dependencies.random)), ...inspected };
  });
}

export function extend(
  dependencies: CreateVideoDependencies,
  call: CreationCall<z.output<typeof extendVideo.input>>,
): Promise<Response> {
  return start(dependencies, call, async () => {
    const { input } = call;
    const known = { function: 'extend', model: modelOf(input.model) } as const;
    const { source, ...inspected } = await sourceOfCall(dependencies, call, known);
    return { creation: extensionOf(input, source, drawSeed(dependencies.random)), ...inspected };
  });
}

/** What comes with a call is kept as long as what is made of it. */
function daysOf({ caller, input }: CreationCall<CreationMembers>): number {
  return input.retention ?? PLANS[caller.plan as PlanName].retentionDays;
}

async function findSource(
  { tables, now }: CreateVideoDependencies,
  { accountId }: Caller,
  id: string,
  field: string,
): Promise<SourceVideo> {
  return sourceOf(seenAt(await findJob(tables.jobs, accountId, jobIdOf(id, field)), now()), id, field);
}

/**
 * The video that a body starts from. A file decides the quality of what is made of it, so it is inspected first, and
 * before that whether plan and key cover what is `known`.
 */
async function sourceOfCall(
  dependencies: CreateVideoDependencies,
  call: CreationCall<CreationMembers & { readonly video: { readonly id: string } | Uint8Array }>,
  known: Pick<VideoRequest, 'function' | 'model'>,
): Promise<{ source: SourceVideo; inspect?: () => Promise<Store> }> {
  const { caller, input } = call;
  const { video } = input;
  if (!(video instanceof Uint8Array)) return { source: await findSource(dependencies, caller, video.id, 'video') };
  const refusal = refuseBeyondEntitlement(caller, known);
  if (refusal) throw refusal;
  refuseRestricted(dependencies);
  const media = await inspectedMedia(Buffer.from(video), 'video');
  const store: Store = async () => {
    const { mediaId } = await storeMedia(dependencies, caller.accountId, media, daysOf(call));
    return { source: { kind: 'media', id: mediaId } };
  };
  return { source: sourceOfFile(media.facts, 'video'), inspect: async () => store };
}

/**
 * `prepare` reads the call and throws a Refusal where nothing can be made of it. A call that is repeated is known before
 * that: its response does not depend on what became of a source or a URL since.
 */
async function start(
  dependencies: CreateVideoDependencies,
  { caller, input, route, headers }: CreationCall<CreationMembers>,
  prepare: () => Promise<Prepared>,
): Promise<Response> {
  const deadlineSeconds = readDeadline(input.deadline_seconds, headers['cancel-after']);
  if (wantsDryRun(input.dry_run, headers.prefer)) return quote(dependencies, caller, await prepare(), input.retention);
  const token = tokenOfKey(headers['idempotency-key']);
  const idempotencyKey = token !== undefined && {
    token,
    requestHash: requestHash(route, { ...input, deadline_seconds: deadlineSeconds }),
  };
  const earlier = idempotencyKey && (await repeated(dependencies, caller, idempotencyKey));
  if (earlier) return firstResponse(dependencies, caller, earlier.jobId);
  const { creation, inspect } = await prepare();
  const { replayed, ...admitted } = await submit(dependencies, {
    caller,
    request: creation.request,
    credits: creation.credits,
    store: inspect && (async () => (await inspect())()),
    metadata: input.metadata,
    idempotencyKey: idempotencyKey || undefined,
    deadlineSeconds,
    retentionDays: input.retention,
  });
  // Two calls with one key that met: the other one was first.
  if (replayed) return firstResponse(dependencies, caller, admitted.jobId);
  return { body: describeVideo(dependencies.baseUrl, { ...admitted, state: 'queued', progress: 0 }) };
}

/** Reads the account and its day, and writes nothing but that a text was refused: that is not tried out without end. */
async function quote(
  dependencies: CreateVideoDependencies,
  caller: Caller,
  { creation, inspect }: Prepared,
  retentionDays: number | undefined,
): Promise<RouteResponse<Quote>> {
  refuseBeyondMeans(dependencies, caller, creation.request, retentionDays);
  await inspect?.();
  const { tables, now } = dependencies;
  const at = now();
  const [account, started, refused] = await Promise.all([
    findAccount(tables.core, caller.accountId),
    videosStarted(tables.core, caller.accountId, utcDay(at)),
    refusedTexts(tables.core, caller.accountId, at),
  ]);
  const probing = refuseProbing(refused, at);
  if (probing) throw probing;
  const body = quoteOf(creation, account, started, { plan: caller.plan, now: at });
  await countRefused(dependencies, caller.accountId, screenRequest(creation.request));
  return { body, headers: { 'preference-applied': 'dry-run', ...videosRemaining(body.today.remaining, now()) } };
}

/** What an earlier call with this key came to; throws where that call said something else. */
async function repeated(
  { tables, now }: CreateVideoDependencies,
  { accountId }: Caller,
  key: IdempotencyKey,
): Promise<Admitted | undefined> {
  const record = await findRecord<Admitted>(tables.idempotency, accountId, key.token, now());
  if (!record) return undefined;
  const admitted = replay(key, record);
  if (admitted instanceof Refusal) throw admitted;
  return admitted;
}

/** The response to the first call: the video as it was then, whatever became of it. */
async function firstResponse(
  { tables, baseUrl }: CreateVideoDependencies,
  { accountId }: Caller,
  jobId: number,
): Promise<RouteResponse<Video>> {
  const job = await findJob(tables.jobs, accountId, jobId);
  if (!job) throw new Error(`the job ${jobId} of an idempotency record is gone`);
  const { request, credits, deadlineAt, metadata } = job;
  const kept = { ...(deadlineAt !== undefined && { deadlineAt }), ...(metadata && { metadata }) };
  const admitted = { jobId, credits, request, ...kept };
  const body = describeVideo(baseUrl, { ...admitted, state: 'queued', progress: 0 });
  return { body, headers: { 'idempotent-replayed': 'true' } };
}
