/**
 * What a day's ledger, jobs, counts of usage and API Gateway say, added up by account and plan as the rows go by. Memory
 * grows with the accounts of a day, of which there are at most 10,000, as API Gateway has no more keys; not with jobs.
 */
import type { UsageCount } from '../credits/usage-count.ts';
import { type DayEntry, type DayJob, endedOn, endOf, type GatewayCount } from './rows.ts';

/** How many, and their credits. */
export interface Sum {
  count: number;
  credits: number;
}

/** What is counted on several sides, and compared. */
export const MEASURES = ['started', 'charged', 'released'] as const;
export type Measure = (typeof MEASURES)[number];
type Sums = Record<Measure, Sum>;

export interface Tally {
  readonly accountId: string;
  readonly plan: string;
  readonly ledger: Sums;
  readonly jobs: Sums;
  /** Jobs that were started on the day and were open at its end. */
  readonly open: Sum;
  /** Jobs that ended on the day and were started before it. */
  readonly earlier: Sum;
  /** Those started within minutes of the day's turn, where API Gateway may count on the day beside. */
  atTurn: number;
  requests: number;
}

export class DayTally {
  readonly #day: string;
  readonly #tallies = new Map<string, Tally>();
  /** Of all plans: counts of usage do not know the plan. */
  readonly #usage = new Map<string, Sums>();
  /** Counts of keys that are nobody's. */
  readonly orphans: GatewayCount[] = [];
  /** The day's movement of every ledger account together, by kind. */
  readonly kinds = new Map<string, Sum>();

  constructor(day: string) {
    this.#day = day;
  }

  entry(entry: DayEntry): void {
    const credits = Math.max(0, ...entry.postings.map(({ amount }) => amount));
    const kind = this.kinds.get(entry.kind) ?? { count: 0, credits: 0 };
    this.kinds.set(entry.kind, kind);
    add(kind, credits);
    const measure = MEASURE_OF[entry.kind];
    if (measure) add(this.#of(entry.accountId, entry.plan).ledger[measure], credits);
  }

  started(job: DayJob): void {
    const tally = this.#of(job.accountId, job.plan);
    add(tally.jobs.started, job.credits);
    if (!endedOn(job, this.#day)) add(tally.open, job.credits);
    if (atTurn(job.createdAt)) tally.atTurn++;
  }

  ended(job: DayJob): void {
    const tally = this.#of(job.accountId, job.plan);
    add(tally.jobs[endOf(job) === 'succeeded' ? 'charged' : 'released'], job.credits);
    if (job.createdAt.slice(0, 10) < this.#day) add(tally.earlier, job.credits);
  }

  usage(accountId: string, count: UsageCount): void {
    const sums = this.#usage.get(accountId) ?? nothing();
    this.#usage.set(accountId, sums);
    const { started = 0, succeeded = 0, failed = 0, cancelled = 0, rejected = 0 } = count;
    addAll(sums.started, started, count.held);
    addAll(sums.charged, succeeded, count.charged);
    addAll(sums.released, failed + cancelled + rejected, count.released);
  }

  gateway(count: GatewayCount): void {
    if (count.accountId === undefined) this.orphans.push(count);
    else this.#of(count.accountId, count.plan).requests += count.requests;
  }

  /** Every account of the day, in the order of their ids, with its plans. */
  accounts(): { accountId: string; plans: Tally[]; usage: Sums }[] {
    const byAccount = new Map<string, Tally[]>();
    for (const tally of this.#tallies.values()) {
      const plans = byAccount.get(tally.accountId) ?? [];
      byAccount.set(tally.accountId, plans);
      plans.push(tally);
    }
    return [...byAccount.keys()].sort().map(accountId => ({
      accountId,
      plans: (byAccount.get(accountId) ?? []).sort((one, other) => (one.plan < other.plan ? -1 : 1)),
      usage: this.#usage.get(accountId) ?? nothing(),
    }));
  }

  #of(accountId: string, plan = ''): Tally {
    const id = `${accountId} ${plan}`;
    const found = this.#tallies.get(id);
    if (found) return found;
    const none = () => ({ count: 0, credits: 0 });
    const made = { accountId, plan, ledger: nothing(), jobs: nothing(), open: none(), earlier: none() };
    const tally: Tally = { ...made, atTurn: 0, requests: 0 };
    this.#tallies.set(id, tally);
    return tally;
  }
}

const MEASURE_OF: Readonly<Record<string, Measure>> = { hold: 'started', capture: 'charged', release: 'released' };

function nothing(): Sums {
  const none = () => ({ count: 0, credits: 0 });
  return { started: none(), charged: none(), released: none() };
}

function add(sum: Sum, credits: number): void {
  addAll(sum, 1, credits);
}

function addAll(sum: Sum, count: number, credits = 0): void {
  sum.count += count;
  sum.credits += credits;
}

/** The first and last five minutes of a day. */
function atTurn(moment: string): boolean {
  const minute = moment.slice(11, 16);
  return minute < '00:05' || minute >= '23:55';
}
