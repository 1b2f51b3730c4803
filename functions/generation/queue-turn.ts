/**
 * Whose turn it is. The queue serves message groups in turn (SQS's fair queues; fewest in flight first), and an account of
 * a plan with priority n has n groups: it gets n turns where one of priority 1 gets one, and cannot get more by sending
 * more: a job waits for the turns of those before it, not for all that they have sent. Pure.
 */
import { PLANS, type PlanName } from '../catalogue/plans.ts';

/** The message group of a job. The low bits of a job's id are random: jobs spread over the groups evenly. */
export function queueGroup(accountId: string, jobId: number, plan: PlanName | undefined): string {
  const turns = plan ? PLANS[plan].priority : 1;
  return turns === 1 ? accountId : `${accountId}#${jobId % turns}`;
}
