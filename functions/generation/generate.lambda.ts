import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import { PLANS, type PlanName } from '../credits/plans.ts';
import { priceOf } from '../credits/prices.ts';
import { numericId } from '../platform/ids.ts';
import { type Answer, type Exchange, headerOf, pixverse, serve } from '../platform/pixverse.ts';
import { logger, now, random, setting } from '../platform/runtime.ts';
import { admit } from './admission-store.ts';
import { generateFromImage, generateFromText } from './contract.ts';
import type { VideoFunction } from './job.ts';
import { startExecution } from './orchestration.ts';
import { readRequest } from './pixverse-request.ts';

const TABLES = {
  core: setting('CORE_TABLE'),
  jobs: setting('JOBS_TABLE'),
  ledger: setting('LEDGER_TABLE'),
  idempotency: setting('IDEMPOTENCY_TABLE'),
};
const STATE_MACHINE_ARN = setting('STATE_MACHINE_ARN');

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Body = z.output<typeof generateFromText.input> | z.output<typeof generateFromImage.input>;

async function generate(
  made: VideoFunction,
  { caller, input, event }: Exchange<Body>,
): Promise<Answer<{ video_id: number; credits: number }>> {
  const newId = (): number => numericId(now(), random);
  const { request, priced } = readRequest(made, input, drawSeed());
  const trace = headerOf(event, 'ai-trace-id')?.trim().toLowerCase() ?? '';
  const submission = {
    accountId: caller.accountId,
    keyHash: caller.keyHash,
    keyId: caller.keyId,
    plan: PLANS[caller.plan as PlanName],
    request,
    credits: priceOf(priced),
    jobId: newId(),
    now: now(),
    ...(UUID.test(trace) && { idempotency: { token: trace, fingerprint: fingerprint(event.resource, input) } }),
  };
  const { jobId, credits } = await admit(TABLES, submission, { random, newId, pause });
  logger.info('admitted', { accountId: caller.accountId, jobId, credits, trace });
  try {
    await startExecution(STATE_MACHINE_ARN, caller.accountId, jobId);
  } catch (error) {
    // The job is committed: the sweeper starts what could not be started here.
    logger.warn('execution not started; the sweeper will', { jobId, error: error as Error });
  }
  return { resp: { video_id: jobId, credits } };
}

/** What a call said, whatever the order of its members. */
function fingerprint(resource: string, members: object): string {
  const sorted = Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([resource, sorted]))
    .digest('hex');
}

function drawSeed(): number {
  return Buffer.from(random(4)).readUInt32BE() >>> 1;
}

export const handler = pixverse(
  serve(generateFromText, exchange => generate('text_to_video', exchange)),
  serve(generateFromImage, exchange => generate('image_to_video', exchange)),
);
