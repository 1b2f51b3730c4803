/** How accounts are listed: the index that holds them all, and cursors. Pure. */
import { Refusal } from '../catalogue/refusal.ts';

/** The one partition of the index of all accounts: an account comes to it once, and leaves it never. */
export const LISTED = 'ACCOUNTS';

export interface Place {
  readonly accountId: string;
  /** ISO 8601: what the list is sorted by. */
  readonly at: string;
}

/** Where the next page begins, as text that says nothing to a client. */
export function cursorOf({ accountId, at }: Place): string {
  return Buffer.from(`${at} ${accountId}`).toString('base64url');
}

/** Throws a Refusal for what no list answered. */
export function placeOf(cursor: string): Place {
  const [, at = '', accountId = ''] =
    /^(\S+Z) (acct_[0-9A-Za-z]+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (Number.isNaN(Date.parse(at))) {
    throw new Refusal('invalid_parameter', 'cursor must be the next_cursor of the page before', 'cursor');
  }
  return { accountId, at };
}
