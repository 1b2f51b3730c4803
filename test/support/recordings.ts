/** Recordings for the tests, made of nothing but a tone. */

const RATE = 16_000;

/** A WAV of one tone, mono, 16 bits. */
export function toneWav(seconds: number, hertz = 220): Buffer {
  const samples = Math.round(seconds * RATE);
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(RATE * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(samples * 2, 40);
  for (let index = 0; index < samples; index++) {
    // It swells twice a second, as speech does.
    const loudness = 0.5 - 0.5 * Math.cos((4 * Math.PI * index) / RATE);
    wav.writeInt16LE(Math.round(12_000 * loudness * Math.sin((2 * Math.PI * hertz * index) / RATE)), 44 + index * 2);
  }
  return wav;
}

/** A WAV in which samples are packed in blocks, or as telephones send them: silence of `blocks` blocks. */
export function packedWav(packing: Packing, blocks: number, channels = 1, rate = 8_000): Buffer {
  const { tag, bits, blockBytes } = packing;
  const data = Buffer.alloc(blocks * blockBytes * channels, packing.silence);
  const wav = Buffer.alloc(46 + data.length);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(38 + data.length, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(18, 16);
  wav.writeUInt16LE(tag, 20);
  wav.writeUInt16LE(channels, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate, 28);
  wav.writeUInt16LE(blockBytes * channels, 32);
  wav.writeUInt16LE(bits, 34);
  wav.write('data', 38, 'latin1');
  wav.writeUInt32LE(data.length, 42);
  data.copy(wav, 46);
  return wav;
}

interface Packing {
  readonly tag: number;
  readonly bits: number;
  /** Of one channel. */
  readonly blockBytes: number;
  /** Samples of one channel in a block. */
  readonly samples: number;
  readonly silence: number;
}

export const PACKINGS = {
  'mu-law': { tag: 7, bits: 8, blockBytes: 1, samples: 1, silence: 0xff },
  'A-law': { tag: 6, bits: 8, blockBytes: 1, samples: 1, silence: 0xd5 },
  'ADPCM of Microsoft': { tag: 2, bits: 4, blockBytes: 256, samples: 500, silence: 0 },
  'ADPCM of the IMA': { tag: 0x11, bits: 4, blockBytes: 256, samples: 505, silence: 0 },
} as const satisfies Record<string, Packing>;

/** An MP3 of silence, 26 ms for each of its frames, with a JPEG as its cover where one is given. */
export function silentMp3(frames: number, cover?: Uint8Array): Buffer {
  // MPEG 1 layer 3 at 128 kbit/s: 417 bytes a frame.
  const sound = Buffer.alloc(frames * 417, Buffer.from([0xff, 0xfb, 0x90, 0x64, ...Array(413).fill(0)]));
  if (!cover) return sound;
  const body = Buffer.concat([Buffer.from('\0image/jpeg\0\u0003\0', 'latin1'), cover]);
  const frame = Buffer.concat([Buffer.from('APIC\0\0\0\0\0\0', 'latin1'), body]);
  frame.writeUInt32BE(body.length, 4);
  const tag = Buffer.from('ID3\u0003\0\0\0\0\0\0', 'latin1');
  // Seven bits to the byte.
  for (let byte = 0; byte < 4; byte++) tag[6 + byte] = (frame.length >> (7 * (3 - byte))) & 0x7f;
  return Buffer.concat([tag, frame, sound]);
}
