/**
 * Repairs what a crash left behind: an admitted job whose execution was never started is started; one whose execution ended
 * without settling it is settled: delivered where a worker has made it, else with its credits given back; so is one whose
 * deadline has passed; one that was deleted is purged a last time.
 */
import { logger } from '../runtime/runtime.ts';
import { type CancelDependencies, cancelJob } from './cancel-command.ts';
import { LATE_UPLOAD_MS } from './deletion.ts';
import { executionStatus, startExecution } from './executions-client.ts';
import { findJob, overdueJobs, postponeReconciliation } from './jobs-store.ts';
import { removeFiles } from './remove-files-command.ts';
import { settleJob } from './settle-store.ts';

export interface ReconcileDependencies extends CancelDependencies {
  readonly mediaBucket: string;
}

type Repair = 'started' | 'settled' | 'running' | 'purged';

/** A job that runs is looked at again after this; an hour is the longest that an execution lasts. */
const NEXT_LOOK_MS = 10 * 60_000;
/** Of each partition at one call: what is left over is first at the next. */
const BATCH = 100;

/** Answers how many jobs were repaired, and how. */
export async function reconcileJobs(dependencies: ReconcileDependencies): Promise<Record<Repair, number>> {
  const { tables, now } = dependencies;
  const counts = { started: 0, settled: 0, running: 0, purged: 0 };
  for (const { accountId, jobId } of await overdueJobs(tables.jobs, now(), BATCH)) {
    try {
      counts[await repair(dependencies, accountId, jobId)]++;
    } catch (error) {
      // One job's trouble is not the next one's.
      logger.error('job not reconciled', { accountId, jobId, error: error as Error });
    }
  }
  if (counts.started + counts.settled > 0) logger.warn('repaired', counts);
  return counts;
}

async function repair(dependencies: ReconcileDependencies, accountId: string, jobId: number): Promise<Repair> {
  const { tables, stateMachineArn, mediaBucket, now, random } = dependencies;
  const job = await findJob(tables.jobs, accountId, jobId);
  if (job?.state === 'deleted') {
    const { complete } = await removeFiles({ jobsTable: tables.jobs, mediaBucket, now, random }, job);
    // A worker may have begun until it was deleted: past this, none uploads any more, whatever its timeline says.
    const lastAt = Date.parse(job.updatedAt) + LATE_UPLOAD_MS;
    const next = job.usedBy?.size || lastAt <= now() ? now() + NEXT_LOOK_MS : lastAt;
    if (!complete) await postponeReconciliation(tables.jobs, accountId, jobId, next);
    return 'purged';
  }
  const { deadlineAt = Number.POSITIVE_INFINITY } = job ?? {};
  if (deadlineAt <= now()) {
    await cancelJob(dependencies, { accountId, jobId }, { kind: 'failed', reason: 'deadline_passed' });
    return 'settled';
  }
  const status = await executionStatus(stateMachineArn, jobId);
  if (status === 'ended') {
    const outcome = { kind: 'failed', reason: 'orchestration_ended' } as const;
    await settleJob(tables, { accountId, jobId }, outcome, { now: now(), random });
    return 'settled';
  }
  if (status === 'absent') await startExecution(stateMachineArn, { accountId, jobId, plan: job?.plan });
  await postponeReconciliation(tables.jobs, accountId, jobId, Math.min(now() + NEXT_LOOK_MS, deadlineAt));
  return status === 'absent' ? 'started' : 'running';
}
