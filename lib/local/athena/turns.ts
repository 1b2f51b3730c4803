/** Does `work` with each item in order, so many in one go before others of this process get their turn. */
export async function inTurns<T, R>(
  items: readonly T[],
  atATime: number,
  work: (item: T, n: number) => R,
): Promise<R[]> {
  const done: R[] = [];
  for (const [n, item] of items.entries()) {
    done.push(work(item, n));
    if (n % atATime === atATime - 1) await new Promise(setImmediate);
  }
  return done;
}
