/** A page of a list that is known whole: all of it where no page is asked for. Pure. */

export interface PageMembers {
  /** From 1. */
  readonly page_num?: number | undefined;
  readonly page_size?: number | undefined;
}

const PAGE_SIZE = 20;

/** As PixVerse answers lists: how many there are, and those of the page. */
export function pageOf<Item>(
  items: readonly Item[],
  { page_num, page_size }: PageMembers,
): { total: number; data: Item[] } {
  if (page_num === undefined && page_size === undefined) return { total: items.length, data: [...items] };
  const size = page_size ?? PAGE_SIZE;
  const first = ((page_num ?? 1) - 1) * size;
  return { total: items.length, data: items.slice(first, first + size) };
}
