import { PLAN_NAMES } from '../../../catalogue/plans.ts';
import type { Words } from '../words.ts';

export const LIMITS_ASKED: Words = {
  'changePlan.id': 'The id of an account.',
  'changePlan.plan': `One of ${PLAN_NAMES.join(', ')}.`,
  'changePlan.reason': 'Why, for the audit trail.',
};

export const LIMITS_ANSWERED: Words = {
  'changePlan.object': 'What this is.',
  'changePlan.account': 'The account.',
  'changePlan.plan': 'The plan that counts from its next request on.',
  'changePlan.previous_plan': 'The plan before; the same where nothing had to change.',
};
