/**
 * Rules that watch use, over normal use that is made up: nothing is raised, each abuse that is planted is caught, and what
 * bursts raise is printed. `npm run risk` has 200 accounts and a month.
 */
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../functions/audit/event.ts';
import { RISK_RULES } from '../../functions/catalogue/risk-rules.ts';
import { type DryHit, DryRun, type Known } from '../../functions/risk/dry-run.ts';
import { useOf } from '../../functions/risk/use.ts';
import { BURSTS, Calls, type GeneratedAccount, KINDS, normalUse, PLANTED, seeded } from '../support/normal-use.ts';

const ACCOUNTS = Number(process.env.RISK_ACCOUNTS ?? 12);
const DAYS = Number(process.env.RISK_DAYS ?? 7);
const SEED = 20_261_130;
const DAY = 24 * 3600_000;
/** A Monday. */
const FROM = Date.parse('2026-11-02T00:00:00Z');
/** A working day, at ten: all have a past by then. */
const PLANTED_AT = FROM + (DAYS - 3) * DAY + 10 * 3600_000 + 61_000;
const FULL = ACCOUNTS >= 200;
const TIMES = FULL ? [5, 10, 20, 40] : [5];
const MINUTES_MS = 60_000;

const accounts = Array.from({ length: ACCOUNTS }, (_, number) => normalUse(number, SEED, { from: FROM, days: DAYS }));
const total = accounts.reduce((sum, { events }) => sum + events.length, 0);

/** What is raised of these; with `until`, up to the first that it is true of. */
function raisedBy(run: DryRun, events: readonly AuditEvent[], until?: (hit: DryHit) => boolean): DryHit[] {
  const raised: DryHit[] = [];
  for (const event of events) {
    const use = useOf(event);
    if (use) raised.push(...run.take(use));
    if (until && raised.some(until)) break;
  }
  return raised;
}

/** What is known of an account before anything is planted. */
const before = new Map<GeneratedAccount, Known>();
function knownOf(account: GeneratedAccount): Known {
  const known = before.get(account);
  if (known) return structuredClone(known);
  const run = new DryRun(RISK_RULES);
  raisedBy(
    run,
    account.events.filter(({ at }) => Date.parse(at) < PLANTED_AT),
  );
  before.set(account, run.known);
  return structuredClone(run.known);
}

/** What is raised of the account with what `plant` adds, which it does beside its normal use. */
function raisedOf(
  account: GeneratedAccount,
  plant: (calls: Calls) => void,
  until?: (hit: DryHit) => boolean,
): DryHit[] {
  const calls = new Calls(account.accountId, seeded(SEED));
  plant(calls);
  const planted = calls.events.map(event => ({ ...event, eventId: `${event.eventId}p` }));
  const own = account.events.filter(({ at }) => Date.parse(at) >= PLANTED_AT);
  const events = [...own, ...planted].sort((one, other) => (one.eventId < other.eventId ? -1 : 1));
  return raisedBy(new DryRun(RISK_RULES, knownOf(account)), events, until);
}

const show = (line: string): void => void process.stdout.write(`${line}\n`);
const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} min`;

describe(`${ACCOUNTS} accounts for ${DAYS} days, ${total} calls`, () => {
  it(
    'raise nothing while they are used normally: shops, teams in several offices, services with a launch, phones, batch nights, builds',
    () => {
      expect(new Set(accounts.map(({ kind }) => kind.name)).size).toBe(KINDS.length);
      const raised = accounts.flatMap(account =>
        raisedBy(new DryRun(RISK_RULES), account.events).map(
          ({ rule, seen }) => `${account.kind.name} ${account.accountId}: ${rule.id} ${JSON.stringify(seen)}`,
        ),
      );
      show(`${ACCOUNTS} accounts, ${DAYS} days, ${total} calls: ${raised.length} raised`);
      expect(raised).toEqual([]);
    },
    20 * MINUTES_MS,
  );

  it(
    'each abuse is caught by its rule, of every kind of account',
    () => {
      expect(Object.keys(PLANTED).toSorted()).toEqual(RISK_RULES.map(({ id }) => id).toSorted());
      for (const [id, plant] of Object.entries(PLANTED)) {
        const took = KINDS.map((kind, index) => {
          const account = accounts[index];
          if (!account) throw new Error(`there is no account of the kind ${kind.name}`);
          const isCaught = ({ rule }: DryHit) => rule.id === id;
          const hits = raisedOf(account, calls => plant(account, calls, PLANTED_AT, seeded(SEED + index)), isCaught);
          const hit = hits.find(isCaught);
          expect(hit, `${id} of a ${kind.name}; raised: ${hits.map(({ rule }) => rule.id)}`).toBeDefined();
          return (hit?.metAt ?? 0) - PLANTED_AT;
        });
        show(`${id.padEnd(20)} caught after ${minutes(Math.min(...took))} to ${minutes(Math.max(...took))}`);
      }
    },
    20 * MINUTES_MS,
  );

  it(
    'bursts that are no abuse are raised for few, and not at all up to five times the usual',
    () => {
      const few = accounts.slice(0, FULL ? 60 : KINDS.length);
      for (const [name, plant] of Object.entries(BURSTS)) {
        for (const times of TIMES) {
          const raised = few.filter(account => {
            return raisedOf(account, calls => plant(account, calls, PLANTED_AT, times)).length > 0;
          });
          show(
            `${name}, ${times} times: ${raised.length} of ${few.length} accounts raised (${((100 * raised.length) / few.length).toFixed(1)} %)`,
          );
          if (times === 5)
            expect(
              raised.map(({ accountId }) => accountId),
              name,
            ).toEqual([]);
        }
      }
    },
    20 * MINUTES_MS,
  );
});
