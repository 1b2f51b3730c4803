/** What one of staff looks for, by the form of what was typed in. Pure. */
import { comparable, type SearchTerm } from '../accounts/search-terms.ts';
import { Refusal } from '../catalogue/refusal.ts';

export type SearchQuery =
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'request'; readonly requestId: string }
  /** A number may be a video's, and an account's as PixVerse clients see it. */
  | { readonly kind: 'number'; readonly jobId: number; readonly terms: readonly SearchTerm[] }
  /** Whatever begins like one of these. */
  | { readonly kind: 'terms'; readonly terms: readonly SearchTerm[] };

const ACCOUNT = /^acct_[0-9A-Za-z]+$/;
const REQUEST = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NUMBER = /^(video_)?([1-9]\d{5,15})$/;
/** A hint has 8 characters of the key, and is all that is needed: a key is a secret wherever it is sent. */
const MORE_THAN_A_HINT = /^mut_[0-9A-Za-z]{9,}/;
const KEY = /^(?:mut_|key_)/;

/** Throws a Refusal for a key that is not only its hint. */
export function readSearchQuery(query: string): SearchQuery {
  const text = query.trim();
  if (ACCOUNT.test(text)) return { kind: 'account', accountId: text };
  if (REQUEST.test(text.toLowerCase())) return { kind: 'request', requestId: text.toLowerCase() };
  const [, prefix, digits] = NUMBER.exec(text) ?? [];
  if (digits !== undefined && Number.isSafeInteger(Number(digits))) {
    const terms = prefix === undefined ? [{ by: 'account_number' as const, text: `${digits}#` }] : [];
    return { kind: 'number', jobId: Number(digits), terms };
  }
  if (MORE_THAN_A_HINT.test(text)) {
    throw new Refusal(
      'invalid_parameter',
      'query must not be a key: send its first 8 characters, or its hint',
      'query',
    );
  }
  // As it is written: keys tell capitals from small letters.
  if (KEY.test(text)) return { kind: 'terms', terms: [{ by: 'key', text }] };
  const compared = comparable(text);
  const isAddress = compared.includes('@');
  const by = isAddress ? (['email'] as const) : (['name', 'company', 'email'] as const);
  return { kind: 'terms', terms: by.map(kind => ({ by: kind, text: compared })) };
}
