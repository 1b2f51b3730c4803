/** What was done with a key that others may have had, from the counts of usage. Pure. */
import type { z } from 'zod';
import type { UsageCount } from '../credits/usage-count.ts';
import type { KeyUsage } from '../credits/usage-store.ts';
import type { keyObject, leakReport as leakReportObject } from './object-contract.ts';

/** Set by us: further back is in the activity and in the reports of usage. */
export const LEAK_DAYS = 30;

type Report = z.output<typeof leakReportObject>;

export function leakReport(key: z.output<typeof keyObject>, { counts, from, to, complete }: KeyUsage): Report {
  const made = Map.groupBy(counts, ({ function: name, model }) => JSON.stringify([name, model]));
  return {
    ...{ object: 'key.leak_report', key, counted_from: from, counted_to: to, complete, total: sum(counts) },
    by_function: [...made.values()].map(of => ({
      ...{ function: of[0]?.function ?? '', model: of[0]?.model ?? '' },
      ...sum(of),
    })),
    activity: `/v1/keys/${key.id}/activity`,
  };
}

function sum(counts: readonly UsageCount[]): Report['total'] {
  const all = (member: 'started' | 'succeeded' | 'failed' | 'cancelled' | 'rejected' | 'charged' | 'released') =>
    counts.reduce((total, count) => total + (count[member] ?? 0), 0);
  return {
    ...{ started: all('started'), succeeded: all('succeeded'), failed: all('failed') },
    ...{ cancelled: all('cancelled'), rejected: all('rejected') },
    ...{ credits_charged: all('charged'), credits_released: all('released') },
  };
}
