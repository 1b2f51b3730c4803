/** One delivery of a job's message: the lease on it, and the task token by which the state machine hears of the job. */

import {
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Outcome } from '../generation/job.ts';

const queue = new SQSClient({});
const orchestrator = new SFNClient({});

/** How long nobody else sees the message after each heartbeat: a worker that dies is noticed within it. */
const LEASE_SECONDS = 45;

const Body = z.object({ accountId: z.string(), jobId: z.int(), taskToken: z.string() });

export interface Delivery {
  readonly accountId: string;
  readonly jobId: number;
  /** Renews the lease and tells the state machine that the job lives; false where nobody waits for it any more. */
  heartbeat(): Promise<boolean>;
  /** Tells the state machine how it ended and removes the message; false where nobody waits for it any more. */
  finish(outcome: Outcome): Promise<boolean>;
  /** Removes the message without a word. */
  acknowledge(): Promise<void>;
  /** Gives the message back, to be seen again after `seconds`. */
  release(seconds: number): Promise<void>;
}

/** Waits up to 20 seconds for a job; undefined where none came. */
export async function receive(queueUrl: string, signal: AbortSignal): Promise<Delivery | undefined> {
  const { Messages = [] } = await queue.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 1,
      WaitTimeSeconds: 20,
      VisibilityTimeout: LEASE_SECONDS,
    }),
    { abortSignal: signal },
  );
  const [message] = Messages;
  return message && deliveryOf(queueUrl, message);
}

function deliveryOf(queueUrl: string, message: Message): Delivery {
  const handle = { QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle };
  const { accountId, jobId, taskToken } = Body.parse(JSON.parse(message.Body ?? ''));
  const acknowledge = async (): Promise<void> => {
    await queue.send(new DeleteMessageCommand(handle));
  };
  const visibleAfter = async (seconds: number): Promise<void> => {
    await queue.send(new ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: seconds }));
  };
  return {
    accountId,
    jobId,
    acknowledge,
    release: visibleAfter,
    async heartbeat() {
      const awaited = await isAwaited(() => orchestrator.send(new SendTaskHeartbeatCommand({ taskToken })));
      if (awaited) await visibleAfter(LEASE_SECONDS);
      return awaited;
    },
    async finish(outcome) {
      const output = JSON.stringify(outcome);
      const awaited = await isAwaited(() => orchestrator.send(new SendTaskSuccessCommand({ taskToken, output })));
      await acknowledge();
      return awaited;
    },
  };
}

/** False where the state machine gave this token up: the task timed out, ended, or never was. */
async function isAwaited(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist) return false;
    throw error;
  }
}
