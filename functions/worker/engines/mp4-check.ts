/**
 * Whether a downloaded file can be an MP4 with a picture that plays: a walk over its boxes (ISO/IEC 14496-12), no
 * decoder. The studio, in a process of its own, reads it for real.
 */
import { type FileHandle, open } from 'node:fs/promises';

/** `cut`: it ends before its own boxes do. `foreign`: another format, or a codec that no engine of ours writes. */
export type Mp4Verdict = { readonly kind: 'whole' } | { readonly kind: 'cut' | 'foreign'; readonly why: string };

interface Box {
  readonly type: string;
  /** Of what the box holds. */
  readonly start: number;
  readonly end: number;
}

/** Sample entries of codecs that every FFmpeg decodes. */
const CODECS = ['avc1', 'avc3', 'hvc1', 'hev1', 'av01', 'vp09', 'mp4v'];
/** The index of a clip of seconds is some kilobytes. */
const MAX_INDEX_BYTES = 16 * 1024 * 1024;
const HEADER = 16;

export async function checkMp4(path: string): Promise<Mp4Verdict> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const types: string[] = [];
    let index: Box | undefined;
    for (let at = 0; at < size; ) {
      const header = await readAt(file, at, Math.min(HEADER, size - at));
      const box = header.length < 8 ? undefined : boxAt(header, 0, at, size);
      if (types.length === 0 && box?.type !== 'ftyp') return { kind: 'foreign', why: 'it does not begin as an MP4' };
      if (!box || box.end > size) return { kind: 'cut', why: `it ends within ${box?.type ?? 'a header'}` };
      types.push(box.type);
      if (box.type === 'moov') index = box;
      at = box.end;
    }
    if (!index) return size === 0 ? { kind: 'cut', why: 'it is empty' } : { kind: 'cut', why: 'it has no moov' };
    if (!types.includes('mdat')) return { kind: 'cut', why: 'it has no mdat' };
    if (index.end - index.start > MAX_INDEX_BYTES) return { kind: 'foreign', why: 'its moov is too large' };
    return checkIndex(await readAt(file, index.start, index.end - index.start));
  } finally {
    await file.close();
  }
}

function checkIndex(moov: Buffer): Mp4Verdict {
  const codecs = childrenOf(moov, 'trak').flatMap(trak => {
    const media = within(trak, 'mdia');
    // hdlr: version and flags, four reserved bytes, then the kind of track.
    if (within(media, 'hdlr').toString('latin1', 8, 12) !== 'vide') return [];
    // stsd: version and flags, the number of entries, then the first entry's size and codec.
    return [within(within(within(media, 'minf'), 'stbl'), 'stsd').toString('latin1', 12, 16)];
  });
  if (codecs.length === 0) return { kind: 'foreign', why: 'it has no picture' };
  const odd = codecs.find(codec => !CODECS.includes(codec));
  return odd === undefined ? { kind: 'whole' } : { kind: 'foreign', why: `its codec is ${JSON.stringify(odd)}` };
}

/** What the first box of this type holds; nothing where there is none. */
function within(parent: Buffer, type: string): Buffer {
  return childrenOf(parent, type)[0] ?? Buffer.alloc(0);
}

function childrenOf(parent: Buffer, type: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 8 <= parent.length; ) {
    const box = boxAt(parent, at, at, parent.length);
    if (!box || box.end > parent.length) break;
    if (box.type === type) found.push(parent.subarray(box.start, box.end));
    at = box.end;
  }
  return found;
}

/** The box whose header stands at `at` of `bytes`, placed at `offset` of its file; undefined where it makes no sense. */
function boxAt(bytes: Buffer, at: number, offset: number, fileEnd: number): Box | undefined {
  const size = bytes.readUInt32BE(at);
  const type = bytes.toString('latin1', at + 4, at + 8);
  if (size === 0) return { type, start: offset + 8, end: fileEnd };
  if (size !== 1) return size < 8 ? undefined : { type, start: offset + 8, end: offset + size };
  if (at + HEADER > bytes.length) return undefined;
  const long = bytes.readBigUInt64BE(at + 8);
  if (long < BigInt(HEADER) || long > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return { type, start: offset + HEADER, end: offset + Number(long) };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
