import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../functions/audit/event.ts';
import { PAST_MEASURES, RISK_MEASURE_NAMES, RISK_RULES, type RiskRule } from '../../functions/catalogue/risk-rules.ts';
import { pointsOf } from '../../functions/catalogue/standing.ts';
import { DryRun } from '../../functions/risk/dry-run.ts';
import { caseIdOf, hitsAt, seenInWords } from '../../functions/risk/evaluate.ts';
import {
  absorb,
  MOST_CLIENTS,
  MOST_NETWORKS,
  newAccountProfile,
  newProfile,
  pastOf,
  sizeIn,
} from '../../functions/risk/profile.ts';
import { parseRules, writeRules } from '../../functions/risk/rules-file.ts';
import { add, hashOf, KEPT, type Sketch, sizeOf } from '../../functions/risk/sketch.ts';
import { clientOf, networkOf, type Use, useOf } from '../../functions/risk/use.ts';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const AT = Date.parse('2026-11-30T09:00:00Z');
const RULES: readonly RiskRule[] = RISK_RULES;

describe('the table of rules', () => {
  it('says of each what it counts, why, what it does and what its owner is to do', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    for (const { id, conditions, does, violation, reason, advice, clause } of RULES) {
      expect(does.length, id).toBeGreaterThan(0);
      expect(does.includes('warn'), id).toBe(violation !== undefined);
      expect(
        [reason, advice, clause].every(text => text.length > 2),
        id,
      ).toBe(true);
      for (const { measure, least, timesPast } of conditions) {
        expect(RISK_MEASURE_NAMES, id).toContain(measure);
        expect(least, id).toBeGreaterThan(0);
        if (timesPast !== undefined) expect(PAST_MEASURES, id).toContain(measure);
      }
    }
  });

  it('3.3.4-5: signs of reselling open a case for a person, and nothing more', () => {
    expect(RULES.find(({ id }) => id === 'reselling')?.does).toEqual(['open_case']);
  });

  it('2.4d: whoever is not the owner is stopped at once: sudden rate, many networks, refused functions, probing, a leaked key', () => {
    const stopping = RULES.filter(({ does }) => does.includes('suspend_key')).map(({ id }) => id);
    expect(stopping).toEqual(
      expect.arrayContaining(['sudden_calls', 'many_networks', 'refused_functions', 'id_probing', 'leaked_key']),
    );
  });

  it('3.3.9: retries of refused content count more than the refusal', () => {
    const violation = RULES.find(({ id }) => id === 'refused_content')?.violation ?? expect.fail();
    expect(pointsOf(violation.category, violation.severity)).toBeGreaterThan(pointsOf('refused_text', 'medium'));
  });

  it('lets the owner undo only what harms nobody else', () => {
    const harming = ['refused_functions', 'id_probing', 'refused_content'];
    for (const { id, ownerMayUndo } of RULES) expect(ownerMayUndo, id).toBe(!harming.includes(id));
  });
});

