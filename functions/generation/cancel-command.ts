/**
 * Cancelling: the job's end is committed first, with its credits given back; then the execution is stopped. A worker
 * that is at it finds its lease gone at its next report, within a second, and stops.
 */
import type { Random } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import { stopExecution } from './executions-client.ts';
import type { Outcome } from './job.ts';
import { type SettleTables, settleJob } from './settle-store.ts';

export interface CancelDependencies {
  readonly tables: SettleTables;
  readonly stateMachineArn: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

/** False where the job had ended before. `outcome` says why it ends now. */
export async function cancelJob(
  { tables, stateMachineArn, now, random }: CancelDependencies,
  subject: { accountId: string; jobId: number },
  outcome: Exclude<Outcome, { kind: 'succeeded' }> = { kind: 'cancelled' },
): Promise<boolean> {
  const settlement = await settleJob(tables, subject, outcome, { now: now(), random });
  if (settlement === 'was_settled') return false;
  try {
    await stopExecution(stateMachineArn, subject.jobId);
  } catch (error) {
    // The job has ended: what its execution still does settles nothing any more.
    logger.warn('execution not stopped', { jobId: subject.jobId, error: error as Error });
  }
  return true;
}
