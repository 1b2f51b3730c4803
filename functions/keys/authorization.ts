/**
 * Whether a presented key opens the door. Pure. What it refuses, it refuses with words for the caller; a key that never
 * was and one with a wrong checksum read the same.
 */
import type { Account } from '../accounts/account.ts';
import type { StoredKey } from './key.ts';

export type Decision =
  | { readonly kind: 'admitted'; readonly key: StoredKey; readonly account: Account }
  | { readonly kind: 'refused'; readonly errCode: number; readonly errMsg: string; readonly errKind: string };

/** PixVerse's authentication family is 10001 to 10005; only the meanings of the first and of 10004 are known. */
export const NO_KEY = refused(10004, 'no API key: send it in the API-KEY header or as Authorization: Bearer');
export const UNKNOWN_KEY = refused(10001, 'apiKey is not registered');

export function decide(key: StoredKey | undefined, account: Account | undefined): Decision {
  if (!key || !account) return UNKNOWN_KEY;
  if (key.state === 'revoked')
    return refused(10002, `this API key was revoked at ${key.revokedAt}; use another of your keys`);
  if (account.standing !== 'active') {
    return refused(400012, `this account is ${account.standing}; write to support`, 'account_not_active');
  }
  return { kind: 'admitted', key, account };
}

function refused(errCode: number, errMsg: string, errKind = 'key_refused'): Decision & { kind: 'refused' } {
  return { kind: 'refused', errCode, errMsg, errKind };
}
