/**
 * Changes of an account's keys: each is one transaction of the key, the ring of living keys where that changes, and the
 * audit event. What is decided on was read just before; where it has changed since, it is read and decided again.
 */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import { ACCOUNT_STATUSES, allows } from '../catalogue/account-status.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { CONTENTION_RETRIES as CONFLICT_RETRIES, contentionPause as conflictPause } from '../data/contention.ts';
import { accountKey, keyKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { Random } from '../runtime/ids.ts';
import type { StoredKey } from './key.ts';
import { type KeyRing, keyRingKey } from './key-ring.ts';
import { findKeyRing } from './keys-store.ts';

export interface KeyTables {
  readonly core: string;
  readonly audit: string;
}

/** What one change writes; nothing where it has no event. */
export interface Decided<Result> {
  readonly result: Result;
  readonly event?: AuditEvent;
  readonly writes?: readonly TransactWrite[];
  /** The ring after it, where it changes. */
  readonly ring?: KeyRing;
  /** Whether the account must be one that may have keys. */
  readonly adds?: boolean;
}

/** Decides and commits; throws what `decide` throws, and then nothing is written. Another change, or a submission with the key, may be in the way. */
export async function commitKeyChange<Result>(
  tables: KeyTables,
  accountId: string,
  { pause, random }: { pause: (ms: number) => Promise<void>; random: Random },
  decide: (ring: KeyRing) => Promise<Decided<Result>>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    const before = await findKeyRing(tables.core, accountId);
    const { result, event, writes = [], ring, adds = false } = await decide(before);
    if (!event) return result;
    const account = adds ? [accountCheck(tables.core, accountId)] : [];
    const rings = ring ? [ringWrite(tables.core, accountId, before, ring)] : [];
    const all = [...account, ...rings, ...writes, auditWrite(tables.audit, event)];
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: all }));
      return result;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      if (adds && error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed')
        throw new Refusal('account_not_active', 'this account may have no new keys: it is not active');
      if (tries > CONFLICT_RETRIES)
        throw new Refusal('busy', 'the keys of this account are being changed; retry in a moment');
      await pause(conflictPause(tries, random));
    }
  }
}

export function keyWrite(table: string, keyHash: string, key: StoredKey): TransactWrite {
  const Item = { ...keyKey(keyHash), ...key };
  return { Put: { TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** Members of a key that change; an undefined one is taken away. */
export type Changed = { readonly [Member in keyof StoredKey]?: StoredKey[Member] | undefined };

/** A spend limit that moves: what was spent of it stays spent. */
export interface MovedLimit {
  readonly from: number | undefined;
  readonly to: number;
}

/** Changes a key that is still as it was read: of the same revision, state and successor. */
export function keyUpdate(
  table: string,
  keyHash: string,
  seen: StoredKey,
  changed: Changed,
  limit?: MovedLimit,
): TransactWrite {
  const members = Object.entries(changed);
  const set = members.flatMap(([, value], index) => (value === undefined ? [] : [`#member${index} = :value${index}`]));
  const removed = members.flatMap(([, value], index) => (value === undefined ? [`#member${index}`] : []));
  const sets = [...set, ...(limit ? [MOVED] : [])];
  return {
    Update: {
      TableName: table,
      Key: keyKey(keyHash),
      UpdateExpression: [
        ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
        ...(removed.length > 0 ? [`REMOVE ${removed.join(', ')}`] : []),
      ].join(' '),
      ConditionExpression: [
        '#state = :state',
        unchanged('revision', seen.revision),
        unchanged('replacedBy', seen.replacedBy),
        ...(limit ? [unchanged('spendLimit', limit.from)] : []),
      ].join(' AND '),
      ExpressionAttributeNames: {
        '#state': 'state',
        ...Object.fromEntries(members.map(([member], index) => [`#member${index}`, member])),
      },
      ExpressionAttributeValues: {
        ':state': seen.state,
        ...(seen.revision !== undefined && { ':revision': seen.revision }),
        ...(seen.replacedBy !== undefined && { ':replacedBy': seen.replacedBy }),
        ...(limit && movedValues(limit)),
        ...Object.fromEntries(
          members.flatMap(([, value], index) => (value === undefined ? [] : [[`:value${index}`, value]])),
        ),
      },
    },
  };
}

/** Moves the limit of a line of keys, where its first one has it. */
export function limitUpdate(table: string, keyHash: string, limit: MovedLimit): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: keyKey(keyHash),
      UpdateExpression: `SET ${MOVED}`,
      ConditionExpression: unchanged('spendLimit', limit.from),
      ExpressionAttributeValues: movedValues(limit),
    },
  };
}

const MOVED = 'spendLimit = :limit, spendable = if_not_exists(spendable, :none) + :more';

function movedValues({ from, to }: MovedLimit): Record<string, number> {
  return { ':limit': to, ':none': 0, ':more': to - (from ?? 0), ...(from !== undefined && { ':spendLimit': from }) };
}

function unchanged(member: string, seen: unknown): string {
  return seen === undefined ? `attribute_not_exists(${member})` : `${member} = :${member}`;
}

/** The statuses in which an account may have new keys. */
const MAY_HAVE_KEYS = ACCOUNT_STATUSES.filter(status => allows(status, 'keys'));

function accountCheck(table: string, accountId: string): TransactWrite {
  const statuses = Object.fromEntries(MAY_HAVE_KEYS.map((status, index) => [`:status${index}`, status]));
  return {
    ConditionCheck: {
      TableName: table,
      Key: accountKey(accountId),
      ConditionExpression: `#status IN (${Object.keys(statuses).join(', ')})`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: statuses,
    },
  };
}

function ringWrite(table: string, accountId: string, before: KeyRing, after: KeyRing): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...keyRingKey(accountId), ...after },
      ConditionExpression: before.revision === 0 ? 'attribute_not_exists(pk)' : 'revision = :revision',
      ...(before.revision > 0 && { ExpressionAttributeValues: { ':revision': before.revision } }),
    },
  };
}
