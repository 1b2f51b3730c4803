/**
 * The chain of seals. Events of an account are sealed in blocks, in the order in which they were committed; a seal has the
 * hash of each of its events and of the seal before it. Whoever takes away, changes or slips in an event breaks the
 * chain from there on. Events that end by themselves (uses that changed nothing) are not sealed. Of an account that was
 * erased an event keeps what was done and when, and the hash of what it was: the chain holds, and says nothing of anybody.
 * Such an event is good in a chain alone that says itself, sealed and whole, that its account was erased. Pure.
 */
import { createHash } from 'node:crypto';
import type { AuditEvent } from './event.ts';

export interface Seal {
  readonly accountId: string;
  /** From 1, without a gap. */
  readonly number: number;
  /** The hash of the seal before; 64 zeros for the first. */
  readonly previous: string;
  /** Ids and hashes of what it seals. */
  readonly events: readonly SealedEvent[];
  /** ISO 8601. */
  readonly sealedAt: string;
  readonly hash: string;
}

export interface SealedEvent {
  readonly eventId: string;
  readonly hash: string;
}

export const NO_SEAL_BEFORE = '0'.repeat(64);

/** The seal of these events after the seal `before`. */
export function sealOf(
  before: Pick<Seal, 'number' | 'hash'> | undefined,
  accountId: string,
  events: readonly AuditEvent[],
  sealedAt: string,
): Seal {
  const unhashed = {
    accountId,
    number: (before?.number ?? 0) + 1,
    previous: before?.hash ?? NO_SEAL_BEFORE,
    events: events.map(event => ({ eventId: event.eventId, hash: hashOfEvent(event) })),
    sealedAt,
  };
  return { ...unhashed, hash: hashOfSeal(unhashed) };
}

/** SHA-256 of the event's members in the order of their names, so that storage may give them in any. */
export function hashOfEvent(event: AuditEvent): string {
  return sha256(canonical(event));
}

/** What stays of an event of an account that was erased. Staff answer for what they did; whoever else did it is erased. */
export function erasedEvent(event: AuditEvent): AuditEvent {
  const { eventId, accountId, at, action, actorKind, actorId, erasedHash = hashOfEvent(event) } = event;
  const isOwn = actorKind !== 'platform' && !actorId.startsWith('staff_');
  return { eventId, accountId, at, action, actorKind, actorId: isOwn ? 'erased' : actorId, erasedHash };
}

export type Fault =
  | { readonly kind: 'seal_missing'; readonly number: number }
  | { readonly kind: 'seal_changed'; readonly number: number }
  | { readonly kind: 'link_broken'; readonly number: number }
  | { readonly kind: 'event_changed'; readonly eventId: string }
  | { readonly kind: 'event_missing'; readonly eventId: string }
  | { readonly kind: 'event_unsealed'; readonly eventId: string }
  /** It was reduced, and the chain does not say that its account was erased. */
  | { readonly kind: 'event_erased'; readonly eventId: string };

/** Milliseconds after which an event that is in no seal is a fault: the stream is behind by seconds. */
export const SEALED_WITHIN_MS = 5 * 60_000;

/** What is wrong with an account's trail; empty where nothing is. Seals in the order of their numbers. `now` is epoch ms. */
export function faultsOf(seals: readonly Seal[], events: readonly AuditEvent[], now: number): Fault[] {
  const faults: Fault[] = [];
  const sealed = new Map<string, string>();
  let before: Pick<Seal, 'number' | 'hash'> = { number: 0, hash: NO_SEAL_BEFORE };
  for (const seal of seals) {
    for (let number = before.number + 1; number < seal.number; number++) faults.push({ kind: 'seal_missing', number });
    if (hashOfSeal(seal) !== seal.hash) faults.push({ kind: 'seal_changed', number: seal.number });
    if (seal.previous !== before.hash) faults.push({ kind: 'link_broken', number: seal.number });
    for (const { eventId, hash } of seal.events) sealed.set(eventId, hash);
    before = seal;
  }
  const isErased = events.some(event => event.action === 'account.erased' && isWhole(event, sealed));
  for (const event of events) {
    const { eventId, erasedHash } = event;
    if (erasedHash !== undefined && !isErased) faults.push({ kind: 'event_erased', eventId });
    const hash = sealed.get(eventId);
    if (hash === undefined) {
      if (Date.parse(event.at) < now - SEALED_WITHIN_MS) faults.push({ kind: 'event_unsealed', eventId });
    } else if (hash !== (erasedHash ?? hashOfEvent(event))) {
      faults.push({ kind: 'event_changed', eventId });
    }
    sealed.delete(eventId);
  }
  const missing = [...sealed.keys()].map(eventId => ({ kind: 'event_missing' as const, eventId }));
  return [...faults, ...missing];
}

/** Whether it is sealed as it stands. */
function isWhole(event: AuditEvent, sealed: ReadonlyMap<string, string>): boolean {
  return event.erasedHash === undefined && sealed.get(event.eventId) === hashOfEvent(event);
}

function hashOfSeal({ accountId, number, previous, events, sealedAt }: Omit<Seal, 'hash'>): string {
  return sha256(canonical({ accountId, number, previous, events, sealedAt }));
}

/** JSON with the members of every object sorted by name. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, held) =>
    held !== null && typeof held === 'object' && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
