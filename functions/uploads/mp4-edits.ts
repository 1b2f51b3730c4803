/**
 * How much of an MP4's or MOV's track is shown: a phone that shortens a film leaves all of it in the file and says in an edit
 * list which part is meant. Pure. ISO/IEC 14496-12, 8.6.6.
 */

interface Box {
  readonly type: string;
  /** Of its content, in the file. */
  readonly from: number;
  readonly to: number;
}

/** The seconds of all edits that show something of the track; undefined where none says how long it is. */
export function secondsOfEdits(bytes: Uint8Array, trackId: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const moov = boxesIn(view, 0, view.byteLength).find(({ type }) => type === 'moov');
  if (!moov) return undefined;
  const parts = boxesIn(view, moov.from, moov.to);
  const header = parts.find(({ type }) => type === 'mvhd');
  const timescale = header && timescaleOf(view, header);
  const track = parts.filter(({ type }) => type === 'trak').find(trak => idOf(view, trak) === trackId);
  if (!timescale || !track) return undefined;
  const edits = childOf(view, track, 'edts');
  const list = edits && childOf(view, edits, 'elst');
  const shown = list ? unitsShown(view, list) : 0;
  return shown > 0 ? shown / timescale : undefined;
}

/** Version and flags, then times of creation and change, each of 4 bytes, or of 8 in version 1. */
function timescaleOf(view: DataView, { from, to }: Box): number {
  const at = from + 4 + (isLong(view, from, to) ? 16 : 8);
  return at + 4 <= to ? view.getUint32(at) : 0;
}

function idOf(view: DataView, trak: Box): number | undefined {
  const header = childOf(view, trak, 'tkhd');
  if (!header) return undefined;
  const at = header.from + 4 + (isLong(view, header.from, header.to) ? 16 : 8);
  return at + 4 <= header.to ? view.getUint32(at) : undefined;
}

/** The sum of all entries that are no pause, whose media time is -1. */
function unitsShown(view: DataView, { from, to }: Box): number {
  const long = isLong(view, from, to);
  const each = long ? 20 : 12;
  let units = 0;
  for (let at = from + 8; at + each <= to; at += each) {
    const duration = long ? Number(view.getBigUint64(at)) : view.getUint32(at);
    const mediaTime = long ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
    if (mediaTime !== -1) units += duration;
  }
  return units;
}

const isLong = (view: DataView, from: number, to: number): boolean => from < to && view.getUint8(from) === 1;

function childOf(view: DataView, { from, to }: Box, wanted: string): Box | undefined {
  return boxesIn(view, from, to).find(({ type }) => type === wanted);
}

/** The boxes that lie side by side there, as far as they are whole. */
function boxesIn(view: DataView, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    const type = [4, 5, 6, 7].map(index => String.fromCharCode(view.getUint8(at + index))).join('');
    const short = view.getUint32(at);
    const head = short === 1 ? 16 : 8;
    if (at + head > to) break;
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    if (size < head || at + size > to) break;
    found.push({ type, from: at + head, to: at + size });
    at += size;
  }
  return found;
}
