/** Calls about plans and limits. */

import { PLANS } from '../../../catalogue/plans.ts';
import type { Example } from '../../../http/route.ts';
import { describeLimits, describePlan } from '../../../usage/limits.ts';

const STAND = {
  account: { plan: 'essential', available: 14_965, held: 35, running: 1 },
  started: 212,
  key: { id: 'key_019f2a6a0c00Tq5vWxYz7AbCdE', limit: { spendLimit: 10_000, spendable: 8_760 } },
  now: Date.parse('2026-11-24T11:40:02Z'),
} as const;

export const LIMITS: Readonly<Record<string, Example>> = {
  listPlans: { answer: { object: 'list', data: [describePlan(PLANS.trial)], has_more: false } },
  readLimits: { answer: describeLimits(STAND) },
};
