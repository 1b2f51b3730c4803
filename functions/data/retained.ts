/**
 * What ends by itself stands in the jobs table's index of what somebody should look at, beside open jobs, until it is
 * removed. An item is spread by its id, so that no partition takes all writes of a busy day. Pure.
 */
const SHARDS = 16;

const shardOf = (id: number): string => `ENDS#${String(id % SHARDS).padStart(2, '0')}`;

/** All partitions of what ends. */
export const RETAINED_SHARDS: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => shardOf(shard));

/** The members by which an item is found when it has ended, at `keptUntilMs`. */
export function dueToEnd(id: number, keptUntilMs: number): { readonly openShard: string; readonly dueAt: number } {
  return { openShard: shardOf(id), dueAt: keptUntilMs };
}
