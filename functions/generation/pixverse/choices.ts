/** What a creation of the PixVerse dialect may name, as its lists show it. Pure. */
import { LOOKS } from '../../catalogue/styles.ts';
import { TEMPLATES } from '../../catalogue/templates.ts';

export interface PageMembers {
  /** From 1. */
  readonly page_num?: number | undefined;
  readonly page_size?: number | undefined;
}

const PAGE_SIZE = 20;

/** A page of a list that is known whole, with how many there are; all of it where no page is asked for. */
export function pageOf<Item>(
  items: readonly Item[],
  { page_num, page_size }: PageMembers,
): { total: number; data: Item[] } {
  if (page_num === undefined && page_size === undefined) return { total: items.length, data: [...items] };
  const size = page_size ?? PAGE_SIZE;
  const first = ((page_num ?? 1) - 1) * size;
  return { total: items.length, data: items.slice(first, first + size) };
}

export const LISTED_STYLES = LOOKS.map(({ id, name, words }) => ({
  restyle_id: id,
  restyle_name: name,
  description: words,
}));

/** Every template may be used by every account. */
export const LISTED_TEMPLATES = TEMPLATES.map(({ id, name, description, images, kind }) => ({
  template_id: id,
  name,
  description,
  img_count: images,
  activated: true,
  type: kind === 'video' ? (1 as const) : (2 as const),
}));
