/**
 * Whether a presented key or token opens the door. Pure. What it refuses, it refuses with words for the caller; a key
 * that never was and one with a wrong checksum read the same.
 */
import ipaddr from 'ipaddr.js';
import type { Account, Person } from '../accounts/account.ts';
import { allows } from '../catalogue/account-status.ts';
import type { Role } from '../catalogue/permissions.ts';
import type { StoredKey } from './key.ts';

export interface Refused {
  readonly kind: 'refused';
  readonly errCode: number;
  readonly errMsg: string;
  readonly errKind: string;
}
export type Decision =
  | { readonly kind: 'key'; readonly key: StoredKey; readonly account: Account }
  | { readonly kind: 'person'; readonly identity: Identity; readonly account?: Account }
  | Refused;

/** Who a verified token is of. */
export interface Identity {
  readonly personId: string;
  readonly roles: readonly Role[];
  /** When the person signed in, epoch ms: a refreshed token keeps it, so an ended session stays ended. */
  readonly signedInAt: number;
}

/** From where and when, epoch ms. */
export interface Circumstances {
  readonly address: string;
  readonly now: number;
}

/** PixVerse's authentication family is 10001 to 10005; only the meanings of the first and of 10004 are known. */
export const NO_KEY = refused(10004, 'no API key: send it in the API-KEY header or as Authorization: Bearer');
export const UNKNOWN_KEY = refused(10001, 'apiKey is not registered');
export const BAD_TOKEN = refused(
  10001,
  'this token is not valid: it has expired, or is not of this platform; sign in again',
);

export function decideKey(
  key: StoredKey | undefined,
  account: Account | undefined,
  { address, now }: Circumstances,
): Decision {
  if (!key || !account) return UNKNOWN_KEY;
  if (key.state === 'revoked')
    return refused(10002, `this API key was revoked at ${key.revokedAt}; use another of your keys`);
  if (key.state === 'frozen')
    return refused(10002, 'this API key is frozen: sign in and see GET /v1/keys for why and what to do');
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= now)
    return refused(
      10002,
      `this API key expired at ${new Date(key.expiresAtMs).toISOString()}; use another of your keys`,
    );
  if (key.addresses && !key.addresses.some(range => isWithin(address, range)))
    return refused(10003, `this API key may not be used from ${address}; see GET /v1/keys for its address ranges`);
  if (account.keysFrozenAt !== undefined)
    return refused(
      10002,
      `misuse was reported: all keys of this account are frozen since ${account.keysFrozenAt}; its people sign in and call POST /v1/account/keys/unfreeze`,
    );
  if (!allows(account.status, 'use'))
    return refused(400012, `this account is ${account.status}; write to support`, 'account_not_active');
  return { kind: 'key', key, account };
}

export function decidePerson(
  identity: Identity | undefined,
  person: Person | undefined,
  account: Account | undefined,
): Decision {
  if (!identity) return BAD_TOKEN;
  if (person && person.state !== 'active') return refused(10002, 'this person was removed from the account');
  if (identity.signedInAt < Math.max(person?.sessionsEndedAtMs ?? 0, account?.sessionsEndedAtMs ?? 0))
    return refused(10002, 'the sessions of this person were ended; sign in again');
  return { kind: 'person', identity, ...(account && { account }) };
}

/** `range` is an address or a CIDR range; an IPv4 address in IPv6 clothes is what it is. */
export function isWithin(address: string, range: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const found = ipaddr.process(address);
  const [network, bits] = ipaddr.isValidCIDR(range) ? ipaddr.parseCIDR(range) : [ipaddr.process(range), undefined];
  if (found.kind() !== network.kind()) return false;
  return found.match([network, bits ?? (network.kind() === 'ipv4' ? 32 : 128)] as [ipaddr.IPv4, number]);
}

function refused(errCode: number, errMsg: string, errKind = 'key_refused'): Refused {
  return { kind: 'refused', errCode, errMsg, errKind };
}
