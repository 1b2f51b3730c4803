/** The one command by which every dialect makes a video: admit it, then start its execution. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { configuredModel } from '../catalogue/configured-model.ts';
import { checkEngineModel } from '../catalogue/engine-models.ts';
import { PLANS, type PlanName } from '../catalogue/plans.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { Caller } from '../http/caller.ts';
import { refusalOfContent } from '../moderation/refused-content.ts';
import { screenTexts } from '../moderation/text/screen-text.ts';
import { numericId } from '../runtime/ids.ts';
import { count, environment, logger, now, random } from '../runtime/runtime.ts';
import type { Admitted } from './admission.ts';
import { type AdmissionTables, admit } from './admission-store.ts';
import { callerTexts } from './caller-texts.ts';
import { refuseBeyondPlan, refuseBeyondScope } from './entitlement.ts';
import { startExecution } from './orchestration.ts';

export interface SubmitPlace {
  readonly tables: AdmissionTables;
  readonly stateMachineArn: string;
}

export interface Command {
  readonly caller: Caller;
  readonly request: VideoRequest;
  /** Credits to hold. */
  readonly credits: number;
  /** A token that makes a repeated call the same call, and what the call said. */
  readonly idempotency?: { readonly token: string; readonly fingerprint: string };
  /** Epoch ms by which it must be finished. */
  readonly deadlineAt?: number;
}

/** Commits the job and starts it; throws a Refusal, and then nothing has changed. `replayed` marks the answer to a repeated call. */
export async function submit(place: SubmitPlace, command: Command): Promise<Admitted & { replayed: boolean }> {
  refuseBeyondEntitlement(command.caller, command.request);
  refuseWhatTheEngineCannot(command.request);
  refuseProhibited(command.request);
  const { accountId, id: keyId, plan } = command.caller;
  const newId = (): number => numericId(now(), random);
  const submission = {
    ...{ accountId, keyId, credential: command.caller },
    ...{ plan: PLANS[plan as PlanName], jobId: newId(), now: now() },
    ...{ request: command.request, credits: command.credits },
    ...(command.idempotency && { idempotency: command.idempotency }),
    ...(command.deadlineAt !== undefined && { deadlineAt: command.deadlineAt }),
  };
  const admitted = await admit(place.tables, submission, { random, newId, pause });
  const { jobId, credits, replayed } = admitted;
  if (!replayed) count('VideosAdmitted');
  logger.info('admitted', { accountId, jobId, credits, replayed });
  try {
    await startExecution(place.stateMachineArn, { accountId, jobId, plan: PLANS[plan as PlanName].name });
  } catch (error) {
    // The job is committed: the sweeper starts what could not be started here.
    logger.warn('execution not started; the sweeper will', { jobId, error: error as Error });
  }
  return admitted;
}

/** What the caller's plan or key does not cover is refused before anything is charged. */
export function refuseBeyondEntitlement(caller: Caller, request: VideoRequest): void {
  const refusal =
    refuseBeyondPlan(PLANS[caller.plan as PlanName], request) ??
    (caller.kind === 'key' ? refuseBeyondScope(caller.scope, request) : undefined);
  if (refusal) throw refusal;
}

/** A neural engine serves one model: what that cannot do is refused here, before anything is charged. */
export function refuseWhatTheEngineCannot(request: VideoRequest): void {
  const configured = configuredModel(environment);
  const breach = configured && checkEngineModel(request, configured.model);
  if (breach) throw new Refusal('invalid_parameter', `${breach.field} ${breach.rule}`);
}

/** What the policy prohibits is refused before anything is charged or stored. */
export function refuseProhibited(request: VideoRequest): void {
  const refusal = refusalOfContent(screenTexts(callerTexts(request)));
  if (refusal) throw refusal;
}

/** What a call said, whatever the order of its members: 64 hex digits. */
export function fingerprintOf(route: string, members: object): string {
  const sorted = Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([route, sorted]))
    .digest('hex');
}

/** A seed for a call that gave none: 31 bits. */
export function drawSeed(): number {
  return Buffer.from(random(4)).readUInt32BE() >>> 1;
}
