import { setTimeout as pause } from 'node:timers/promises';
import { logger, now, random, setting } from '../runtime/runtime.ts';
import { jobFolder, purge } from '../uploads/purge-store.ts';
import { cancelJob } from './cancel.ts';
import { markPurged } from './deletion-store.ts';
import { findJob, overdueJobs, postponeSweep } from './jobs-store.ts';
import { executionStatus, startExecution } from './orchestration.ts';
import { settleJob } from './settle-store.ts';

const TABLES = { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), ledger: setting('LEDGER_TABLE') };
const STATE_MACHINE_ARN = setting('STATE_MACHINE_ARN');
const MEDIA_BUCKET = setting('MEDIA_BUCKET');

/** A job that runs is looked at again after this; an hour is the longest that an execution lasts. */
const NEXT_LOOK_MS = 10 * 60_000;
type Repair = 'started' | 'settled' | 'running' | 'purged';

/** Of each partition at one sweep: what is left over is first at the next. */
const BATCH = 100;

/**
 * Runs every minute and repairs what a crash left behind: an admitted job whose execution was never started is started;
 * one whose execution ended without settling it is settled, with its credits given back; one whose deadline has passed is
 * ended; one that was deleted is purged a last time.
 */
export async function handler(): Promise<Record<Repair, number>> {
  const counts = { started: 0, settled: 0, running: 0, purged: 0 };
  for (const { accountId, jobId } of await overdueJobs(TABLES.jobs, now(), BATCH)) {
    try {
      counts[await repair(accountId, jobId)]++;
    } catch (error) {
      // One job's trouble is not the next one's.
      logger.error('job not swept', { accountId, jobId, error: error as Error });
    }
  }
  if (counts.started + counts.settled > 0) logger.warn('repaired', counts);
  return counts;
}

async function repair(accountId: string, jobId: number): Promise<Repair> {
  const job = await findJob(TABLES.jobs, accountId, jobId);
  if (job?.state === 'deleted') {
    await purge(MEDIA_BUCKET, jobFolder(accountId, jobId));
    await markPurged(TABLES.jobs, accountId, jobId);
    return 'purged';
  }
  const { deadlineAt = Number.POSITIVE_INFINITY } = job ?? {};
  if (deadlineAt <= now()) {
    const place = { tables: TABLES, stateMachineArn: STATE_MACHINE_ARN };
    await cancelJob(place, { accountId, jobId }, { kind: 'failed', reason: 'deadline_passed' });
    return 'settled';
  }
  const status = await executionStatus(STATE_MACHINE_ARN, jobId);
  if (status === 'ended') {
    const outcome = { kind: 'failed', reason: 'orchestration_ended' } as const;
    await settleJob(TABLES, { accountId, jobId }, outcome, { now: now(), random, pause });
    return 'settled';
  }
  if (status === 'absent') await startExecution(STATE_MACHINE_ARN, { accountId, jobId, plan: job?.plan });
  await postponeSweep(TABLES.jobs, accountId, jobId, Math.min(now() + NEXT_LOOK_MS, deadlineAt));
  return status === 'absent' ? 'started' : 'running';
}
