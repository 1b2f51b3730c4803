/** What members mean in the resources of the platform, noun by noun. */
import type { Words } from '../words.ts';
import { AUDIT_ANSWERED, AUDIT_ASKED } from './audit.ts';
import { KEYS_ANSWERED, KEYS_ASKED } from './keys.ts';
import { LIMITS_ANSWERED, LIMITS_ASKED } from './limits.ts';

export const PLATFORM_ASKED: Words = { ...AUDIT_ASKED, ...KEYS_ASKED, ...LIMITS_ASKED };
export const PLATFORM_ANSWERED: Words = { ...AUDIT_ANSWERED, ...KEYS_ANSWERED, ...LIMITS_ANSWERED };
