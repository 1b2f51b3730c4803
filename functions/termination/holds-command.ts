/**
 * Operators place legal holds and lift them. A hold that is answered keeps what it names from then on: for its owner, for a
 * purge, and by a lock in S3 where it names an object. A purge that waited for the last of them goes on by itself.
 */
import type { AccountDependencies } from '../accounts/account-changes-store.ts';
import { findAccount } from '../accounts/accounts-store.ts';
import { findHold, type Hold, holdsOf, liftWrite, placeWrite } from '../accounts/holds-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { actorOf, auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { type HoldKind, isOver } from '../catalogue/terminations.ts';
import { type NamedWrites, RETRY, transact } from '../data/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { prefixedId } from '../runtime/ids.ts';
import { keptBy, objectsOf, rowOf } from './hold.ts';
import { numberOf } from './holds-contract.ts';
import { lockVersions, type VersionPlace, versionsUnder } from './objects-client.ts';
import { rowExists } from './rows-store.ts';
import { findTermination, reviseWrite } from './terminations-store.ts';

export interface HoldDependencies extends AccountDependencies {
  readonly tables: { readonly core: string; readonly jobs: string; readonly audit: string };
  readonly buckets: Readonly<Record<'media' | 'documents', string>>;
}

interface Placing {
  readonly id: string;
  readonly kind: HoldKind;
  readonly target_id?: string | undefined;
  readonly reason: string;
}

/** Throws a Refusal where there is no such account any more, or not what the hold names. */
export async function placeHold(dependencies: HoldDependencies, caller: Caller, placing: Placing): Promise<Hold> {
  const { tables, now, random } = dependencies;
  const { id: accountId, kind, target_id: target, reason } = placing;
  const targetId = target === undefined ? undefined : numberOf(kind, target);
  const at = now();
  const hold: Hold = {
    holdId: prefixedId('hold', at, random),
    accountId,
    kind,
    ...(targetId !== undefined && { targetId }),
    reason,
    placedBy: caller.id,
    placedAt: new Date(at).toISOString(),
  };
  await transact<undefined>(async () => {
    const termination = await findTermination(tables.core, accountId);
    const isOpen = termination !== undefined && !isOver(termination.state);
    if (!isOpen && !(await findAccount(tables.core, accountId)))
      throw new Refusal('not_found', 'there is no such account', 'id');
    const row = rowOf(hold);
    const key = row && {
      table: tables[row.table],
      pk: row.table === 'jobs' ? accountId : `ACCOUNT#${accountId}`,
      sk: row.sk,
    };
    if (key && !(await rowExists(key))) {
      throw new Refusal('not_found', `there is no such ${kind} in this account, or it is deleted`, 'target_id');
    }
    const details = {
      accountId,
      action: 'hold.placed',
      subject: hold.holdId,
      reason,
      detail: { kind, target: targetId ?? '' },
    } as const;
    const event = auditEvent(actorOf(caller), details, { now: at, random });
    return {
      result: undefined,
      writes: {
        hold: placeWrite(tables.core, hold),
        ...revised(tables.core, termination, isOpen, { now: now(), isFreed: false }),
        event: auditWrite(tables.audit, event),
      },
      // A page of a purge is under way, or has been since it was read: then it is looked at again.
      refused: () => RETRY,
    };
  });
  await lock(dependencies, hold, 'ON');
  return hold;
}

/** Lifted twice it is lifted once. */
export async function liftHold(
  dependencies: HoldDependencies,
  caller: Caller,
  { id: accountId, hold_id: holdId, reason }: { id: string; hold_id: string; reason: string },
): Promise<Hold> {
  const { tables, now, random } = dependencies;
  const at = new Date(now()).toISOString();
  const lifted = await transact<Hold>(async () => {
    const hold = await findHold(tables.core, accountId, holdId);
    if (!hold) throw new Refusal('not_found', 'there is no such hold on this account', 'hold_id');
    if (hold.liftedAt !== undefined) return { result: hold };
    const termination = await findTermination(tables.core, accountId);
    const details = { accountId, action: 'hold.lifted', subject: holdId, reason } as const;
    const event = auditEvent(actorOf(caller), details, { now: now(), random });
    const isOpen = termination !== undefined && !isOver(termination.state);
    return {
      result: { ...hold, liftedBy: caller.id, liftedAt: at },
      writes: {
        hold: liftWrite(tables.core, hold, { by: caller.id, at }),
        // Where others keep more it goes on all the same, with what this one kept, and waits for them again.
        ...revised(tables.core, termination, isOpen, { now: now(), isFreed: true }),
        event: auditWrite(tables.audit, event),
      },
      refused: () => RETRY,
    };
  });
  await lock(dependencies, lifted, 'OFF');
  return lifted;
}

function revised(
  table: string,
  termination: Parameters<typeof reviseWrite>[1] | undefined,
  isOpen: boolean,
  how: { now: number; isFreed: boolean },
): NamedWrites {
  return termination && isOpen ? { termination: reviseWrite(table, termination, how) } : {};
}

/**
 * Locks every version of what the hold names, or lets go of those that no other hold keeps. One of all the account locks
 * nothing, since it may have more than a call can lock, and what is made later would not be: nothing of it is deleted as long
 * as it stands, and the night takes the tags by which rules of the bucket would, days before they do.
 */
async function lock({ tables, buckets }: HoldDependencies, hold: Hold, status: 'ON' | 'OFF'): Promise<void> {
  const objects = objectsOf(hold);
  if (!objects) return;
  const kept = keptBy(status === 'OFF' ? await holdsOf(tables.core, hold.accountId) : []);
  const { liftedAt: _, ...standing } = hold;
  const own = keptBy([standing]);
  let after: VersionPlace | undefined;
  do {
    const { versions, next } = await versionsUnder(buckets[objects.bucketClass], objects.key, after);
    // What another one's key begins with is not its key.
    const named = versions.filter(({ key }) => own.object(objects.bucketClass, key));
    await lockVersions(
      buckets[objects.bucketClass],
      named.filter(({ key }) => status === 'ON' || !kept.object(objects.bucketClass, key)),
      status,
    );
    after = next;
  } while (after);
}
