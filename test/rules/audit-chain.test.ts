import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fault, faultsOf, SEALED_WITHIN_MS, type Seal, sealOf } from '../../functions/audit/chain.ts';
import { type AuditEvent, auditEvent } from '../../functions/audit/event.ts';

const AT = Date.parse('2026-11-24T12:00:00Z');
const LATER = AT + 2 * SEALED_WITHIN_MS;

const eventOf = (number: number): AuditEvent => ({
  ...auditEvent(
    { kind: 'person', id: 'user_1', address: '203.0.113.7' },
    { accountId: 'acct_1', action: 'key.revoked', subject: `key_${number}`, detail: { number, leaked: true } },
    { now: AT, random: bytes => new Uint8Array(bytes).fill(number % 248) },
  ),
  eventId: `evt_${String(number).padStart(6, '0')}`,
});

/** Seals over so many events each. */
function trail(sizes: readonly number[]): { seals: Seal[]; events: AuditEvent[] } {
  const seals: Seal[] = [];
  const events: AuditEvent[] = [];
  for (const size of sizes) {
    const fresh = Array.from({ length: size }, (_, index) => eventOf(events.length + index));
    events.push(...fresh);
    seals.push(sealOf(seals.at(-1), 'acct_1', fresh, '2026-11-24T12:00:01.000Z'));
  }
  return { seals, events };
}

const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 });
const kinds = (faults: readonly Fault[]) => new Set(faults.map(({ kind }) => kind));

describe('a trail', () => {
  it('that nobody touched is without a fault, in whatever order storage gives members and events', () => {
    fc.assert(
      fc.property(sizes, given => {
        const { seals, events } = trail(given);
        const shuffled = events
          .toReversed()
          .map(event => Object.fromEntries(Object.entries(event).reverse()) as unknown as AuditEvent);
        expect(faultsOf(seals, shuffled, LATER)).toEqual([]);
      }),
    );
  });

  it('shows each event that was taken away, changed or slipped in', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (given, pick) => {
        const { seals, events } = trail(given);
        const index = pick % events.length;
        const { eventId } = events[index] as AuditEvent;
        const others = events.toSpliced(index, 1);
        expect(faultsOf(seals, others, LATER)).toEqual([{ kind: 'event_missing', eventId }]);
        const changed = { ...(events[index] as AuditEvent), actorId: 'user_2' };
        expect(faultsOf(seals, [...others, changed], LATER)).toEqual([{ kind: 'event_changed', eventId }]);
        const stranger = eventOf(events.length);
        expect(faultsOf(seals, [...events, stranger], LATER)).toEqual([
          { kind: 'event_unsealed', eventId: stranger.eventId },
        ]);
      }),
    );
  });

  it('shows a seal that was taken away, changed, or made anew for other events', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 8 }), fc.nat(), (given, pick) => {
        const { seals, events } = trail(given);
        const index = pick % (seals.length - 1);
        const seal = seals[index] as Seal;
        expect(kinds(faultsOf(seals.toSpliced(index, 1), events, LATER))).toContain('link_broken');
        const backdated = { ...seal, sealedAt: '2026-11-23T00:00:00.000Z' };
        expect(kinds(faultsOf(seals.with(index, backdated), events, LATER))).toContain('seal_changed');
        // Whoever makes a seal anew gives it another hash, and the next one names the old.
        const anew = sealOf({ number: seal.number - 1, hash: seal.previous }, 'acct_1', [eventOf(99)], seal.sealedAt);
        expect(kinds(faultsOf(seals.with(index, anew), events, LATER))).toContain('link_broken');
      }),
    );
  });

  it('gives the stream minutes to seal what was just written', () => {
    const { seals, events } = trail([2]);
    const fresh = eventOf(50);
    expect(faultsOf(seals, [...events, fresh], AT + SEALED_WITHIN_MS - 1)).toEqual([]);
    expect(faultsOf(seals, [...events, fresh], AT + SEALED_WITHIN_MS + 1)).toHaveLength(1);
  });
});
