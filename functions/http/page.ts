/** A page of a list, as every list of ours has it: its items, what the next page begins after, and whether there is one. Pure. */

/** Of a list that is read on by the ids of its items. */
export function pageOfIds<Item extends { readonly id: string }>(items: readonly Item[], more: boolean) {
  return pageOfPlaces(items, { first: items[0]?.id, last: items.at(-1)?.id, more });
}

/** Of a list that is read on by places: `last` is as far as was looked, also where nothing was found there. */
export function pageOfPlaces<Item>(
  items: readonly Item[],
  { first, last, more }: { first: string | undefined; last: string | undefined; more: boolean },
) {
  return { object: 'list' as const, data: [...items], first_id: first ?? null, last_id: last ?? null, has_more: more };
}

/** Of a list that is never longer than one answer. */
export function wholeList<Item>(items: readonly Item[]) {
  return { object: 'list' as const, data: [...items], has_more: false as const };
}
