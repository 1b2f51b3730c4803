/** Makes, changes, rotates and ends keys. A replaced key is left to expire: what it may do is its successor's to change. */

import type { z } from 'zod';
import { lastEventAt } from '../audit/audit-store.ts';
import { type Actor, type AuditDetails, auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { pageOfIds } from '../http/page.ts';
import type { Random } from '../runtime/ids.ts';
import { type ActiveKeys, activeKeysAfter } from './active-keys.ts';
import type { listKeys } from './contract.ts';
import { describeKey, type KeyDetails, newKey, type StoredKey, stateOf, successorOf } from './key.ts';
import type { KeyChange, KeySpec } from './key-spec.ts';
import {
  type ChangedFields,
  changeKeys,
  type FoundKey,
  hashIn,
  type KeyTables,
  keyOfAccount,
  keysOfAccount,
  keyWrites,
  newKeyWrites,
  spendLimitKey,
} from './keys-store.ts';

/** Who changes keys, and when (epoch ms). */
export interface KeyContext {
  readonly tables: KeyTables;
  readonly actor: Actor;
  readonly now: number;
  readonly random: Random;
}

/** A key of an account, by its id. */
interface KeyName {
  readonly accountId: string;
  readonly keyId: string;
}

/** The whole key is shown in this response alone. */
export interface IssuedKey {
  readonly apiKey: string;
  readonly key: StoredKey;
}

/** Throws a Refusal where the account may have no new key, or has as many as there may be. */
export async function issueKey(context: KeyContext, accountId: string, spec: KeySpec): Promise<IssuedKey> {
  const { tables, now } = context;
  const { apiKey, hash, key } = newKey(accountId, spec, context);
  const { keyId, name, hint, permissions } = key;
  const detail = { name, hint, permissions: permissions.join(' ') };
  return changeKeys(tables, accountId, async before => ({
    result: { apiKey, key },
    adds: true,
    active: activeKeysAfter(before, { added: { [keyId]: key.expiresAtMs ?? 0 }, newHashes: { [keyId]: hash } }, now),
    writes: newKeyWrites(tables.core, hash, key),
    event: eventBy(context, { accountId, action: 'key.created', subject: keyId, detail }),
  }));
}

export async function changeKey(
  context: KeyContext,
  { accountId, keyId }: KeyName,
  { spendLimit, ...change }: KeyChange,
): Promise<void> {
  const { tables, now } = context;
  await changeKeys(tables, accountId, async before => {
    const key = await changeableKey(context, { accountId, keyId }, before);
    const changed: ChangedFields = {
      ...Object.fromEntries(Object.entries(change).map(([field, value]) => [field, value ?? undefined])),
      // A submission that was accepted before this is refused: it might be beyond what is allowed now.
      revision: (key.revision ?? 0) + 1,
    };
    const limit = spendLimit ? { from: (await spendLimitKey(tables.core, key)).spendLimit, to: spendLimit } : undefined;
    const expires = 'expiresAtMs' in change ? (change.expiresAtMs ?? 0) : undefined;
    const detail = detailOf({ ...change, spendLimit });
    return {
      result: undefined,
      ...(expires !== undefined && { active: activeKeysAfter(before, { added: { [keyId]: expires } }, now) }),
      writes: keyWrites(tables.core, key, changed, limit),
      event: eventBy(context, { accountId, action: 'key.changed', subject: keyId, detail }),
    };
  });
}

/** Makes a key that may do the same; the old one expires after the overlap, or is revoked at once where there is none. */
export async function rotateKey(
  context: KeyContext,
  { accountId, keyId }: KeyName,
  overlapMs: number,
): Promise<IssuedKey> {
  const { tables, now } = context;
  return changeKeys(tables, accountId, async before => {
    const old = await changeableKey(context, { accountId, keyId }, before);
    if (old.state === 'frozen')
      throw new Refusal('wrong_state', `key ${keyId} is frozen: it is rotated once it is not`, 'id');
    const { apiKey, hash, key } = successorOf(old, hashIn(old), context);
    const ends = Math.min(now + overlapMs, old.expiresAtMs ?? Number.POSITIVE_INFINITY);
    const isAtOnce = overlapMs === 0;
    const ended: ChangedFields = isAtOnce
      ? { state: 'revoked', revokedAt: new Date(now).toISOString() }
      : { expiresAtMs: ends };
    const change = {
      added: { [key.keyId]: key.expiresAtMs ?? 0, ...(!isAtOnce && { [keyId]: ends }) },
      newHashes: { [key.keyId]: hash },
      ended: isAtOnce ? [keyId] : [],
    };
    const detail = { newKey: key.keyId, hint: key.hint, overlapSeconds: overlapMs / 1000 };
    return {
      result: { apiKey, key },
      adds: true,
      active: activeKeysAfter(before, change, now),
      writes: {
        ...newKeyWrites(tables.core, hash, key),
        ...keyWrites(tables.core, old, { ...ended, replacedBy: key.keyId }),
      },
      event: eventBy(context, { accountId, action: 'key.rotated', subject: keyId, detail }),
    };
  });
}

interface Ending {
  readonly action: 'key.revoked' | 'key.reported_leaked';
  /** In the words of who ends it. */
  readonly reason?: string | undefined;
}

/**
 * Ends a key, at once and for good: from the commit on, no submission with it is admitted. Returns the key as it is
 * then; throws a Refusal where the account has no such key. A key that was revoked keeps the first time, and revoking it
 * again changes nothing; a report that it leaked is recorded each time.
 */
export async function endKey(
  context: KeyContext,
  { accountId, keyId }: KeyName,
  { action, reason }: Ending,
): Promise<StoredKey> {
  const { tables, now } = context;
  return changeKeys(tables, accountId, async before => {
    const found = await keyOfAccount(tables.core, accountId, keyId, before);
    if (!found) throw noSuchKey(keyId);
    const { pk: _pk, ...key } = found;
    const isLeak = action === 'key.reported_leaked';
    const lives = key.state !== 'revoked';
    if (!lives && !isLeak) return { result: key };
    const at = new Date(now).toISOString();
    const changed = {
      ...(lives && { state: 'revoked' as const, revokedAt: at }),
      ...(isLeak && { leakReportedAt: key.leakReportedAt ?? at }),
    };
    return {
      result: { ...key, ...changed },
      ...(lives && { active: activeKeysAfter(before, { ended: [keyId] }, now) }),
      writes: keyWrites(tables.core, found, changed),
      event: eventBy(context, { accountId, action, subject: keyId, ...(reason !== undefined && { reason }) }),
    };
  });
}

/** Reads what of a key is stored elsewhere: two reads at most, and one where `holder`, the key that holds the limit, is at hand. */
export async function keyDetails({ core, audit }: KeyTables, key: StoredKey, holder?: StoredKey): Promise<KeyDetails> {
  const { accountId, keyId: actorId } = key;
  const [limit, lastUsedAt] = await Promise.all([
    holder ?? spendLimitKey(core, key),
    lastEventAt(audit, { accountId, actorId }),
  ]);
  return { limit, lastUsedAt };
}

/** A page of an account's keys, newest first, each with what is stored of it elsewhere. */
export async function keysPage(
  tables: KeyTables,
  accountId: string,
  page: { after?: string | undefined; limit: number },
  now: number,
): Promise<z.output<typeof listKeys.output>> {
  const { keys, more } = await keysOfAccount(tables.core, accountId, page);
  const onPage = new Map(keys.map(key => [hashIn(key), key]));
  const data = await Promise.all(
    keys.map(async key => {
      const holder = key.spendsFrom === undefined ? key : onPage.get(key.spendsFrom);
      return describeKey(key, await keyDetails(tables, key, holder), now);
    }),
  );
  return pageOfIds(data, more);
}

export function noSuchKey(keyId: string): Refusal {
  return new Refusal('not_found', `there is no key ${keyId} in this account`, 'id');
}

/** The key that is to be changed; throws a Refusal where there is none or it is past changing. */
async function changeableKey(
  { tables, now }: KeyContext,
  { accountId, keyId }: KeyName,
  active: ActiveKeys,
): Promise<FoundKey> {
  const key = await keyOfAccount(tables.core, accountId, keyId, active);
  if (!key) throw noSuchKey(keyId);
  const state = stateOf(key, now);
  if (state === 'revoked' || state === 'expired')
    throw new Refusal('wrong_state', `key ${keyId} is ${state}, for good: make another with POST /v1/keys`, 'id');
  if (key.replacedBy)
    throw new Refusal('wrong_state', `key ${keyId} was replaced: change ${key.replacedBy}, or revoke this one`, 'id');
  return key;
}

const eventBy = ({ actor, now, random }: KeyContext, details: AuditDetails) =>
  auditEvent(actor, details, { now, random });

/** What changed, for the audit event. */
function detailOf(change: Readonly<Record<string, unknown>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(change).flatMap(([field, value]) => {
      if (value === undefined) return [];
      return [[field, Array.isArray(value) ? value.join(' ') : typeof value === 'number' ? value : String(value)]];
    }),
  );
}
