import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anchorOf,
  type ChainHead,
  endFaultsOf,
  headObjectKey,
  readAnchor,
  signingKeyOf,
} from '../../functions/audit/anchor.ts';
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

describe('the head of a trail, kept outside its table', () => {
  const headAt = (seals: readonly Seal[], number = seals.length): ChainHead => {
    const { hash } = seals[number - 1] as Seal;
    return { number, hash };
  };

  it('shows that the newest seals were taken away, or all of them, with their events and whatever head the table has', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (given, pick) => {
        const { seals, events } = trail(given);
        const anchor = headAt(seals);
        expect(endFaultsOf(seals, { head: anchor, anchor }, LATER)).toEqual([]);
        const kept = pick % seals.length;
        const left = seals.slice(0, kept);
        const sealed = new Set(left.flatMap(seal => seal.events.map(({ eventId }) => eventId)));
        // The chain alone shows nothing of it.
        expect(
          faultsOf(
            left,
            events.filter(({ eventId }) => sealed.has(eventId)),
            LATER,
          ),
        ).toEqual([]);
        for (const head of [undefined, anchor, ...(kept > 0 ? [headAt(left)] : [])]) {
          const missing = endFaultsOf(left, { head, anchor }, LATER).filter(({ kind }) => kind === 'seal_missing');
          expect(missing.map(({ number }) => number)).toEqual(seals.slice(kept).map(({ number }) => number));
        }
      }),
    );
  });

  it('shows a chain that was made anew from some seal on', () => {
    const { seals } = trail([2, 1, 3]);
    const [first, second] = seals as [Seal, Seal];
    const anew = sealOf(first, 'acct_1', [eventOf(77)], second.sealedAt);
    const last = sealOf(anew, 'acct_1', [eventOf(78)], second.sealedAt);
    const forged = [first, anew, last];
    const ends = { head: headAt(forged), anchor: headAt(seals) };
    expect(endFaultsOf(forged, ends, LATER)).toEqual([{ kind: 'anchor_differs', number: 3 }]);
  });

  it('may be behind the seals for minutes, and no longer', () => {
    const { seals } = trail([1, 1]);
    const behind = { head: headAt(seals), anchor: headAt(seals, 1) };
    expect(endFaultsOf(seals, behind, AT + SEALED_WITHIN_MS)).toEqual([]);
    expect(endFaultsOf(seals, behind, LATER)).toEqual([{ kind: 'seal_unanchored', number: 2 }]);
    const stale = { head: headAt(seals, 1), anchor: headAt(seals) };
    expect(endFaultsOf(seals, stale, LATER)).toEqual([{ kind: 'head_differs', number: 1 }]);
  });

  it('counts where the key of the stage signed it for this account, and for no other text, account or key', () => {
    const key = signingKeyOf('a seed of the stage');
    const head = headAt(trail([1]).seals);
    const anchor = anchorOf('acct_1', head, '2026-11-24T12:00:01.000Z', key);
    const text = JSON.stringify(anchor);
    expect(readAnchor(text, 'acct_1', key.publicKey)).toEqual(anchor);
    expect(readAnchor(text, 'acct_2', key.publicKey)).toBeUndefined();
    expect(readAnchor(text, 'acct_1', signingKeyOf('another').publicKey)).toBeUndefined();
    for (const forged of [{ ...anchor, number: 9 }, { ...anchor, hash: 'f'.repeat(64) }, {}, undefined, 'no JSON']) {
      const given = typeof forged === 'string' ? forged : String(JSON.stringify(forged));
      expect(readAnchor(given, 'acct_1', key.publicKey)).toBeUndefined();
    }
  });

  it('is listed before every head of before it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), (a, b) => {
        fc.pre(a < b);
        expect(headObjectKey('acct_1', b) < headObjectKey('acct_1', a)).toBe(true);
      }),
    );
  });
});
