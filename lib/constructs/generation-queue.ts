import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface GenerationQueue {
  /** A standard queue; each message carries a MessageGroupId of its account, which makes it a fair one. */
  readonly waiting: Queue;
  /** Messages that no worker could finish. Their jobs fail by the state machine's heartbeat, not from here. */
  readonly dead: Queue;
}

/** A worker that is alive renews its claim every third of this; one that died gives it back within it. */
export const CLAIM = Duration.seconds(45);

/**
 * Claims of one message until it is put aside. The worker gives a job up long before: three failures, or eight workers that
 * died of it. Those that were given back in order count here too, however many there are, and must not use it up: this is
 * for what no worker can even read.
 */
export const MAX_CLAIMS = 100;

export function makeGenerationQueue(scope: Construct): GenerationQueue {
  const closed: QueueProps = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
  const dead = new Queue(scope, 'DeadGenerations', { ...closed, retentionPeriod: Duration.days(14) });
  const waiting = new Queue(scope, 'Generations', {
    ...closed,
    visibilityTimeout: CLAIM,
    // Four times the hour after which the state machine gives a job up: no message outlives its job unseen.
    retentionPeriod: Duration.hours(4),
    receiveMessageWaitTime: Duration.seconds(20),
    deadLetterQueue: { queue: dead, maxReceiveCount: MAX_CLAIMS },
  });
  return { waiting, dead };
}
