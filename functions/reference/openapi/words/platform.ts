/** What members mean in the resources of the platform, noun by noun. */
import type { Words } from '../words.ts';
import { FINANCE_ANSWERED, FINANCE_ASKED } from './finance.ts';
import { LIMITS_ANSWERED } from './limits.ts';
import { PAYMENTS_ANSWERED, PAYMENTS_ASKED } from './payments.ts';

export const PLATFORM_ASKED: Words = {
  ...FINANCE_ASKED,
  ...PAYMENTS_ASKED,
};
export const PLATFORM_ANSWERED: Words = {
  ...FINANCE_ANSWERED,
  ...LIMITS_ANSWERED,
  ...PAYMENTS_ANSWERED,
};
