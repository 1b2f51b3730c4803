/**
 * One page of a listing, in the order of the keys' UTF-8 bytes. Keys with the delimiter after the prefix are rolled into
 * common prefixes; the search jumps over what is rolled up, so a page costs its own length, not the bucket's.
 */
import { after } from './address.ts';

/** Where a page begins: at the first key that is not less than `from`, or, with `open`, greater. */
export interface Start {
  readonly from: string;
  readonly open: boolean;
}

export interface Page<T> {
  readonly entries: readonly T[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins; undefined on the last. */
  readonly next: Start | undefined;
}

/** `seek` answers up to `limit` entries from `start` on, in order, whose keys begin with `prefix`. */
export function listPage<T extends { readonly key: string }>(
  seek: (start: Start, limit: number) => readonly T[],
  { prefix, delimiter, limit, start }: { prefix: string; delimiter: string; limit: number; start: Start },
): Page<T> {
  const entries: T[] = [];
  const commonPrefixes: string[] = [];
  let at: Start | undefined = start;
  while (at && limit > 0) {
    const room: number = limit - entries.length - commonPrefixes.length;
    const found = seek(at, room + 1);
    let jump: Start | undefined;
    for (const entry of found) {
      if (entries.length + commonPrefixes.length === limit) return { entries, commonPrefixes, next: at };
      const end = delimiter === '' ? -1 : entry.key.indexOf(delimiter, prefix.length);
      if (end < 0) {
        entries.push(entry);
        at = { from: entry.key, open: true };
        continue;
      }
      const common = entry.key.slice(0, end + delimiter.length);
      commonPrefixes.push(common);
      const beyond = after(common);
      jump = beyond === undefined ? undefined : { from: beyond, open: false };
      if (jump === undefined) return { entries, commonPrefixes, next: undefined };
      at = jump;
      break;
    }
    if (!jump) at = undefined;
  }
  return { entries, commonPrefixes, next: undefined };
}
