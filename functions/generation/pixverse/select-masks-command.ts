/** PixVerse answers a mask selection with the masks themselves: the job is submitted as any other, and waited for. */
import { isOpen } from '../../catalogue/job-states.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import { findRecord } from '../../data/idempotency-store.ts';
import { type Admitted, replay } from '../admission.ts';
import { type Deliverable, type Job, seenAt } from '../job.ts';
import { findJob, findSelection } from '../jobs-store.ts';
import { refuseBeyondMeans, type SubmitDependencies, type Submitted, submit } from '../submit-command.ts';
import type { BodyParser } from './body-parser.ts';
import { type CreateRequest, readCreation } from './create-command.ts';

export interface SelectMasksDependencies extends SubmitDependencies {
  readonly pause: (ms: number) => Promise<unknown>;
}

export interface FoundMasks {
  readonly jobId: number;
  readonly credits: number;
  readonly request: Job['request'];
  readonly thumbnailKey: string;
  readonly masks: NonNullable<Deliverable['masks']>;
}

/** API Gateway waits 29 seconds and the function has 28: a response must be on its way before. */
const WAIT_MS = 24_000;
const FIRST_LOOK_MS = 250;
const LONGEST_PAUSE_MS = 1_000;

/** The masks, once they are found; throws a Refusal where none could be, or not in time. */
export async function selectMasks<Body extends object>(
  dependencies: SelectMasksDependencies,
  parser: BodyParser<Body>,
  call: CreateRequest<Body>,
): Promise<FoundMasks> {
  const deadline = dependencies.now() + WAIT_MS;
  const { jobId, credits } = await selectionJob(dependencies, await readCreation(dependencies, parser, call));
  const job = await ended(dependencies, call.caller.accountId, jobId, deadline);
  if (!job) {
    const again = 'send the same call again in a moment: it waits for the same masks and is not charged again';
    throw new Refusal('busy', `the masks are still being found (job ${jobId}); ${again}`);
  }
  const { deliverable, request, failure } = job;
  if (job.state !== 'succeeded' || !deliverable?.masks) {
    throw new Refusal('not_made', `no masks could be found: ${failure || `the job was ${job.state}`}`);
  }
  return { jobId, credits, request, thumbnailKey: deliverable.thumbnailKey, masks: deliverable.masks };
}

/**
 * The job of this frame: the account's earlier one, for no credits, whatever trace the call has, or a new one where there is
 * none or it found nothing. A call with a trace that was used before has its first answer.
 */
async function selectionJob(dependencies: SelectMasksDependencies, call: Submitted): Promise<Admitted> {
  const { tables, now } = dependencies;
  const { caller, request, idempotencyKey } = call;
  const { source, selection: frame } = request;
  if (!source || !frame) throw new Error('a selection of masks is of a frame of a video');
  const record =
    idempotencyKey && (await findRecord<Admitted>(tables.idempotency, caller.accountId, idempotencyKey.token, now()));
  if (record) return answerOf(replay(idempotencyKey, record));
  const earlier = seenAt(await findSelection(tables.jobs, caller.accountId, source, frame.keyframe), now());
  if (earlier && (isOpen(earlier.state) || earlier.deliverable?.masks)) {
    refuseBeyondMeans(dependencies, caller, request);
    return { jobId: earlier.jobId, credits: 0 };
  }
  const replaces = earlier && { replaces: earlier.jobId };
  return submit(dependencies, { ...call, selection: { source, keyframe: frame.keyframe, ...replaces } });
}

function answerOf(replayed: Admitted | Refusal): Admitted {
  if (replayed instanceof Refusal) throw replayed;
  return replayed;
}

/** The job once it has ended; undefined where it had not by then (epoch ms). */
async function ended(
  { tables, now, pause }: SelectMasksDependencies,
  accountId: string,
  jobId: number,
  deadline: number,
): Promise<Job | undefined> {
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    const job = await findJob(tables.jobs, accountId, jobId);
    if (job && !isOpen(job.state)) return job;
    if (now() + wait > deadline) return undefined;
    await pause(wait);
  }
}
