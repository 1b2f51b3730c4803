/** What members mean in the resources of the platform, noun by noun. */
import type { Words } from '../words.ts';
import { ACCOUNTS_ANSWERED, ACCOUNTS_ASKED } from './accounts.ts';
import { AUDIT_ANSWERED, AUDIT_ASKED } from './audit.ts';
import { KEYS_ANSWERED, KEYS_ASKED } from './keys.ts';
import { OPERATORS_ANSWERED, OPERATORS_ASKED } from './operators.ts';

export const PLATFORM_ASKED: Words = { ...AUDIT_ASKED, ...ACCOUNTS_ASKED, ...OPERATORS_ASKED, ...KEYS_ASKED };
export const PLATFORM_ANSWERED: Words = {
  ...AUDIT_ANSWERED,
  ...ACCOUNTS_ANSWERED,
  ...OPERATORS_ANSWERED,
  ...KEYS_ANSWERED,
};
