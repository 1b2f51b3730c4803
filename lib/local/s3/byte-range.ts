/** The Range header of a GET. Pure. */
import { refusal } from './s3-error.ts';

export interface ByteRange {
  readonly first: number;
  /** Included. */
  readonly last: number;
}

/**
 * The bytes asked for of `size`; undefined for the whole object, which S3 also sends where the header is none that it
 * reads, such as one of several ranges. Throws InvalidRange (416) where no byte of it is there.
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const [all, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (all === undefined || (from === '' && to === '')) return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last) {
    throw refusal('InvalidRange', undefined, {
      RangeRequested: header,
      ActualObjectSize: size,
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  return { first, last };
}
