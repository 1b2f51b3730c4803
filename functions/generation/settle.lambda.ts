import * as z from 'zod';
import { count, logger, now, random, setting } from '../runtime/runtime.ts';
import { settleJob } from './settle-store.ts';

const TABLES = { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), ledger: setting('LEDGER_TABLE') };

const Deliverable = z.object({
  videoKey: z.string(),
  thumbnailKey: z.string(),
  spritesheetKey: z.string().exactOptional(),
  bytes: z.int().positive(),
  sha256: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  durationSeconds: z.number().positive(),
  hasAudio: z.boolean(),
  engine: z.string(),
  masks: z.array(z.object({ maskId: z.string(), name: z.string(), key: z.string() })).exactOptional(),
});
const Request = z.object({
  accountId: z.string(),
  jobId: z.int(),
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('succeeded'), deliverable: Deliverable }),
    z.object({ kind: z.literal('failed'), reason: z.string() }),
  ]),
});

/** The state machine's last step: ends the job, whatever became of it. */
export async function handler(event: unknown): Promise<{ settlement: string }> {
  const { accountId, jobId, outcome } = Request.parse(event);
  const settlement = await settleJob(TABLES, { accountId, jobId }, outcome, { now: now(), random });
  if (settlement !== 'was_settled') count(settlement === 'succeeded' ? 'VideosSucceeded' : 'VideosFailed');
  logger.info('settlement', { accountId, jobId, outcome: outcome.kind, settlement });
  return { settlement };
}
