/**
 * Whether the tables of an MP4 or MOV are as long as they say. A reader that believes them runs for minutes over a file
 * of 3 kB in which one byte was changed, and nothing can interrupt it: so this looks first, in time that grows with the
 * bytes alone. Pure. ISO/IEC 14496-12, sections 8.6 to 8.8.
 */

const FOLDERS = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'edts', 'mvex', 'moof', 'traf'];
/** Bytes of one entry, of tables that begin with version, flags and a count. */
const ENTRY_BYTES: Readonly<Record<string, number>> = {
  stts: 8,
  ctts: 8,
  stsc: 12,
  stco: 4,
  co64: 8,
  stss: 4,
  elst: 12,
};
/** More than 30 s of audio at 96 kHz have, a sample each. */
const MOST_SAMPLES = 4_000_000;
/** A video of 30 s has some hundreds, in fragments some thousands. */
const MOST_BOXES = 50_000;
/** A table of samples lies five folders deep; who reads deeper ones runs out of stack. */
const MOST_FOLDERS = 12;

interface Walk {
  readonly view: DataView;
  boxes: number;
}

/** False where a table claims more than its box holds or than a file of half a minute can have, or lies deeper than any does. */
export function tablesHold(bytes: Uint8Array): boolean {
  const walk = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), boxes: 0 };
  return boxesHold(walk, 0, bytes.length, 0);
}

function boxesHold(walk: Walk, from: number, to: number, folders: number): boolean {
  if (folders > MOST_FOLDERS) return false;
  const { view } = walk;
  let samples = MOST_SAMPLES;
  let perChunk = 0;
  for (let at = from; at + 8 <= to; ) {
    if (++walk.boxes > MOST_BOXES) return false;
    const type = [4, 5, 6, 7].map(index => String.fromCharCode(view.getUint8(at + index))).join('');
    const { size, head } = sizeOf(view, at, to);
    const end = at + size;
    // What is cut off is the reader's to refuse: what lies behind it is read by nobody.
    if (size < head || end > to) return !(type in ENTRY_BYTES) && !FOLDERS.includes(type);
    const body = at + head;
    const holds = FOLDERS.includes(type) ? boxesHold(walk, body, end, folders + 1) : tableHolds(view, type, body, end);
    if (!holds) return false;
    if (type === 'stsz') samples = Math.min(samples, view.getUint32(body + 8));
    if (type === 'stsc') perChunk = mostPerChunk(view, body);
    at = end;
  }
  return perChunk <= samples;
}

function sizeOf(view: DataView, at: number, to: number): { size: number; head: number } {
  const size = view.getUint32(at);
  if (size === 0) return { size: to - at, head: 8 };
  if (size !== 1) return { size, head: 8 };
  return { size: at + 16 <= to ? Number(view.getBigUint64(at + 8)) : 0, head: 16 };
}

function tableHolds(view: DataView, type: string, body: number, end: number): boolean {
  const entry = ENTRY_BYTES[type];
  if (entry !== undefined) return body + 8 <= end && view.getUint32(body + 4) * entry <= end - body - 8;
  if (type === 'stsz') {
    if (body + 12 > end) return false;
    const [same, count] = [view.getUint32(body + 4), view.getUint32(body + 8)];
    return count <= MOST_SAMPLES && (same !== 0 || count * 4 <= end - body - 12);
  }
  if (type === 'trun') return body + 8 <= end && runHolds(view, body, end);
  return true;
}

/** A run's samples have four bytes for each of four flags, and with none of them none: then only the count is a bound. */
function runHolds(view: DataView, body: number, end: number): boolean {
  const flags = view.getUint32(body) & 0xffffff;
  const count = view.getUint32(body + 4);
  const each = [0x100, 0x200, 0x400, 0x800].filter(flag => flags & flag).length * 4;
  return count <= MOST_SAMPLES && count * each <= end - body - 8;
}

function mostPerChunk(view: DataView, body: number): number {
  let most = 0;
  const count = view.getUint32(body + 4);
  for (let index = 0; index < count; index++) most = Math.max(most, view.getUint32(body + 8 + index * 12 + 4));
  return most;
}
