/** A WAV file of one channel that says which: a reader that must place the channel has to be told it is the middle one. */

/** What espeak-ng speaks at, in hertz. */
export const WAV_RATE = 22_050;
const BYTES_A_SAMPLE = 2;
const EXTENSIBLE = 0xfffe;
const FRONT_CENTRE = 4;
/** "PCM" as the extensible format names it. */
const PCM = Buffer.from('0100000000001000800000aa00389b71', 'hex');

/** Around little-endian samples of 16 bits at `WAV_RATE`. */
export function wavOf(samples: Uint8Array): Buffer {
  const header = Buffer.alloc(68);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(60 + samples.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(40, 16);
  header.writeUInt16LE(EXTENSIBLE, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(WAV_RATE, 24);
  header.writeUInt32LE(WAV_RATE * BYTES_A_SAMPLE, 28);
  header.writeUInt16LE(BYTES_A_SAMPLE, 32);
  header.writeUInt16LE(16, 34);
  header.writeUInt16LE(22, 36);
  header.writeUInt16LE(16, 38);
  header.writeUInt32LE(FRONT_CENTRE, 40);
  PCM.copy(header, 44);
  header.write('data', 60, 'latin1');
  header.writeUInt32LE(samples.length, 64);
  return Buffer.concat([header, samples]);
}

/** Seconds of such samples. */
export function secondsOf(samples: Uint8Array): number {
  return samples.length / BYTES_A_SAMPLE / WAV_RATE;
}
