/**
 * What a purge does, in its order, and which rows it erases. Each phase can be repeated as often as it is cut off. What
 * says where else something is goes after that, and the account's own rows go last. Pure.
 */

export const PURGE_PHASES = [
  /** Tells the owner, while there is an address. */
  'notice',
  /** Nothing of it runs any more. */
  'work',
  /** Paid credits go back, gifts end, and what was saved to pay with is forgotten. */
  'credits',
  /** The documents of that are there: they are made of the account. */
  'documents',
  'tags',
  'objects',
  'uploads',
  'jobs',
  'records',
  'keys',
  'lists',
  'people',
  'audit',
  'ledger',
  'account',
] as const;
export type PurgePhase = (typeof PURGE_PHASES)[number];

/** The phase after it; undefined after the last. */
export function phaseAfter(phase: PurgePhase): PurgePhase | undefined {
  return PURGE_PHASES[PURGE_PHASES.indexOf(phase) + 1];
}

/** Rows below an account that are books: their sort keys begin so. */
export const BOOKS = ['INVOICE#', 'PURCHASE#'] as const;

export function isBook(sk: string): boolean {
  return BOOKS.some(prefix => sk.startsWith(prefix));
}

/** The kind of a row for the certificate: what its sort key begins with, and never what follows. */
export function kindOfRow(key: string): string {
  return key.split('#')[0] ?? key;
}
