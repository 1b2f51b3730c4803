/**
 * The ledger against what counts beside it: jobs and API Gateway by account and plan, counts of usage by account. Each
 * difference is a row with its cause, and `unexplained` where no cause is known; what is equal makes no row.
 */
import type { Row } from './dataset-contract.ts';
import { type DayTally, MEASURES, type Sum, type Tally } from './tally.ts';

export const CAUSES = {
  job_open: 'Held on this day, and not settled by its end.',
  started_earlier: 'Settled on this day, and held on one before it.',
  requests_without_job: 'Requests that started no job: polls, lists, uploads, and calls that were refused.',
  plan_changed: 'API Gateway counts by the plan that it knew, admission by the plan at that moment.',
  counted_late: "Started within minutes of the day's turn: API Gateway counts on the day beside.",
  key_unknown: 'API Gateway counted a key of which nobody knows any more whose it was.',
  unexplained: 'No cause is known.',
} as const;
export type Cause = keyof typeof CAUSES;

export interface Difference {
  readonly accountId: string;
  /** Absent where all plans are meant. */
  readonly plan?: string;
  readonly measure: string;
  readonly beside: 'jobs' | 'usage' | 'settled' | 'gateway' | 'lots';
  readonly ledger: number;
  readonly counted: number;
  readonly cause: Cause;
}

/** `name` is the account's, empty where there is none. */
export function differenceRow(difference: Difference, name: string): Row {
  const { accountId, plan, measure, beside, ledger, counted, cause } = difference;
  return [accountId, plan ?? null, measure, beside, ledger, counted, ledger - counted, cause, name || null];
}

export function* reconcile(tally: DayTally): Generator<Difference> {
  for (const { accountId, plans, usage } of tally.accounts()) {
    for (const plan of plans) {
      const place = { accountId, plan: plan.plan };
      for (const measure of MEASURES) {
        yield* compare({ ...place, measure, beside: 'jobs' }, plan.ledger[measure], plan.jobs[measure]);
      }
      yield* settled(plan);
    }
    for (const measure of MEASURES) {
      const ledger = total(plans.map(plan => plan.ledger[measure]));
      yield* compare({ accountId, measure, beside: 'usage' }, ledger, usage[measure]);
    }
    yield* requests(accountId, plans);
  }
  for (const { keyId, plan, requests: counted } of tally.orphans) {
    if (counted > 0) {
      const place = { accountId: '', plan, measure: `requests of ${keyId}`, beside: 'gateway' } as const;
      yield { ...place, ledger: 0, counted, cause: 'key_unknown' };
    }
  }
}

/** One transaction writes both sides with one time: where they differ, no cause is known. */
function* compare(
  place: Omit<Difference, 'ledger' | 'counted' | 'cause'>,
  ledger: Sum,
  counted: Sum,
): Generator<Difference> {
  const { measure, ...rest } = place;
  for (const unit of ['count', 'credits'] as const) {
    if (ledger[unit] === counted[unit]) continue;
    yield {
      ...rest,
      measure: named(measure, unit),
      ledger: ledger[unit],
      counted: counted[unit],
      cause: 'unexplained',
    };
  }
}

/** What was held and what was settled of a day differ by the jobs that lie across its ends. */
function* settled({ accountId, plan, ledger, open, earlier }: Tally): Generator<Difference> {
  for (const unit of ['count', 'credits'] as const) {
    const place = { accountId, plan, measure: named('settled', unit), beside: 'settled' } as const;
    const held = ledger.started[unit];
    const ended = ledger.charged[unit] + ledger.released[unit];
    if (open[unit] > 0) yield { ...place, ledger: held, counted: held - open[unit], cause: 'job_open' };
    if (earlier[unit] > 0) yield { ...place, ledger: ended - earlier[unit], counted: ended, cause: 'started_earlier' };
    if (held - open[unit] !== ended - earlier[unit]) {
      yield { ...place, ledger: held - open[unit], counted: ended - earlier[unit], cause: 'unexplained' };
    }
  }
}

/** Each job took a request at least, in all plans together; in one plan not, where the account changed it. */
function* requests(accountId: string, plans: readonly Tally[]): Generator<Difference> {
  const all = { ledger: 0, counted: 0, atTurn: 0 };
  for (const tally of plans) {
    all.ledger += tally.ledger.started.count;
    all.counted += tally.requests;
    all.atTurn += tally.atTurn;
  }
  const enough = all.counted >= all.ledger;
  for (const { plan, ledger, requests: counted } of plans) {
    const held = ledger.started.count;
    const place = { accountId, plan, measure: 'requests', beside: 'gateway', ledger: held, counted } as const;
    if (counted > held) yield { ...place, cause: 'requests_without_job' };
    if (counted < held && enough) yield { ...place, cause: 'plan_changed' };
  }
  if (enough) return;
  const cause = all.ledger - all.counted <= all.atTurn ? 'counted_late' : 'unexplained';
  yield { accountId, measure: 'requests', beside: 'gateway', ledger: all.ledger, counted: all.counted, cause };
}

function named(measure: string, unit: 'count' | 'credits'): string {
  return unit === 'count' ? measure : `${measure}_credits`;
}

function total(sums: readonly Sum[]): Sum {
  return {
    count: sums.reduce((sum, { count }) => sum + count, 0),
    credits: sums.reduce((sum, { credits }) => sum + credits, 0),
  };
}
