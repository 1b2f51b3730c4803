/**
 * Counts of usage, and where they stand. Each pair of a video's metadata has counts of its own beside those of the account,
 * by key, month, value and day: so what has one pair is read as a few ranges, and the values of one key as one.
 */
import { keyDigest } from '../data/item-keys.ts';

/** A count of usage: what an account made on one day with one function, model and key. */
export interface UsageCount {
  readonly day: string;
  readonly function: string;
  /** Empty for functions that have no models. */
  readonly model: string;
  readonly keyId: string;
  /** Where it counts only what has this pair of metadata. */
  readonly pair?: readonly [string, string];
  readonly started?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly cancelled?: number;
  readonly rejected?: number;
  /** Credits: set aside, earned by the platform, given back. */
  readonly held?: number;
  readonly charged?: number;
  readonly released?: number;
  /** Seconds of finished video. */
  readonly seconds?: number;
}

/** The sort key of a day's counts begins so; days sort as text. */
export const usagePrefix = (day: string): string => `USAGE#${day}`;

/** For so many days the counts of pairs are kept, and can be read. */
export const PAIR_DAYS = 400;

/** The sort key of the count of a pair on a day begins so. */
export function pairUsagePrefix(day: string, [key, value]: readonly [string, string]): string {
  return `${pairMonth(day.slice(0, 7), key)}#${keyDigest(value)}#${day.slice(8)}`;
}

const pairMonth = (month: string, key: string): string => `USAGE_OF#${keyDigest(key)}#${month}`;

/** Sort keys between which counts stand, both inclusive. */
export interface UsageRange {
  readonly first: string;
  readonly last: string;
}

/** What is counted: everything, what has a key of metadata, or what has one pair. */
export interface UsageSubject {
  readonly key?: string;
  readonly value?: string;
}

/** Where the counts of these UTC days stand, in their order; those of a key are among others of the same months. */
export function usageRanges(
  { from, to }: { from: string; to: string },
  { key, value }: UsageSubject = {},
): UsageRange[] {
  if (key === undefined) return [{ first: usagePrefix(from), last: `${usagePrefix(to)}#~` }];
  const months = monthsOf(from, to);
  if (value === undefined) {
    return [{ first: pairMonth(from.slice(0, 7), key), last: `${pairMonth(to.slice(0, 7), key)}#~` }];
  }
  return months.map(month => {
    const [first, last] = [from, to].map(day => (day.startsWith(month) ? day : undefined));
    return {
      first: pairUsagePrefix(first ?? `${month}-01`, [key, value]),
      last: `${pairUsagePrefix(last ?? `${month}-31`, [key, value])}#~`,
    };
  });
}

function monthsOf(from: string, to: string): string[] {
  const months: string[] = [];
  const at = new Date(`${from.slice(0, 7)}-01T00:00:00Z`);
  for (; at.toJSON().slice(0, 10) <= to; at.setUTCMonth(at.getUTCMonth() + 1)) months.push(at.toJSON().slice(0, 7));
  return months;
}
