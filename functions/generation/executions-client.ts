/**
 * The state machine as the product sees it: one execution for a job, named by the job's id, so that starting it twice is
 * starting it once.
 */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { PlanName } from '../catalogue/plans.ts';
import { queueGroup } from './fair-queue.ts';

const client = new SFNClient({});

/** Starts the job's execution; does nothing where it was started before. Its message group in the queue is its plan's. */
export async function startExecution(
  stateMachineArn: string,
  { accountId, jobId, plan }: { accountId: string; jobId: number; plan?: PlanName | undefined },
): Promise<void> {
  try {
    const input = JSON.stringify({ accountId, jobId, group: queueGroup(accountId, jobId, plan) });
    await client.send(new StartExecutionCommand({ stateMachineArn, name: String(jobId), input }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

/** Where the job's execution stands: `absent` was never started, `ended` includes every way to end. */
export async function executionStatus(stateMachineArn: string, jobId: number): Promise<'absent' | 'running' | 'ended'> {
  const executionArn = executionArnOf(stateMachineArn, jobId);
  try {
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? 'running' : 'ended';
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return 'absent';
    throw error;
  }
}

/** Stops the job's execution where one runs. */
export async function stopExecution(stateMachineArn: string, jobId: number): Promise<void> {
  try {
    const executionArn = executionArnOf(stateMachineArn, jobId);
    await client.send(new StopExecutionCommand({ executionArn, error: 'Cancelled' }));
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist)) throw error;
  }
}

function executionArnOf(stateMachineArn: string, jobId: number): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${jobId}`;
}
