/**
 * An API key: as it is stored, as it is made, and as the API shows it. The secret is never stored, only its hash, by which
 * it is found, and it is shown only in the response that makes the key. A key that is rotated keeps its rotation lineage:
 * old and new key share one spend limit, which the first key of the lineage holds. Pure.
 */
import type { z } from 'zod';
import type { Permission } from '../catalogue/permissions.ts';
import type { UsageCount } from '../credits/usage-count.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import { hashKey, hintOf, mintKey } from './api-key.ts';
import type { KeySpec } from './key-spec.ts';
import type { keyObject, leakReport as leakReportObject } from './object-contract.ts';

/** What a key is narrowed to, beyond its permissions. Absent members narrow nothing. */
export interface KeyScope {
  /** Functions and models that it may start. */
  readonly functions?: readonly string[];
  readonly models?: readonly string[];
  /** Addresses and ranges from which it is accepted, such as `203.0.113.0/24`. */
  readonly addresses?: readonly string[];
}

export interface StoredKey extends KeyScope {
  readonly keyId: string;
  readonly accountId: string;
  readonly name: string;
  readonly state: 'active' | 'frozen' | 'revoked';
  readonly permissions: readonly Permission[];
  /** What of the key may be shown. */
  readonly hint: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly revokedAt?: string;
  /** Epoch ms; the key is not accepted from then on. */
  readonly expiresAtMs?: number;
  /** Credits that it may spend in all; a limit stays once it is set, and can be raised or lowered. */
  readonly spendLimit?: number;
  /** What is left of the limit, kept by the transactions of admission and settlement; below zero where a limit was lowered. */
  readonly spendable?: number;
  /**
   * Of a key that came by rotation: the hash of the first key of its lineage, which holds the limit of all of them. What a
   * job of any of them gives back goes there.
   */
  readonly spendsFrom?: string;
  /** The keys before and after it in a rotation, by their ids. */
  readonly replaces?: string;
  readonly replacedBy?: string;
  readonly leakReportedAt?: string;
  /** Of a key that is frozen as its use was unusual. */
  readonly suspension?: Suspension;
  /** Raised by each change of what it may do: an admission that began before the change is refused. */
  readonly revision?: number;
}

/** Why a key was stopped, until a person undoes it. */
export interface Suspension {
  /** The case of it. */
  readonly caseId: string;
  /** ISO 8601. */
  readonly at: string;
  /** What was seen and what to do, in words that the owner reads. */
  readonly reason: string;
  readonly advice: string;
  readonly ownerMayUndo: boolean;
}

export type KeyState = StoredKey['state'] | 'expired';

/** Its state at `now` (epoch ms): a key expires without anybody writing it. */
export function stateOf({ state, expiresAtMs }: Pick<StoredKey, 'state' | 'expiresAtMs'>, now: number): KeyState {
  if (state === 'revoked' || expiresAtMs === undefined || expiresAtMs > now) return state;
  return 'expired';
}

/** The hash of the key that holds its spend limit, itself or the first of its lineage; undefined where it has none. */
export function spendLimitOf(
  { spendLimit, spendable, spendsFrom }: StoredKey,
  keyHash: string,
): { keyHash: string } | undefined {
  if (spendsFrom !== undefined) return { keyHash: spendsFrom };
  return spendLimit === undefined && spendable === undefined ? undefined : { keyHash };
}

export interface NewKey {
  /** The whole key, which is nowhere else. */
  readonly apiKey: string;
  readonly hash: string;
  readonly key: StoredKey;
}

export function newKey(
  accountId: string,
  { spendLimit, ...spec }: KeySpec,
  { now, random }: { now: number; random: Random },
): NewKey {
  const apiKey = mintKey(random);
  const key: StoredKey = {
    ...spec,
    accountId,
    keyId: prefixedId('key', now, random),
    state: 'active',
    hint: hintOf(apiKey),
    ...(spendLimit !== undefined && { spendLimit, spendable: spendLimit }),
    createdAt: new Date(now).toISOString(),
    revision: 1,
  };
  return { apiKey, hash: hashKey(apiKey), key };
}

