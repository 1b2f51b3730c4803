/** Rules over a recorded day: what they would have done, with nothing written. */
import { accountsByAge } from '../accounts/accounts-store.ts';
import { PAST_DAYS, type RiskRule } from '../catalogue/risk-rules.ts';
import { type DryHit, DryRun } from './dry-run.ts';
import { recordedEvents } from './recorded-use-store.ts';
import { useOf } from './use.ts';

export interface ReplayRequest {
  /** UTC, such as `2026-11-30`. */
  readonly day: string;
  readonly rules: readonly RiskRule[];
}

export interface Replayed {
  readonly accountId: string;
  /** Calls of the day. */
  readonly calls: number;
  readonly hits: readonly DryHit[];
}

const DAY_MS = 24 * 3600_000;
const ACCOUNTS_A_PAGE = 100;

/** Account after account, page by page: each with its own past, which is read first. */
export async function* replayDay(
  { tables }: { readonly tables: { readonly core: string; readonly audit: string } },
  request: ReplayRequest,
): AsyncGenerator<Replayed> {
  let page: Awaited<ReturnType<typeof accountsByAge>> | undefined;
  do {
    page = await accountsByAge(tables.core, { limit: ACCOUNTS_A_PAGE, ...(page?.next && { after: page.next }) });
    for (const { accountId } of page.rows) yield replayAccount(tables.audit, accountId, request);
  } while (page.next);
}

async function replayAccount(table: string, accountId: string, { day, rules }: ReplayRequest): Promise<Replayed> {
  const begins = Date.parse(day);
  const run = new DryRun(rules);
  const hits: DryHit[] = [];
  let calls = 0;
  const span = { from: begins - PAST_DAYS * DAY_MS, to: begins + DAY_MS };
  for await (const event of recordedEvents(table, accountId, span)) {
    const use = useOf(event);
    if (!use) continue;
    const met = run.take(use);
    if (use.at < begins) continue;
    calls++;
    hits.push(...met);
  }
  return { accountId, calls, hits };
}
