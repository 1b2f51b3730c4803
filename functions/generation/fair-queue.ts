/**
 * The queue of jobs. SQS serves message groups in turn (fair queues; fewest in flight first), and an account of a plan with
 * weight n has n groups: it is served n times where one of weight 1 is served once, and gains nothing by sending more: a
 * job waits for the groups before it, not for all that they have sent. Pure.
 */
import { PLANS, type PlanName } from '../catalogue/plans.ts';

/** The message group of a job. The low bits of a job's id are random: jobs spread over the groups evenly. */
export function queueGroup(accountId: string, jobId: number, plan: PlanName | undefined): string {
  const weight = plan ? PLANS[plan].priority : 1;
  return weight === 1 ? accountId : `${accountId}#${jobId % weight}`;
}

/** What SQS says of the queue, approximately: jobs that wait, and jobs in flight, one for each busy worker. */
export interface QueueDepth {
  readonly waiting: number;
  readonly inFlight: number;
}

export interface Estimate {
  /** From 1. The queue is fair by account, so this is where a job stands at worst. */
  readonly position: number;
  /** Epoch ms. */
  readonly startAt: number;
}

/** Seconds that a worker takes for one job, roughly: the preview engine needs less, a neural one more. */
export const SECONDS_A_JOB = 30;

/** When a waiting job may begin: a guess from the length of the queue, and said to be one. `now` is epoch ms. */
export function estimateStart({ waiting, inFlight }: QueueDepth, now: number): Estimate {
  const position = Math.max(1, waiting);
  const workers = Math.max(1, inFlight);
  // With a worker idle the first begins at once; with all busy it waits for one of them.
  const rounds = inFlight === 0 ? position - 1 : position / workers;
  return { position, startAt: now + Math.ceil(rounds * SECONDS_A_JOB) * 1000 };
}
