/**
 * What follows from use. A video that is started while a newer version of the terms is in effect than was accepted is agreement to
 * it; with the first video that is delivered under a version of the terms comes the notice of what AI output can do. Pure.
 */
import type { Account } from './account.ts';
import { currentTerms, type TermsDocument } from './terms.ts';

/** The version that starting a video at this moment (epoch ms) agrees to; undefined where it, or a newer one, was accepted. */
export function termsAgreedBy({ termsVersion }: Account, startedAt: number): TermsDocument | undefined {
  const current = currentTerms(startedAt);
  // Versions are dates, so they sort.
  return termsVersion !== undefined && termsVersion >= current.version ? undefined : current;
}

/** The version of the terms with which the notice is due; undefined where it was delivered with it, or there is no address. */
export function noticeDue({ email, noticedTermsVersion }: Account, deliveredAt: number): string | undefined {
  const { version } = currentTerms(deliveredAt);
  return email === undefined || noticedTermsVersion === version ? undefined : version;
}
