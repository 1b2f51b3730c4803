/**
 * Which messages a receive takes. SQS calls a tenant (a message group of a standard queue) noisy once it holds more than
 * 10 % of what is in flight and at least 30 messages, or 10 % of recent processing time, and delivers noisy tenants'
 * messages after all others. Here the rule is simpler and stricter: the tenant with the fewest messages in flight comes
 * first, among equals the one that was served longest ago, and then the oldest message. So tenants take turns even where
 * a single worker has nothing in flight whenever it asks: the effect that AWS documents, for one machine. A message without a group is a tenant of its own, with nothing in flight. Pure.
 */

/** The tenant of messages without a group: it never counts as holding any. */
export const NO_GROUP = '';

export interface Head {
  readonly tenant: string;
  /** The oldest message that is ready. */
  readonly seq: number;
  /** How many messages the tenant has in flight. */
  readonly inFlight: number;
  /** Grows with each delivery of the queue: when the tenant was last served; 0 for one that was not, lately. */
  readonly turn: number;
}

/** Up to `most` messages in the order of delivery; `nextOf` answers the tenant's oldest ready message after another. */
export function fairOrder(
  heads: readonly Head[],
  most: number,
  nextOf: (tenant: string, after: number) => number | undefined,
): number[] {
  const waiting = new Map(heads.map(head => [head.tenant, head]));
  const taken: number[] = [];
  while (taken.length < most && waiting.size > 0) {
    const first = [...waiting.values()].reduce((best, head) => (before(head, best) ? head : best));
    taken.push(first.seq);
    const next = nextOf(first.tenant, first.seq);
    if (next === undefined) waiting.delete(first.tenant);
    else
      waiting.set(first.tenant, {
        ...first,
        seq: next,
        ...(first.tenant !== NO_GROUP && { inFlight: first.inFlight + 1, turn: Number.POSITIVE_INFINITY }),
      });
  }
  return taken;
}

function before(one: Head, other: Head): boolean {
  if (one.inFlight !== other.inFlight) return one.inFlight < other.inFlight;
  return one.turn === other.turn ? one.seq < other.seq : one.turn < other.turn;
}
