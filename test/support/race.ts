/** How races are run, and how their order is read. */
import type { AuditEvent } from '../../functions/audit/event.ts';
import type { PlanName } from '../../functions/catalogue/plans.ts';
import type { ProductTables } from './product-tables.ts';

/** How often each race is run; `npm run races` makes 200. */
export const RUNS = Number(process.env.RACES || 40);
/** At once. */
export const CALLERS = 20;
/** For a machine that has much else to do. */
export const TIMEOUT_MS = 180_000;

export const repeated = async <Result>(run: (n: number) => Promise<Result>): Promise<Result[]> => {
  const results: Result[] = [];
  for (let n = 0; n < RUNS; n++) results.push(await run(n));
  return results;
};
export const callers = <Result>(count: number, act: (n: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, n) => act(n)));
export const tally = (outcomes: readonly string[]) =>
  [...Map.groupBy(outcomes, outcome => outcome)].map(([outcome, all]) => `${outcome} ${all.length}`).join(', ');
export const admitted = (outcomes: readonly string[]): number =>
  outcomes.filter(outcome => outcome === 'admitted').length;

interface Ordered {
  readonly accountId: string;
  readonly sk?: string;
  readonly plan?: PlanName;
  readonly action?: string;
}

/** The jobs of each account, and the moment of `action` among them, in the order of all commits. */
export async function around(product: ProductTables, action: AuditEvent['action']) {
  const events = await product.inserted<Ordered>(product.tables.audit);
  const jobs = (await product.inserted<Ordered>(product.tables.jobs)).filter(({ item }) => item.sk?.startsWith('JOB#'));
  const byAccount = Map.groupBy(jobs, ({ item }) => item.accountId);
  return events
    .filter(({ item }) => item.action === action)
    .map(({ sequence, item: { accountId } }) => {
      const own = byAccount.get(accountId) ?? [];
      return {
        accountId,
        before: own.filter(job => job.sequence < sequence),
        after: own.filter(job => job.sequence > sequence),
      };
    });
}
