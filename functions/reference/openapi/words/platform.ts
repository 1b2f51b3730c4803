/** What members mean in the resources of the platform, noun by noun. */
import type { Words } from '../words.ts';
import { ACCOUNTS_ANSWERED, ACCOUNTS_ASKED } from './accounts.ts';
import { KEYS_ANSWERED, KEYS_ASKED } from './keys.ts';
import { LIMITS_ANSWERED, LIMITS_ASKED } from './limits.ts';
import { OPERATORS_ANSWERED, OPERATORS_ASKED } from './operators.ts';

export const PLATFORM_ASKED: Words = {
  ...ACCOUNTS_ASKED,
  ...KEYS_ASKED,
  ...LIMITS_ASKED,
  ...OPERATORS_ASKED,
};
export const PLATFORM_ANSWERED: Words = {
  ...ACCOUNTS_ANSWERED,
  ...KEYS_ANSWERED,
  ...LIMITS_ANSWERED,
  ...OPERATORS_ANSWERED,
};
