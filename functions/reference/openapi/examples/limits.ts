/** Calls about plans and limits. */

import type { Example } from '../../../http/route.ts';

const ACCOUNT = 'acct_019f2a6a0c00Ab3dEfGh5JkLmN';

export const LIMITS: Readonly<Record<string, Example>> = {
  changePlan: {
    path: { id: ACCOUNT },
    body: { plan: 'scale', reason: 'contract 2026-114' },
    answer: { object: 'account.plan', account: ACCOUNT, plan: 'scale', previous_plan: 'essential' },
  },
};
