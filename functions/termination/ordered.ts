/** Ends of service that the ladder of standing has ordered, among what the stream of the jobs table brings. Pure. */
import type { StreamedItem } from '../data/stream-records.ts';

export const ORDERED = 'account.termination_ordered';
const REASON = 'the standing of the account came to its end: serious violations were not corrected after warnings';

export interface OrderedEnd {
  readonly accountId: string;
  readonly reason: string;
}

export function orderedEnds(items: readonly StreamedItem[]): OrderedEnd[] {
  return items
    .filter(({ change, item }) => change === 'INSERT' && String(item.sk).startsWith('EVENT#') && item.type === ORDERED)
    .map(({ item: { pk, detail } }) => {
      const { reason } = Object(detail) as { reason?: unknown };
      return { accountId: String(pk), reason: typeof reason === 'string' && reason !== '' ? reason : REASON };
    });
}