describe('the page on rules', () => {
  it('has the table as it is', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/use-rules.md'), 'utf8');
    for (const { id, clause, of, conditions, needsDays, does, ownerMayUndo } of RULES) {
      const met = conditions.map(
        ({ measure, least, timesPast }) =>
          `${least.toLocaleString('en')} \`${measure}\`${timesPast === undefined ? '' : ` and ${timesPast} times the past`}`,
      );
      const done = does.map(act => `\`${act}\``).join(', ');
      const row = [`\`${id}\``, clause, of, met.join(', '), needsDays, done, ownerMayUndo ? 'yes' : 'no'];
      expect(page).toContain(`| ${row.join(' | ')} |\n`);
    }
    expect(page.match(/^\| `/gm)).toHaveLength(RULES.length);
  });
});

describe('a sketch', () => {
  const things = fc.array(fc.integer({ min: 0, max: 300 }).map(String), { maxLength: 400 });
  const sketchOf = (all: readonly string[]): Sketch => {
    const sketch: Sketch = [];
    for (const thing of all) add(sketch, hashOf(thing));
    return sketch;
  };

  it('is the same in whatever order things come and however often, and is never larger than it may be', () => {
    fc.assert(
      fc.property(things, fc.array(fc.nat({ max: 399 })), (all, again) => {
        const repeated = [...all, ...again.flatMap(index => all[index] ?? [])].toReversed();
        expect(sketchOf(repeated)).toEqual(sketchOf(all));
        expect(sketchOf(all).length).toBeLessThanOrEqual(KEPT);
      }),
    );
  });

  it('counts exactly up to its room, never falls, and is within half of it far beyond', () => {
    const sketch: Sketch = [];
    let before = 0;
    for (let count = 1; count <= 20_000; count++) {
      add(sketch, hashOf(`thing ${count}`));
      const size = sizeOf(sketch);
      if (count <= KEPT) expect(size).toBe(count);
      expect(size).toBeGreaterThanOrEqual(before);
      before = size;
      if (count % 5_000 === 0) expect(Math.abs(size - count) / count).toBeLessThan(0.5);
    }
  });
});

const event = (changed: Partial<AuditEvent> = {}): AuditEvent => ({
  eventId: 'evt_1',
  accountId: 'acct_1',
  at: new Date(AT).toISOString(),
  action: 'call.refused',
  actorKind: 'key',
  actorId: 'key_1',
  address: '203.0.113.7',
  client: 'curl/8.9.1 (x)',
  subject: 'GET /v1/videos/{id}',
  reason: 'not_found',
  detail: { status: 404, video: 'video_5' },
  ...changed,
});

describe('what a recorded call says', () => {
  it('is of the network of its address, and of its client without the version', () => {
    expect(useOf(event())).toMatchObject({ network: '203.0.113.0/24', client: 'curl', keyId: 'key_1' });
    expect(networkOf('2001:db8:12:34::1')).toBe('2001:db8:12::');
    expect(networkOf('::ffff:203.0.113.9')).toBe('203.0.113.0/24');
    expect([networkOf('nowhere'), networkOf(), clientOf(''), clientOf()]).toEqual(Array(4).fill(undefined));
    expect(clientOf('Python-Requests/2.1')).toBe(clientOf('python-requests/3'));
  });

  it('counts an id that is asked for again and again once, whatever the route, and each that a body names', () => {
    const sought = (changed: Partial<AuditEvent>) => useOf(event(changed))?.seen.sought_ids;
    expect(sought({})).toBe('video_5');
    expect(sought({ detail: { status: 404, sought: 'abc' } })).toBe('abc');
    expect(sought({ detail: { status: 404 } })).toBe('GET /v1/videos/{id}');
    expect(sought({ subject: 'POST /openapi/v2/video/extend/generate', detail: { status: 404 } })).toBe('evt_1');
    expect(sought({ reason: 'video_deleted' })).toBeUndefined();
  });

  it('is nothing where it is no call, or no account has it, and of people no more than from where they call', () => {
    expect(useOf(event({ action: 'key.created' }))).toBeUndefined();
    expect(useOf(event({ accountId: 'staff_1', actorId: 'staff_1', actorKind: 'person' }))).toBeUndefined();
    const person = useOf(event({ actorKind: 'person', actorId: 'user_1' })) ?? expect.fail();
    expect([person.keyId, person.seen]).toEqual([undefined, {}]);
  });
});

describe('a file of rules', () => {
  it('is read as the table is written', () => {
    expect(parseRules(writeRules())).toEqual(RISK_RULES);
  });

  it.each([
    ['no rule', [{}], '0.id'],
    [
      'an unknown measure',
      [{ ...RULES[0], conditions: [{ measure: 'moons@1h', least: 1 }] }],
      '0.conditions.0.measure',
    ],
    [
      'a past that is not kept',
      [{ ...RULES[6], conditions: [{ measure: 'sought_ids@1h', least: 1, timesPast: 2 }] }],
      'timesPast is for',
    ],
    ['a warning without its violation', [{ ...RULES[0], does: ['warn'] }], 'violation is what warn records'],
    ['one id of two rules', [RULES[0], RULES[0]], 'two rules have one id'],
  ])('is refused with its place where it has %s', (_, rules, said) => {
    expect(() => parseRules(JSON.stringify(rules))).toThrow(said);
  });
});

/** Calls of two accounts within one hour. */
const use = fc
  .record({
    number: fc.nat({ max: 10_000 }),
    account: fc.constantFrom('acct_1', 'acct_2'),
    key: fc.constantFrom('a', 'b', undefined),
    minute: fc.nat({ max: 59 }),
    network: fc.nat({ max: 80 }),
    client: fc.nat({ max: 5 }),
    sought: fc.boolean(),
  })
  .map(
    ({ number, account, key, minute, network, client, sought }): Use => ({
      eventId: `evt_${number}`,
      accountId: account,
      ...(key !== undefined && { keyId: `${account} ${key}` }),
      at: AT + minute * 60_000,
      network: `net${network}`,
      client: `client${client}`,
      seen: { calls: `evt_${number}`, starts: `evt_${number}`, ...(sought && { sought_ids: `id${number}` }) },
    }),
  );
const uses = fc.array(use, { maxLength: 150 });

/** Low enough to be met by few calls. */
const LOW: readonly RiskRule[] = RULES.map(rule => ({
  ...rule,
  needsDays: 0,
  conditions: rule.conditions.map(condition => ({ ...condition, least: Math.min(condition.least, 5) })) as never,
}));

/** The cases that come of these calls, each of its account. */
function casesOf(all: readonly Use[]): string[] {
  const runs = new Map<string, DryRun>();
  const cases = all.flatMap(each => {
    const run = runs.get(each.accountId) ?? new DryRun(LOW);
    runs.set(each.accountId, run);
    return run.take(each).map(hit => `${hit.accountId} ${hit.rule.id} ${caseIdOf(hit)}`);
  });
  return cases.toSorted();
}

describe('rules over calls', () => {
  it('come to the same cases in whatever order calls come within a window, and however often', () => {
    const reordered = uses.chain(all =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        fc.subarray(all),
      ),
    );
    fc.assert(
      fc.property(reordered, ([all, other, again]) => {
        expect(casesOf([...other, ...again])).toEqual(casesOf(all));
      }),
    );
  });

  it("never act on another account's calls: those of one leave the cases of the other as they are", () => {
    fc.assert(
      fc.property(uses, all => {
        const own = all.filter(({ accountId }) => accountId === 'acct_1');
        expect(casesOf(all).filter(found => found.startsWith('acct_1 '))).toEqual(casesOf(own));
      }),
    );
  });

  it('are met once in a window, and again in the next', () => {
    const run = new DryRun(LOW);
    const raised = [0, 1].flatMap(hour =>
      Array.from({ length: 30 }, (_, index) => {
        const sought = `id ${hour} ${index}`;
        const at = AT + hour * HOUR + index * 1000;
        return run.take({ eventId: sought, accountId: 'acct_1', keyId: 'key', at, seen: { sought_ids: sought } });
      }).flat(),
    );
    expect(raised.map(({ rule, windowStart }) => [rule.id, windowStart])).toEqual([
      ['id_probing', AT],
      ['id_probing', AT + HOUR],
    ]);
    expect(seenInWords(raised[0] ?? expect.fail())).toBe(
      '5 different ids tried within an hour that are not of the account, from 2026-11-30 09:00 UTC',
    );
  });
});

describe('a profile', () => {
  const call = (at: number, changed: Partial<Use> = {}): Use => ({
    eventId: `evt_${at}`,
    accountId: 'acct_1',
    keyId: 'key_1',
    at,
    network: 'home',
    client: 'sdk',
    seen: { calls: `evt_${at}`, starts: `evt_${at}` },
    ...changed,
  });

  it('is bounded however much is done, and keeps no more than the past that is compared', () => {
    const [account, key] = [newAccountProfile(), newProfile()];
    for (let hour = 0; hour < 60 * 24; hour++) {
      for (let index = 0; index < 5; index++) {
        const from = { network: `net ${hour} ${index}`, client: `client ${hour}` };
        absorb(account, key, call(AT + hour * HOUR + index * 60_000, from));
      }
    }
    expect(Object.keys(account.networks).length).toBeLessThanOrEqual(MOST_NETWORKS);
    expect(Object.keys(account.clients).length).toBeLessThanOrEqual(MOST_CLIENTS);
    expect(Object.keys(account.days).length).toBeLessThanOrEqual(29);
    expect(JSON.stringify(account).length).toBeLessThan(60_000);
    expect(JSON.stringify(key).length).toBeLessThan(30_000);
  });

  it('takes up what comes late by a window, and passes over what comes later', () => {
    const [account, key] = [newAccountProfile(), newProfile()];
    absorb(account, key, call(AT + HOUR));
    absorb(account, key, call(AT + 5));
    expect(sizeIn(key, 'calls@1h', AT)).toBe(1);
    absorb(account, key, call(AT - 2 * HOUR));
    expect(sizeIn(key, 'calls@1h', AT - 2 * HOUR)).toBe(0);
  });

  it('compares with the days before, and not with the day itself', () => {
    const [account, key] = [newAccountProfile(), newProfile()];
    for (let index = 0; index < 7; index++) absorb(account, key, call(AT - DAY + index));
    for (let index = 0; index < 20; index++) absorb(account, key, call(AT + index));
    expect(pastOf(account, AT)).toEqual({ days: 1, highest: expect.objectContaining({ 'starts@1h': 7 }) });
  });

  it('2.4: knows a stranger by a network and a client that are both new, beside the usual place, and by neither alone', () => {
    const strangersOf = (from: Partial<Use>) => {
      const run = new DryRun(RULES);
      for (let hour = 0; hour < 5 * 24; hour++) run.take(call(AT + hour * HOUR));
      const hits = Array.from({ length: 12 }, (_, index) => run.take(call(AT + 5 * DAY + index, from))).flat();
      hits.push(...run.take(call(AT + 5 * DAY + 60_000)));
      return hits.map(({ rule }) => rule.id);
    };
    expect(strangersOf({ network: 'elsewhere', client: 'grabber' })).toEqual(['leaked_key']);
    expect(strangersOf({ network: 'elsewhere' })).toEqual([]);
    expect(strangersOf({ client: 'grabber' })).toEqual([]);
  });

  it('says nothing of an account that has no past yet, where a rule needs one', () => {
    const profile = newProfile();
    const account = newAccountProfile();
    for (let index = 0; index < 5_000; index++) absorb(account, profile, call(AT + index));
    const subject = { accountId: 'acct_1', account, key: { keyId: 'key_1', profile } };
    expect(hitsAt(RULES, subject, AT)).toEqual([]);
  });
});
