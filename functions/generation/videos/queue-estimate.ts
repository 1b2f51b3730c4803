/** When a waiting video may begin: a guess from the length of the queue, and said to be one. Pure. */

/** What SQS says of the queue, approximately: jobs that wait, and jobs in hand, one for each busy worker. */
export interface QueueDepth {
  readonly waiting: number;
  readonly inHand: number;
}

export interface Estimate {
  /** From 1. The queue is fair by account, so this is where a job stands at worst. */
  readonly position: number;
  /** Epoch ms. */
  readonly startAt: number;
}

/** Seconds that a worker takes for one job, roughly: the preview engine needs less, a neural one more. */
export const SECONDS_A_JOB = 30;

export function estimateStart({ waiting, inHand }: QueueDepth, now: number): Estimate {
  const position = Math.max(1, waiting);
  const workers = Math.max(1, inHand);
  // With a worker idle the first begins at once; with all busy it waits for one of them.
  const rounds = inHand === 0 ? position - 1 : position / workers;
  return { position, startAt: now + Math.ceil(rounds * SECONDS_A_JOB) * 1000 };
}
