/**
 * The audit trail's rules: what was changed or refused, by whom, from where. An event stands in the transaction of the
 * change that it tells of, so there is no change without its event, and no event without its change. Pure.
 */

import type { z } from 'zod';
import type { AuditAction } from '../catalogue/audit-actions.ts';
import type { StreamedItem } from '../data/stream-records.ts';
import type { Caller } from '../http/caller.ts';
import { pageOfPlaces } from '../http/page.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import type { auditEventObject, auditEvents } from './contract.ts';

/** Who did it: a key or a person by its id, or the platform itself by the name of what ran. */
export interface Actor {
  readonly kind: 'key' | 'person' | 'platform';
  readonly id: string;
  readonly address?: string;
  readonly client?: string;
}

/** The caller of a route as the actor of what it does. */
export function actorOf({ kind, id, address, client }: Pick<Caller, 'kind' | 'id' | 'address' | 'client'>): Actor {
  return { kind, id, address, client };
}

export interface AuditEvent {
  readonly eventId: string;
  readonly accountId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly action: AuditAction;
  readonly actorKind: Actor['kind'];
  readonly actorId: string;
  readonly address?: string;
  readonly client?: string;
  /** What it was done to, such as a key's id or a route. */
  readonly subject?: string;
  /** The reason that a person gave, or that a refusal has. */
  readonly reason?: string;
  /** Of a call, the id that it was answered with. */
  readonly requestId?: string;
  /** What changed, in few plain values; never a secret, and never what a customer asked the engine for. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  /** Of an event of an account that was erased: the hash of what it was, which its seal has. */
  readonly erasedHash?: string;
}

export type AuditDetails = Pick<AuditEvent, 'accountId' | 'action' | 'subject' | 'reason' | 'requestId' | 'detail'>;

/** Longest text that is kept of what a caller can write as it likes. */
const LONGEST_CLIENT = 200;

export function auditEvent(
  actor: Actor,
  details: AuditDetails,
  { now, random }: { now: number; random: Random },
): AuditEvent {
  const { kind, id, address, client } = actor;
  return {
    eventId: prefixedId('evt', now, random),
    at: new Date(now).toISOString(),
    actorKind: kind,
    actorId: id,
    ...details,
    ...(address && { address }),
    ...(client && { client: client.slice(0, LONGEST_CLIENT) }),
  };
}

/**
 * The partition of calls that changed nothing and were not refused, and of repeated refusals: apart from the events of their
 * account, which they would drown, and sealed by nobody, as they end by themselves.
 */
const CALLS = 'CALLS#';
export const callsPartition = (ownerId: string): string => `${CALLS}${ownerId}`;

/** The event without its place in the table. */
export function eventOf({ pk: _pk, sk: _sk, expiresAt: _expiresAt, ...event }: Record<string, unknown>): AuditEvent {
  return event as unknown as AuditEvent;
}

/** An event as the table's stream brings it. */
export interface StreamedEvent {
  readonly sequence: bigint;
  readonly event: AuditEvent;
}

/** What is to be sealed, by account, in the order in which it was committed. */
export function eventsByAccount(items: readonly StreamedItem[]): ReadonlyMap<string, readonly StreamedEvent[]> {
  const streamed = items
    .filter(
      ({ change, item: { pk, sk, action } }) =>
        // A use that was written before uses stood apart ends by itself all the same.
        change === 'INSERT' &&
        String(sk).startsWith('EVENT#') &&
        !String(pk).startsWith(CALLS) &&
        action !== 'key.used',
    )
    .map(({ sequence, item }) => ({ sequence, event: eventOf(item) }));
  return Map.groupBy(streamed, ({ event }) => event.accountId);
}

type Shown = z.output<typeof auditEventObject>;

/** A page of events, each as its reader sees it. */
export function eventPage(
  { events, next }: { readonly events: readonly AuditEvent[]; readonly next?: string },
  describe: (event: AuditEvent) => Shown,
): z.output<typeof auditEvents> {
  const last = next ?? events.at(-1)?.eventId;
  return pageOfPlaces(events.map(describe), { first: events[0]?.eventId, last, more: next !== undefined });
}

/** All of it, as operators see it. */
export function describeEvent(event: AuditEvent): Shown {
  return {
    id: event.eventId,
    object: 'audit.event',
    at: event.at,
    action: event.action,
    actor: { kind: event.actorKind, id: event.actorId },
    address: event.address ?? null,
    client: event.client ?? null,
    subject: event.subject ?? null,
    reason: event.reason ?? null,
    detail: { ...(event.requestId !== undefined && { requestId: event.requestId }), ...event.detail },
  };
}

/** As its owner sees it: what staff did and why, and neither which of them nor from where. */
export function describeToOwner(event: AuditEvent): Shown {
  const shown = describeEvent(event);
  if (!event.actorId.startsWith('staff_')) return shown;
  return { ...shown, actor: { kind: 'person', id: 'staff' }, address: null, client: null };
}
