/**
 * Sums of the counts of usage. Counts are kept for each day, function, model and key, so a report costs what it shows
 * and not what the account has made. A page holds whole counts: rows of one group on several pages add up.
 */
import * as z from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import { PAIR_DAYS, type UsageCount, type UsageSubject, usageRanges } from '../credits/usage-count.ts';
import { utcDay } from '../data/day-shard.ts';
import { cursorOf } from '../http/cursor.ts';
import type { readUsage } from './usage-contract.ts';

export interface UsagePeriod {
  /** UTC days, both included. */
  readonly from: string;
  readonly to: string;
  readonly groupBy: readonly string[];
  /** Where only what has a key of metadata, or one pair, is counted. */
  readonly subject?: UsageSubject;
  /** The sort key after which the next page begins. */
  readonly after?: string;
}

const LONGEST_DAYS = 92;
const USUAL_DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;
type Report = z.output<typeof readUsage.output>;
type Sums = Report['totals'];

/** The period that a query requests, the last 30 days where it names none; throws a Refusal that names the member. */
export function readUsagePeriod(input: z.output<typeof readUsage.input>, today: string): UsagePeriod {
  const { to = today, group_by = [], after } = input;
  const { from = utcDay(Date.parse(to) - (USUAL_DAYS - 1) * DAY_MS) } = input;
  if (from > to) throw new Refusal('invalid_parameter', 'from must not be after to', 'from');
  if ((Date.parse(to) - Date.parse(from)) / DAY_MS + 1 > LONGEST_DAYS) {
    throw new Refusal('invalid_parameter', `to must be within ${LONGEST_DAYS} days, the first included`, 'to');
  }
  const subject = subjectOf(input);
  if (subject && (Date.parse(today) - Date.parse(from)) / DAY_MS >= PAIR_DAYS) {
    throw new Refusal(
      'invalid_parameter',
      `from must be within the last ${PAIR_DAYS} days: what has metadata is counted for so long`,
      'from',
    );
  }
  const period = { from, to, groupBy: group_by, ...(subject && { subject }) };
  return { ...period, ...(after !== undefined && { after: cursorOf(placeWithin(period)).read(after) }) };
}

/** Counts are kept of each pair by itself: of two at once there are none. */
function subjectOf({ group_by = [], metadata = {} }: z.output<typeof readUsage.input>): UsageSubject | undefined {
  const [pair, ...morePairs] = Object.entries(metadata);
  const [key, ...moreKeys] = group_by.flatMap(name => (isMetadata(name) ? [name.slice(METADATA.length)] : []));
  if (morePairs.length > 0) {
    throw new Refusal('invalid_parameter', 'metadata must be one pair: each is counted by itself', 'metadata');
  }
  if (moreKeys.length > 0 || (pair && key !== undefined && pair[0] !== key)) {
    const message = 'group_by must name one key of metadata, the one that metadata names: each is counted by itself';
    throw new Refusal('invalid_parameter', message, 'group_by');
  }
  if (pair) return { key: pair[0], value: pair[1] };
  return key === undefined ? undefined : { key };
}

const METADATA = 'metadata.';

function isMetadata(group: string): boolean {
  return group.startsWith(METADATA);
}

/** The report of one page of counts; `next` is the sort key of its last count where more follow. */
export function reportUsage(period: UsagePeriod, counts: readonly UsageCount[], next: string | undefined): Report {
  const { from, to, groupBy } = period;
  const groups = new Map<string, Report['data'][number]>();
  const totals = empty();
  for (const count of counts) {
    const named = namesOf(count, groupBy);
    const id = JSON.stringify(named);
    const group = groups.get(id) ?? { ...named, ...empty() };
    groups.set(id, group);
    add(group, count);
    add(totals, count);
  }
  const rows = [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
  return {
    object: 'usage',
    from,
    to,
    group_by: [...groupBy],
    data: rows,
    totals,
    last_id: next === undefined ? null : cursorOf(placeWithin(period)).write(next),
    has_more: next !== undefined,
  };
}

function namesOf(count: UsageCount, groupBy: readonly string[]) {
  const [key, value] = count.pair ?? [];
  return {
    ...(groupBy.includes('day') && { day: count.day }),
    ...(groupBy.includes('function') && { function: count.function }),
    ...(groupBy.includes('model') && { model: count.model }),
    ...(groupBy.includes('key') && { key_id: count.keyId }),
    ...(key !== undefined && value !== undefined && groupBy.some(isMetadata) && { metadata: { [key]: value } }),
  };
}

function empty(): Sums {
  return {
    started: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    rejected: 0,
    credits_held: 0,
    credits_charged: 0,
    credits_released: 0,
    seconds: 0,
  };
}

function add(sums: Sums, count: UsageCount): void {
  sums.started += count.started ?? 0;
  sums.succeeded += count.succeeded ?? 0;
  sums.failed += count.failed ?? 0;
  sums.cancelled += count.cancelled ?? 0;
  sums.rejected += count.rejected ?? 0;
  sums.credits_held += count.held ?? 0;
  sums.credits_charged += count.charged ?? 0;
  sums.credits_released += count.released ?? 0;
  // Seconds are probed to the millisecond; adding binary fractions would drift.
  sums.seconds = Math.round((sums.seconds + (count.seconds ?? 0)) * 1000) / 1000;
}

/** Sort keys of the counts of a period. */
function placeWithin({ from, to, subject }: UsagePeriod) {
  const ranges = usageRanges({ from, to }, subject);
  return z
    .string()
    .regex(/^[ -~]*$/)
    .refine(place => ranges.some(({ first, last }) => place >= first && place <= last));
}
