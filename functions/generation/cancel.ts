/**
 * Cancelling: the job's end is committed first, with its credits given back; then the execution is stopped. A worker
 * that is at it finds its lease gone at its next report, within a second, and stops.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { logger, now, random } from '../runtime/runtime.ts';
import type { Outcome } from './job.ts';
import { stopExecution } from './orchestration.ts';
import { type SettleTables, settleJob } from './settle-store.ts';

/** False where the job had ended before. `outcome` says why it ends now. */
export async function cancelJob(
  place: { tables: SettleTables; stateMachineArn: string },
  subject: { accountId: string; jobId: number },
  outcome: Exclude<Outcome, { kind: 'succeeded' }> = { kind: 'cancelled' },
): Promise<boolean> {
  const settlement = await settleJob(place.tables, subject, outcome, { now: now(), random, pause });
  if (settlement === 'was_settled') return false;
  try {
    await stopExecution(place.stateMachineArn, subject.jobId);
  } catch (error) {
    // The job has ended: what its execution still does settles nothing any more.
    logger.warn('execution not stopped', { jobId: subject.jobId, error: error as Error });
  }
  return true;
}
