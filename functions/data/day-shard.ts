/**
 * What is reported by the day is indexed by the day. A day's items are spread over shards by their account, so that no
 * partition takes all writes of a busy day: 16 shards of 1,000 writes a second each.
 */
import { crc32 } from 'node:zlib';

export const DAY_SHARDS = 16;

/** The UTC day of a moment (epoch ms), as `2026-11-23`. */
export function utcDay(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

const DAY_MS = 24 * 3600 * 1000;

/** The UTC day that is so many days after another, or before it where they are below zero. */
export function dayPlus(day: string, days: number): string {
  return utcDay(Date.parse(day) + days * DAY_MS);
}

/** `2026-11-23#07`: the partition of a day's items of this account. `moment` is epoch ms. */
export function dayShard(moment: number, accountId: string): string {
  return shardOf(utcDay(moment), crc32(accountId) % DAY_SHARDS);
}

/** All partitions of a day. */
export function dayShards(day: string): string[] {
  return Array.from({ length: DAY_SHARDS }, (_, shard) => shardOf(day, shard));
}

function shardOf(day: string, shard: number): string {
  return `${day}#${String(shard).padStart(2, '0')}`;
}
