/**
 * Whether a presented key or token is accepted, and who calls with it. Pure. A refusal has a message for the caller; that of
 * a key that never was and that of one with a wrong checksum read the same.
 */
import ipaddr from 'ipaddr.js';
import type { Account, Person } from '../accounts/account.ts';
import { allows, describeStatus } from '../catalogue/account-status.ts';
import type { Role } from '../catalogue/permissions.ts';
import type { Principal } from '../http/caller.ts';
import { type StoredKey, spendLimitOf } from './key.ts';

export interface Refused {
  readonly kind: 'refused';
  readonly errCode: number;
  readonly errMsg: string;
  readonly errKind: string;
}
export type Accepted =
  | { readonly kind: 'key'; readonly key: StoredKey; readonly account: Account }
  | { readonly kind: 'person'; readonly identity: Identity; readonly account?: Account };
export type Decision = Accepted | Refused;

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
  if (!allows(account.status, 'use')) return refused(400012, describeStatus(account.status), 'account_not_active');
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

/** Who calls, for the functions behind the authorizer. `keyHash` is that of the key, where one was presented. */
export function principalOf(accepted: Accepted, keyHash = ''): Principal {
  if (accepted.kind === 'person') {
    const { identity, account } = accepted;
    const { personId: id, roles, signedInAt } = identity;
    const own = account && { accountId: account.accountId, plan: account.plan, status: account.status };
    return { kind: 'person', id, roles, signedInAt, accountId: '', plan: '', ...own };
  }
  const { key, account } = accepted;
  const { keyId: id, revision = 0, permissions, functions, models } = key;
  const spendLimit = spendLimitOf(key, keyHash);
  return {
    kind: 'key',
    id,
    accountId: account.accountId,
    status: account.status,
    plan: account.plan,
    keyHash,
    revision,
    ...(spendLimit && { spendLimit }),
    permissions,
    scope: { ...(functions && { functions }), ...(models && { models }) },
  };
}

/** The message where API Gateway requires a usage plan and the account is in none: before its approval, or where there is no account. */
export function noUsagePlan(accepted: Accepted): string | undefined {
  const { account } = accepted;
  if (account?.gatewayKeyValue) return undefined;
  const isStaff = accepted.kind === 'person' && !accepted.identity.roles.includes('developer');
  return isStaff && !account ? 'it is for accounts, and staff have none' : describeStatus(account?.status);
}

/** `range` is an address or a CIDR range; an IPv4 address that is written as IPv6 counts as IPv4. */
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
