/** What a video would cost and whether it would be admitted now. Pure: admission.ts has the rules. */
import type { z } from 'zod';
import type { Account } from '../../accounts/account.ts';
import { standingAt } from '../../accounts/standing.ts';
import { allows } from '../../catalogue/account-status.ts';
import { sizeOf } from '../../catalogue/frame-size.ts';
import { PLANS, type PlanName } from '../../catalogue/plans.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import { planWithin, refuseByStanding } from '../../catalogue/standing-refusals.ts';
import { refusalOfContent } from '../../moderation/screening.ts';
import { evaluateRefused, type Refused } from '../admission.ts';
import { screenRequest } from '../request-checks.ts';
import type { Creation } from './creation.ts';
import type { videoQuote } from './object-contract.ts';

export type Quote = z.output<typeof videoQuote>;

/** `started`: videos of this UTC day; `now` is epoch ms. */
export function quoteOf(
  { request, credits }: Creation,
  account: Account | undefined,
  started: number,
  { plan: planName, now }: { readonly plan: string; readonly now: number },
): Quote {
  const whole = PLANS[account?.plan ?? (planName as PlanName)];
  const standing = standingAt(account ?? {}, now);
  const plan = planWithin(whole, standing.restrictions);
  const available = account?.available ?? 0;
  const running = account?.running ?? 0;
  const credential = { kind: 'person' } as const;
  const submission = { accountId: '', keyId: '', credential, request, credits, plan: whole, standing, jobId: 0, now };
  const refused = refusedBy();
  const screening = screenRequest(request);
  const refusal =
    refusalOfContent(screening) ??
    refuseByStanding(standing, request) ??
    (refused && evaluateRefused(submission, refused));
  return {
    object: 'video.quote',
    model: request.model || request.function,
    function: request.function,
    seconds: String(Math.round(request.durationSeconds)),
    size: request.aspectRatio ? sizeOf({ quality: request.quality, aspectRatio: request.aspectRatio }) : 'auto',
    credits,
    would_be_admitted: refusal === undefined,
    refusal: refusal instanceof Refusal ? { code: refusal.kind, message: refusal.message } : null,
    moderation: {
      text: screening.kind,
      category: screening.kind === 'refused' ? screening.category : null,
      rule: screening.kind === 'refused' ? screening.rule : null,
      policy_version: screening.policyVersion,
    },
    balance: { available, after: available - credits },
    running: { now: running, limit: plan.concurrency },
    today: {
      started,
      remaining: Math.max(0, plan.generationsPerDay - started),
      limit: plan.generationsPerDay,
    },
  };

  function refusedBy(): Refused | undefined {
    if (!account) return { account: null };
    if (!allows(account.status, 'use') || available < credits || running >= plan.concurrency) return { account };
    return started >= plan.generationsPerDay ? { day: true } : undefined;
  }
}
