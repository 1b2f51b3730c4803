import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as rule from '../../functions/payments/auto-top-up.ts';
import { autoTopUpObject } from '../../functions/payments/auto-top-up-contract.ts';

const START = Date.parse('2026-11-10T00:00:00Z');
const DAY = 24 * 3600_000;
const PRICE = 1000;
const method = {
  methodId: 'pm_1',
  type: 'card',
  last4: '4242',
  savedBy: 'user_1',
  savedAt: '2026-11-01T00:00:00.000Z',
};
const settings = {
  below: 500,
  package: 'credits_1000',
  monthlyLimit: 2500,
  setBy: 'user_1',
  setAt: '2026-11-01T00:00:00.000Z',
};
const SET: rule.AutoTopUp = { accountId: 'acct_1', revision: 1, customerId: 'cus_1', method, settings };
const page = { sessionId: 'cs_1', url: 'https://checkout.example/1', until: '2026-11-11T00:00:00.000Z' };
const decide = (state: rule.AutoTopUp, available = 0, now = START) =>
  rule.decideTopUp(state, { available, amount: PRICE, now }).kind;
const open = (state: rule.AutoTopUp, now = START) =>
  rule.begun(state, { purchaseId: `pur_${now}`, amount: PRICE, methodId: 'pm_1' }, now);

describe('a purchase of auto top-up begins', () => {
  it('below what was set, with a saved method, and not at it', () => {
    expect([decide(SET, 499), decide(SET, 500)]).toEqual(['buy', 'nothing']);
    const { method: _method, ...without } = SET;
    const { settings: _settings, ...unset } = SET;
    expect([decide(without), decide(unset), decide({ ...SET, switchedOff: { at: '' } })]).toEqual(
      Array(3).fill('nothing'),
    );
  });

  it('not while another is open, and not beyond the limit of its UTC month', () => {
    const first = open(SET);
    expect(decide(first)).toBe('nothing');
    const second = rule.paidFor(open(rule.paidFor(first, `pur_${START}`), START + 1), `pur_${START + 1}`);
    expect(second.month).toEqual({ month: '2026-11', spent: 2 * PRICE });
    expect(decide(second)).toBe('limit');
    expect(decide(second, 0, Date.parse('2026-11-30T23:59:59.999Z'))).toBe('limit');
    expect(decide(second, 0, Date.parse('2026-12-01T00:00:00Z'))).toBe('buy');
  });
});

type Step = 'buy' | 'pay' | 'decline' | 'retry' | 'give up' | 'set' | 'end' | 'wait a day' | 'wait three weeks';
const STEPS: readonly Step[] = [
  'buy',
  'pay',
  'decline',
  'retry',
  'give up',
  'set',
  'end',
  'wait a day',
  'wait three weeks',
];

describe('whatever happens in whatever order', () => {
  it('no month has more than its limit, one is open at most, and one is tried four times at most, each after its time', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEPS), { maxLength: 60 }), steps => {
        let [state, now] = [SET, START];
        // By the month in which the attempt began that was paid.
        const charged = new Map<string, number>();
        let begun = now;
        for (const step of steps) {
          const before = state;
          if (step === 'wait a day') now += DAY;
          if (step === 'wait three weeks') now += 21 * DAY;
          if (step === 'buy' && decide(state, 0, now) === 'buy') {
            expect(state.open).toBeUndefined();
            state = open(state, now);
            begun = now;
          }
          if (step === 'pay' && state.open) {
            state = rule.paidFor(state, state.open.purchaseId);
            const month = new Date(begun).toISOString().slice(0, 7);
            charged.set(month, (charged.get(month) ?? 0) + PRICE);
          }
          if (step === 'decline' && state.open?.state === 'charging') {
            state = rule.declined(state, { code: 'card_declined', page, mailId: 'mail_1' }, now);
          }
          if (step === 'retry' && state.open?.state === 'declined' && Date.parse(state.open.dueAt) <= now) {
            if (rule.isRetried(state, 0, now)) {
              state = rule.retried(state, now);
              begun = now;
            } else state = rule.givenUp(state, now);
          }
          if (step === 'give up' && state.open?.state === 'declined') state = rule.givenUp(state, now);
          if (step === 'set') state = rule.settingsSet(rule.methodSaved(state, method), settings);
          if (step === 'end') state = rule.ended(state, now);
          if (state !== before) expect(state.revision).toBeGreaterThan(before.revision);
          expect(state.open?.attempt ?? 1).toBeLessThanOrEqual(4);
          expect(state.month?.spent ?? 0).toBeLessThanOrEqual(settings.monthlyLimit);
          expect(state.month?.spent ?? 0).toBeGreaterThanOrEqual(0);
          expect(autoTopUpObject.parse(rule.describeAutoTopUp(state, now))).toBeDefined();
        }
        for (const sum of charged.values()) expect(sum).toBeLessThanOrEqual(settings.monthlyLimit);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('one that was declined', () => {
  it('waits one, three and seven days from its first failure, and then auto top-up is off and it counts no more', () => {
    let [state, now] = [open(SET), START];
    const tries: (string | undefined)[] = [];
    for (let attempt = 1; attempt <= 4; attempt++) {
      state = rule.declined(
        state,
        { code: 'card_declined', page: attempt < 4 ? page : undefined, mailId: 'mail_1' },
        now,
      );
      tries.push(state.open?.dueAt.slice(0, 10));
      now = Date.parse(state.open?.dueAt ?? '') || now;
      if (state.open) state = rule.retried(state, now);
    }
    expect(tries).toEqual(['2026-11-11', '2026-11-13', '2026-11-17', undefined]);
    expect(state).toMatchObject({ switchedOff: { at: '2026-11-17T00:00:00.000Z' }, month: { spent: 0 } });
    expect(rule.describeAutoTopUp(state, now).status).toBe('switched_off');
    expect(decide(rule.settingsSet(state, settings), 0, now)).toBe('buy');
  });

  it('shows where it is paid by hand until that page expires, and when it is tried again', () => {
    const state = rule.declined(open(SET), { code: 'authentication_required', page, mailId: 'mail_1' }, START);
    const shown = rule.describeAutoTopUp(state, START);
    expect(shown).toMatchObject({
      status: 'retrying',
      checkout_url: page.url,
      next_try_at: '2026-11-11T00:00:00.000Z',
    });
    expect(shown.last_failure).toMatchObject({ code: 'authentication_required', attempts: 1 });
    expect(rule.describeAutoTopUp(state, Date.parse(page.until)).checkout_url).toBeNull();
  });

  it('is given up by who ends auto top-up, which leaves no method to charge', () => {
    const state = rule.ended(
      rule.declined(open(SET), { code: 'card_declined', page, mailId: 'mail_1' }, START),
      START + 5,
    );
    expect(rule.isRetried(state, 0, START + 5)).toBe(false);
    expect(state).toMatchObject({ retired: ['pm_1'], open: { dueAt: new Date(START + 5).toISOString() } });
    expect([state.method, state.settings]).toEqual([undefined, undefined]);
  });
});

describe('a month ends', () => {
  it.each([
    ['2026-11-10', '2026-12-01'],
    ['2026-12-31', '2027-01-01'],
    ['2028-02-29', '2028-03-01'],
  ])('on %s with %s', (day, end) => {
    expect(rule.describeAutoTopUp(SET, Date.parse(day)).month_ends).toBe(`${end}T00:00:00.000Z`);
  });
});
