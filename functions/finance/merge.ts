/**
 * One stream out of the shards of a day, in one order: by time, then account, then id. A shard's pages come in the order
 * of time; what has the same time comes in any order, and is put in order here. Memory holds a page of each shard.
 */
export interface Placed<Item> {
  /** ISO 8601; orders as text. */
  readonly time: string;
  readonly account: string;
  readonly id: string;
  readonly item: Item;
}

type Pages<Item> = AsyncIterable<readonly Placed<Item>[]>;

export async function* merged<Item>(shards: readonly Pages<Item>[]): AsyncGenerator<Item> {
  const heads = await Promise.all(
    shards.map(async shard => {
      const iterator = ordered(shard)[Symbol.asyncIterator]();
      return { iterator, next: await iterator.next() };
    }),
  );
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.next.done) continue;
      if (!first || compare(head.next.value, first.next.value as Placed<Item>) < 0) first = head;
    }
    if (!first) return;
    yield (first.next.value as Placed<Item>).item;
    first.next = await first.iterator.next();
  }
}

/** A shard's items one by one; those of one moment are held together to be put in order. */
async function* ordered<Item>(pages: Pages<Item>): AsyncGenerator<Placed<Item>> {
  let moment: Placed<Item>[] = [];
  for await (const page of pages) {
    for (const placed of page) {
      const time = moment[0]?.time ?? placed.time;
      if (placed.time < time) throw new RangeError(`a shard goes back from ${time} to ${placed.time}`);
      if (placed.time > time) {
        yield* moment.sort(compare);
        moment = [];
      }
      moment.push(placed);
    }
  }
  yield* moment.sort(compare);
}

function compare(one: Placed<unknown>, other: Placed<unknown>): number {
  return order(one.time, other.time) || order(one.account, other.account) || order(one.id, other.id);
}

function order(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
