/** What members mean in the resources of the platform, noun by noun. */
import type { Words } from '../words.ts';
import { AUDIT_ANSWERED, AUDIT_ASKED } from './audit.ts';
import { PAYMENTS_ANSWERED, PAYMENTS_ASKED } from './payments.ts';

export const PLATFORM_ASKED: Words = { ...AUDIT_ASKED, ...PAYMENTS_ASKED };
export const PLATFORM_ANSWERED: Words = { ...AUDIT_ANSWERED, ...PAYMENTS_ANSWERED };
