/** The table of terminations, its moves in time, what holds keep, what is settled, and the chain of an account that is erased. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hold } from '../../functions/accounts/holds-store.ts';
import { erasedEvent, faultsOf, hashOfEvent, sealOf } from '../../functions/audit/chain.ts';
import type { AuditEvent } from '../../functions/audit/event.ts';
import {
  CAUSES,
  DRIVEN_STATES,
  HOLD_KINDS,
  isOver,
  LAST_PASS_MS,
  TERMINATION_CAUSES,
  TERMINATION_STATES,
  TERMINATION_TABLE,
  type TerminationState,
  terminationPriors,
} from '../../functions/catalogue/terminations.ts';
import { availableBy, grant, hold as holdEntry, purchase, settle } from '../../functions/credits/ledger.ts';
import { deferredOf, LotFold, leftOf, NO_LOTS } from '../../functions/credits/lots.ts';
import { keptBy, objectsOf, rowOf } from '../../functions/termination/hold.ts';
import { placeHold } from '../../functions/termination/holds-contract.ts';
import { orderedEnds } from '../../functions/termination/ordered.ts';
import { isBook, kindOfRow, PURGE_PHASES, phaseAfter } from '../../functions/termination/purge-phases.ts';
import { settlementOf } from '../../functions/termination/settlement.ts';
import {
  assertMove,
  closed,
  decided,
  describeTermination,
  opened,
  passed,
  refuseWithdrawal,
  type Termination,
} from '../../functions/termination/termination.ts';
import { GENERATE_TIMEOUT_SECONDS } from '../../lib/constructs/generation-flow.ts';

const NOW = Date.parse('2026-12-01T10:00:00Z');
const DAY_MS = 24 * 3600_000;
const state = fc.constantFrom(...TERMINATION_STATES);
const cause = fc.constantFrom(...CAUSES);

const base: Termination = {
  terminationId: 'term_1',
  accountId: 'acct_1',
  cause: 'user_request',
  state: 'requested',
  requestedAt: '2026-12-01T09:00:00.000Z',
  dueAt: '2026-12-01T09:00:00.000Z',
  revision: 0,
  holdsRevision: 0,
  rows: {},
};

describe('the table of terminations', () => {
  it('names states alone, each of which can be come to, and each of which comes to an end', () => {
    for (const { next } of Object.values(TERMINATION_TABLE))
      for (const name of next) expect(TERMINATION_STATES).toContain(name);
    const first: TerminationState[] = ['requested', 'proposed'];
    expect(TERMINATION_STATES.filter(name => terminationPriors(name).length === 0)).toEqual(first);
    const ends = (name: TerminationState, seen: TerminationState[] = []): boolean =>
      isOver(name) || TERMINATION_TABLE[name].next.some(next => !seen.includes(next) && ends(next, [...seen, name]));
    for (const name of TERMINATION_STATES) expect([name, ends(name)]).toEqual([name, true]);
  });

  it('is never withdrawn once deletion has begun, and never certified before it', () => {
    for (const name of ['purging', 'held', 'last_pass', 'certified'] as const)
      expect(TERMINATION_TABLE[name].next).not.toContain('withdrawn');
    expect(terminationPriors('certified')).toEqual(['purging']);
    expect(terminationPriors('purging').sort()).toEqual(['export_window', 'held', 'last_pass']);
  });

  it('lets no move happen that it does not have', () => {
    fc.assert(
      fc.property(state, state, (from, to) => {
        const allowed = (TERMINATION_TABLE[from].next as readonly string[]).includes(to);
        const move = () => assertMove({ state: from }, to);
        if (allowed) expect(move).not.toThrow();
        else expect(move).toThrow();
      }),
    );
  });

  it('goes from a decision to the certificate by itself, in the order of its times, whatever the cause', () => {
    fc.assert(
      fc.property(cause, fc.integer({ min: -400, max: 400 }), fc.integer({ min: 0, max: 3 }), (why, days, holds) => {
        let held = holds;
        let now = NOW;
        let at: Termination = { ...base, cause: why, state: why === 'user_request' ? 'requested' : 'proposed' };
        const move = (to: ReturnType<typeof decided>) => {
          assertMove(at, to.state);
          at = { ...at, ...to } as Termination;
        };
        move(decided(why, now, new Date(now + days * DAY_MS).toISOString()));
        for (let steps = 0; at.state !== 'certified'; steps++) {
          expect(steps).toBeLessThan(30);
          if (at.state === 'held') {
            held--;
            move({ state: 'purging', dueAt: new Date(now).toISOString() });
            continue;
          }
          expect(DRIVEN_STATES).toContain(at.state);
          now = Math.max(now, Date.parse(at.dueAt));
          if (at.state === 'approved') move(closed(why, now));
          else if (at.state === 'closing') move(opened(at));
          else if (at.state === 'purging') move(passed(at, { isHeld: held > 0, now }));
          else move({ state: 'purging', dueAt: new Date(now).toISOString() });
        }
        const { noticeDays, windowDays } = TERMINATION_CAUSES[why];
        const closedAt = Date.parse(at.closedAt ?? '');
        expect(closedAt).toBeGreaterThanOrEqual(NOW + noticeDays * DAY_MS);
        expect(Date.parse(at.exportUntil ?? '')).toBe(closedAt + windowDays * DAY_MS);
        expect(Date.parse(at.certifiedAt ?? '')).toBeGreaterThanOrEqual(closedAt + windowDays * DAY_MS + LAST_PASS_MS);
      }),
    );
  });

  it('looks a last time after whatever began before can have ended', () => {
    // An execution, a worker at its last clip, a link to upload, the longest function.
    const longest = GENERATE_TIMEOUT_SECONDS * 1000 + 8 * 60_000 + 10 * 60_000 + 15 * 60_000;
    expect(LAST_PASS_MS).toBeGreaterThan(longest);
  });

  it('says of each state what comes next, and shows nobody who decided', () => {
    for (const name of TERMINATION_STATES) {
      const shown = describeTermination({ ...base, state: name, decidedBy: 'staff_1', requestedBy: 'user_1' });
      expect(shown.next_step).toContain(TERMINATION_TABLE[name].description);
      expect(JSON.stringify(shown)).not.toMatch(/staff_|user_1/);
    }
  });
});

describe('who may', () => {
  it('takes back what the account asked for until deletion begins, and nothing else', () => {
    fc.assert(
      fc.property(state, cause, (name, why) => {
        const may = why === 'user_request' && (TERMINATION_TABLE[name].next as readonly string[]).includes('withdrawn');
        const withdraw = () => refuseWithdrawal({ ...base, state: name, cause: why });
        if (may) expect(withdraw).not.toThrow();
        else expect(withdraw).toThrow();
      }),
    );
  });
});

describe('holds', () => {
  const accountId = 'acct_1';
  const one = fc.record({
    kind: fc.constantFrom(...HOLD_KINDS),
    targetId: fc.integer({ min: 1, max: 5 }).map(String),
    lifted: fc.boolean(),
  });
  const holdOf = (
    { kind, targetId, lifted }: { kind: Hold['kind']; targetId: string; lifted: boolean },
    index = 0,
  ): Hold => ({
    holdId: `hold_${index}`,
    accountId,
    kind,
    ...(kind !== 'account' && kind !== 'ledger' && { targetId }),
    placedBy: 'staff_1',
    placedAt: base.requestedAt,
    ...(lifted && { liftedAt: base.requestedAt }),
  });

  it('keep exactly what one of them names that is not lifted', () => {
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), one, (given, asked) => {
        const holds = given.map(holdOf);
        const kept = keptBy(holds);
        const wanted = holdOf({ ...asked, lifted: false });
        const [object, row] = [objectsOf(wanted), rowOf(wanted)];
        const active = holds.filter(({ liftedAt }) => liftedAt === undefined);
        const names = active.some(
          ({ kind, targetId }) => kind === 'account' || (kind === wanted.kind && targetId === wanted.targetId),
        );
        if (object) {
          const key = object.key.endsWith('/') ? `${object.key}1/video.mp4` : object.key;
          expect(kept.object(object.bucketClass, key)).toBe(names);
        }
        if (row) expect(kept.row(row.table, row.sk)).toBe(names);
        expect(kept.isEmpty).toBe(active.length === 0);
      }),
    );
  });

  it('name a video as it is named everywhere: with other digits before it, it would be another', () => {
    const placed = (target_id: string) =>
      placeHold.input.safeParse({ id: 'acct_1', kind: 'video', target_id, reason: 'a complaint' }).success;
    expect(['250473926504802', '0250473926504802', '00'].map(placed)).toEqual([true, false, false]);
  });

  it('on one image keep no other whose id begins so', () => {
    const kept = keptBy([holdOf({ kind: 'image', targetId: '1', lifted: false })]);
    expect(kept.object('media', 'accounts/acct_1/images/0000000000000001')).toBe(true);
    expect(kept.object('media', 'accounts/acct_1/images/00000000000000011')).toBe(false);
    expect(kept.object('documents', 'accounts/acct_1/images/0000000000000001')).toBe(false);
  });
});

describe('what is left when service ends', () => {
  it('is settled to nothing: the money of what is paid and not used goes back to the cent, and gifts end', () => {
    const lot = fc.record({
      credits: fc.integer({ min: 1, max: 10_000 }),
      amount: fc.integer({ min: 1, max: 100_000 }),
      isPaid: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(lot, { minLength: 1, maxLength: 6 }), fc.nat({ max: 30_000 }), (lots, wanted) => {
        const fold = new LotFold(NO_LOTS);
        const at = (index: number) => new Date(NOW + index * 1000).toISOString();
        for (const [index, { credits, amount, isPaid }] of lots.entries()) {
          const money = { amount, currency: 'usd', reference: `pi_${index}` };
          const entry = isPaid ? purchase(`p${index}`, credits, money) : grant(`g${index}`, credits);
          fold.apply({ ...entry, bookedAt: at(index) });
        }
        const used = Math.min(wanted, fold.lots().available);
        fold.apply({ ...holdEntry(1, used), bookedAt: at(100) });
        fold.apply({ ...settle(1, used, 'capture'), bookedAt: at(101) });
        const before = fold.lots();
        const deferred = before.open.reduce((sum, each) => sum + deferredOf(each), 0);
        const entries = before.open.map(each => settlementOf('term_1', each));
        for (const [index, entry] of entries.entries()) fold.apply({ ...entry, bookedAt: at(200 + index) });
        const after = fold.lots();
        expect(after).toMatchObject({ available: 0, held: 0, owed: 0 });
        expect(after.open.reduce((sum, each) => sum + leftOf(each), 0)).toBe(0);
        expect(entries.reduce((sum, { money }) => sum - (money?.amount ?? 0), 0)).toBe(deferred);
        expect(entries.reduce((sum, entry) => sum + availableBy(entry), 0) + before.available).toBe(0);
        // Of the same lot it is the same entry.
        expect(before.open.map(each => settlementOf('term_1', each))).toEqual(entries);
      }),
    );
  });
});

describe('the phases of a purge', () => {
  it('follow one another, and erase what says where others stand after those', () => {
    const order: string[] = [];
    for (let phase: (typeof PURGE_PHASES)[number] | undefined = PURGE_PHASES[0]; phase; phase = phaseAfter(phase))
      order.push(phase);
    expect(order).toEqual([...PURGE_PHASES]);
    const at = (phase: (typeof PURGE_PHASES)[number]) => PURGE_PHASES.indexOf(phase);
    expect(at('tags')).toBeLessThan(at('objects'));
    expect(at('objects')).toBeLessThan(at('jobs'));
    expect(at('documents')).toBeLessThan(at('account'));
    expect(at('account')).toBe(PURGE_PHASES.length - 1);
  });

  it('count rows by kinds that say nothing of anybody', () => {
    fc.assert(
      fc.property(fc.constantFrom('FIND', 'MAIL', 'EMAIL'), fc.string(), (kind, rest) => {
        expect(kindOfRow(`${kind}#${rest}`)).toBe(kind);
      }),
    );
    expect(isBook('INVOICE#inv_1')).toBe(true);
    expect(isBook('MAIL#mail_1')).toBe(false);
  });
});

describe('the chain of an account that is erased', () => {
  const eventOf = (index: number, more: Partial<AuditEvent> = {}): AuditEvent => ({
    eventId: `evt_${index}`,
    accountId: 'acct_1',
    at: new Date(NOW + index).toISOString(),
    action: 'account.changed',
    actorKind: 'person',
    actorId: 'user_1',
    subject: 'Ana Faro',
    address: '203.0.113.7',
    detail: { email: 'ana@faro.example' },
    ...more,
  });
  const ERASED: AuditEvent = {
    eventId: 'evt_9',
    accountId: 'acct_1',
    at: new Date(NOW + 9).toISOString(),
    action: 'account.erased',
    actorKind: 'platform',
    actorId: 'termination',
    subject: 'term_1',
  };
  const events = [eventOf(1), eventOf(2, { actorId: 'staff_1' }), ERASED];
  const seal = sealOf(undefined, 'acct_1', events, base.requestedAt);
  const later = NOW + DAY_MS;

  it('holds, and says nothing of anybody but staff', () => {
    const reduced = [erasedEvent(events[0] as AuditEvent), erasedEvent(events[1] as AuditEvent), ERASED];
    expect(faultsOf([seal], reduced, later)).toEqual([]);
    expect(JSON.stringify(reduced)).not.toMatch(/Ana|faro|203\.0|user_1/);
    expect(reduced[1]?.actorId).toBe('staff_1');
    // Reduced again it is the same.
    expect(reduced.slice(0, 2).map(erasedEvent)).toEqual(reduced.slice(0, 2));
  });

  it('does not hold where one was reduced that is another, or the account was not erased', () => {
    const [first, second] = events as [AuditEvent, AuditEvent];
    const forged = erasedEvent({ ...first, subject: 'somebody else' });
    expect(faultsOf([seal], [forged, second, ERASED], later)).toEqual([{ kind: 'event_changed', eventId: 'evt_1' }]);
    const without = sealOf(undefined, 'acct_1', [first, second], base.requestedAt);
    expect(faultsOf([without], [erasedEvent(first), second], later)).toEqual([
      { kind: 'event_erased', eventId: 'evt_1' },
    ]);
    // Nor by a word of erasure that nobody sealed.
    const slipped = { ...ERASED, eventId: 'evt_8' };
    expect(faultsOf([without], [erasedEvent(first), second, slipped], later)).toContainEqual({
      kind: 'event_erased',
      eventId: 'evt_1',
    });
    expect(hashOfEvent(ERASED)).toBe(seal.events[2]?.hash);
  });
});

describe('ends that the ladder has ordered', () => {
  const item = {
    pk: 'acct_1',
    sk: 'EVENT#evt_1',
    type: 'account.termination_ordered',
    detail: { reason: 'three times' },
  };

  it('are those of its event, each with its reason', () => {
    const streamed = (given: object) => [{ change: 'INSERT' as const, sequence: 1n, item: { ...item, ...given } }];
    expect(orderedEnds(streamed({}))).toEqual([{ accountId: 'acct_1', reason: 'three times' }]);
    expect(orderedEnds(streamed({ detail: undefined }))[0]?.reason).toMatch(/standing/);
    expect(orderedEnds(streamed({ type: 'account.standing_changed' }))).toEqual([]);
    expect(orderedEnds([{ change: 'MODIFY', sequence: 1n, item }])).toEqual([]);
  });
});
