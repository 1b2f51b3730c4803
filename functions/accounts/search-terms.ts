/**
 * By what accounts are found: terms, each under what it is and begun as it is written. What an account was called before
 * stays a term of it: whoever writes for help may still use it. Pure.
 */
import type { FoundBy } from '../catalogue/found-by.ts';
import type { AccountFields } from './account.ts';

export interface SearchTerm {
  readonly by: FoundBy;
  readonly text: string;
}

/** Four bytes for a character at most, and a sort key has 1,024. */
const LONGEST = 200;
/** A name is found by how it begins and by how each of its next words does. */
const MOST_WORDS = 4;

/** A text as it is compared: whatever its capitals, its spaces and how its letters are composed. */
export function comparable(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ').slice(0, LONGEST);
}

/** The terms of what an account says of itself; of what is not there, none. */
export function termsOf({ email, name, company, accountNumber }: AccountFields): SearchTerm[] {
  const called = Object(company).name;
  return [
    ...(typeof email === 'string' ? [{ by: 'email' as const, text: comparable(email) }] : []),
    ...(typeof accountNumber === 'number' ? [{ by: 'account_number' as const, text: String(accountNumber) }] : []),
    ...(typeof name === 'string' ? wordsOf(name).map(text => ({ by: 'name' as const, text })) : []),
    ...(typeof called === 'string' ? wordsOf(called).map(text => ({ by: 'company' as const, text })) : []),
  ];
}

/** `Ana Faro` is found as `ana faro` and as `faro`. */
function wordsOf(text: string): string[] {
  const words = comparable(text).split(' ');
  return [...new Set(words.slice(0, MOST_WORDS).map((_, index) => words.slice(index).join(' ')))].filter(Boolean);
}