/** Longest and usual time in which both keys of a rotation are accepted. */
export const OVERLAP_SECONDS = 24 * 3600;

/** A key that may do what `old` may, expires when it would have, and draws on the same spend limit. */
export function successorOf(old: StoredKey, oldHash: string, at: { now: number; random: Random }): NewKey {
  const { accountId, name, permissions, functions, models, addresses, expiresAtMs } = old;
  const spec = {
    name,
    permissions,
    ...(functions && { functions }),
    ...(models && { models }),
    ...(addresses && { addresses }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
  };
  const made = newKey(accountId, spec, at);
  const limit = spendLimitOf(old, oldHash);
  return { ...made, key: { ...made.key, replaces: old.keyId, ...(limit && { spendsFrom: limit.keyHash }) } };
}

/** What of a key is stored elsewhere: the limit, where the first key of its lineage holds it, and its last call in the audit trail. */
export interface KeyDetails {
  readonly limit: Pick<StoredKey, 'spendLimit' | 'spendable'>;
  /** ISO 8601. */
  readonly lastUsedAt?: string | undefined;
}

type Shown = z.output<typeof keyObject>;

export function describeKey(
  key: StoredKey,
  { limit: { spendLimit, spendable }, lastUsedAt }: KeyDetails,
  now: number,
): Shown {
  const isLimited = spendLimit !== undefined && spendable !== undefined;
  return {
    id: key.keyId,
    object: 'key',
    name: key.name,
    state: stateOf(key, now),
    hint: key.hint,
    permissions: [...key.permissions],
    functions: listOf(key.functions),
    models: listOf(key.models),
    addresses: listOf(key.addresses),
    spend_limit: spendLimit ?? null,
    spent: isLimited ? spendLimit - spendable : null,
    // A limit that was lowered below what was spent leaves nothing, not less.
    spendable: isLimited ? Math.max(0, spendable) : null,
    created_at: key.createdAt,
    expires_at: key.expiresAtMs === undefined ? null : new Date(key.expiresAtMs).toISOString(),
    revoked_at: key.revokedAt ?? null,
    last_used_at: lastUsedAt ?? null,
    replaces: key.replaces ?? null,
    replaced_by: key.replacedBy ?? null,
    frozen_reason: key.suspension ? suspensionInWords(key.suspension) : null,
  };
}

/** What its owner reads. */
function suspensionInWords({ caseId, at, reason, advice, ownerMayUndo }: Suspension): string {
  const undo = ownerMayUndo
    ? 'POST /v1/keys/{id}/unfreeze makes it active again'
    : 'only a person of ours makes it active again';
  return `since ${at}: ${reason}. ${advice} Case ${caseId}: ${undo}.`;
}

function listOf(names: readonly string[] | undefined): string[] | null {
  return names ? [...names] : null;
}

type LeakReport = z.output<typeof leakReportObject>;

/** What was done with a key that others may have had, from the counts of usage. */
export function leakReport(
  baseUrl: string,
  key: Shown,
  { counts, from, to, complete }: { counts: readonly UsageCount[]; from: string; to: string; complete: boolean },
): LeakReport {
  const made = Map.groupBy(counts, ({ function: name, model }) => JSON.stringify([name, model]));
  return {
    object: 'key.leak_report',
    key,
    counted_from: from,
    counted_to: to,
    complete,
    total: sum(counts),
    by_function: [...made.values()].map(of => ({
      function: of[0]?.function ?? '',
      model: of[0]?.model ?? '',
      ...sum(of),
    })),
    activity: `${baseUrl}/v1/keys/${key.id}/activity`,
  };
}

function sum(counts: readonly UsageCount[]): LeakReport['total'] {
  const all = (member: 'started' | 'succeeded' | 'failed' | 'cancelled' | 'rejected' | 'charged' | 'released') =>
    counts.reduce((total, count) => total + (count[member] ?? 0), 0);
  return {
    started: all('started'),
    succeeded: all('succeeded'),
    failed: all('failed'),
    cancelled: all('cancelled'),
    rejected: all('rejected'),
    credits_charged: all('charged'),
    credits_released: all('released'),
  };
}
