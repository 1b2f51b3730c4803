/**
 * WAV files whose samples are packed in blocks, as telephones and old recorders write them: the reader of indexes knows raw
 * samples alone. How long they last is worked out from their bytes: what the file says of its length counts for nothing.
 * Pure. Source: Multimedia Programming Interface and Data Specifications 1.0, and RFC 2361.
 */

export interface BlockSound {
  readonly codec: 'adpcm-ms' | 'adpcm-ima';
  readonly seconds: number;
}

/** By format tag: the codec, and per channel the bytes of a block's head and the samples that lie in it. Each sample after them has 4 bits. */
const TAGS: ReadonlyMap<number, { codec: BlockSound['codec']; headBytes: number; headSamples: number }> = new Map([
  [0x02, { codec: 'adpcm-ms', headBytes: 7, headSamples: 2 }],
  [0x11, { codec: 'adpcm-ima', headBytes: 4, headSamples: 1 }],
]);
const SAMPLE_BITS = 4;
/** What the reader of indexes knows: whole numbers, fractions, A-law, mu-law, MP3, and whichever of them an extended header says. */
const READ_TAGS = [0x01, 0x03, 0x06, 0x07, 0x55, 0xfffe];

/** Whether it is a WAV in a codec that nothing here reads: whole perhaps, and not to be used. */
export function isUnreadWave(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { name, body } of chunksOf(view)) {
    if (name === 'fmt ') return body + 2 <= view.byteLength && !READ_TAGS.includes(view.getUint16(body, true));
  }
  return false;
}

/** What the WAV holds; undefined where it is none, is not whole, or holds anything else. */
export function blockSound(bytes: Uint8Array): BlockSound | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: { codec: BlockSound['codec']; rate: number; blockBytes: number; blockSamples: number } | undefined;
  for (const { name, body, size } of chunksOf(view)) {
    if (name === 'fmt ') format = formatAt(view, body, size);
    if (name === 'data') {
      if (!format) return undefined;
      // A writer that could not go back says that it wrote 4 GB.
      const held = Math.min(size, view.byteLength - body);
      const blocks = Math.floor(held / format.blockBytes);
      return { codec: format.codec, seconds: (blocks * format.blockSamples) / format.rate };
    }
  }
  return undefined;
}

/** The chunks of a WAV, with the places of their bodies; none of any other file. */
function* chunksOf(view: DataView): Generator<{ name: string; body: number; size: number }> {
  if (nameAt(view, 0) !== 'RIFF' || nameAt(view, 8) !== 'WAVE') return;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    yield { name: nameAt(view, at), body: at + 8, size };
    at += 8 + size + (size & 1);
  }
}

function formatAt(view: DataView, at: number, size: number) {
  if (size < 16 || at + 16 > view.byteLength) return undefined;
  const tag = TAGS.get(view.getUint16(at, true));
  const channels = view.getUint16(at + 2, true);
  const rate = view.getUint32(at + 4, true);
  const blockBytes = view.getUint16(at + 12, true);
  if (!tag || view.getUint16(at + 14, true) !== SAMPLE_BITS || channels < 1 || channels > 2 || rate < 1) {
    return undefined;
  }
  const packed = blockBytes - tag.headBytes * channels;
  if (packed < 0) return undefined;
  const blockSamples = tag.headSamples + Math.floor((packed * 8) / SAMPLE_BITS / channels);
  return { codec: tag.codec, rate, blockBytes, blockSamples };
}

function nameAt(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return '';
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
