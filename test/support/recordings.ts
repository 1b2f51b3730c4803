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
