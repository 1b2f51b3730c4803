/**
 * The speech process: takes one text from its parent, writes a WAV file, answers, ends. espeak-ng is GPL-3 software compiled to
 * WebAssembly and is imported here alone, so it runs in a process of its own and talks to the rest over a channel.
 * Whatever cannot be spoken becomes a short silence.
 */
import { writeFile } from 'node:fs/promises';
import startEspeak from 'espeak-ng';
import { type SpeechJob, type SpeechMessage, type Spoken, speakable } from './run-speech.ts';

/** What espeak-ng speaks at, in hertz. */
const WAV_RATE = 22_050;
const BYTES_A_SAMPLE = 2;
const EXTENSIBLE = 0xfffe;
const FRONT_CENTRE = 4;
/** "PCM" as the extensible format names it. */
const PCM = Buffer.from('0100000000001000800000aa00389b71', 'hex');

/** Of the plain WAV file that espeak-ng writes: mono, 16 bits, `WAV_RATE`. */
const ESPEAK_HEADER_BYTES = 44;
const SILENCE_SECONDS = 0.4;
/** Words a minute that can still be followed. */
const FASTEST_PACE = 390;
const FITTINGS = 4;

interface Utterance {
  readonly samples: Uint8Array;
  readonly phonemes: string;
}

const SILENCE: Utterance = { samples: new Uint8Array(2 * Math.round(SILENCE_SECONDS * WAV_RATE)), phonemes: '' };

/** Each call is a new instance with a file system of its own: espeak-ng's command line ends with its first text. */
async function utter(job: SpeechJob, pace: number): Promise<Utterance> {
  const voice = job.throat === '' ? job.tongue : `${job.tongue}+${job.throat}`;
  // -D: its random flutter is the same at every run; -z: no pause after the last sentence.
  const espeak = await startEspeak({
    // biome-ignore format: an option and its value stay together
    arguments: [
      '-D', '-z', '-b', '1', '-v', voice, '-p', `${job.pitch}`, '-s', `${pace}`,
      '--ipa', '--sep=_', '--phonout', '/phonemes', '-w', '/speech.wav', '-f', '/text',
    ],
    preRun: [({ FS }) => FS.writeFile('/text', speakable(job.text))],
    print: () => {},
    printErr: () => {},
  });
  return {
    samples: espeak.FS.readFile('/speech.wav').subarray(ESPEAK_HEADER_BYTES),
    phonemes: Buffer.from(espeak.FS.readFile('/phonemes')).toString('utf8').trim(),
  };
}

async function fitted(job: SpeechJob): Promise<Utterance> {
  let pace = job.pace;
  for (let attempt = 1; ; attempt++) {
    const said = await utter(job, Math.round(pace));
    const over = secondsOf(said.samples) / (job.fitSeconds ?? Number.POSITIVE_INFINITY);
    if (over <= 1 || pace >= FASTEST_PACE || attempt === FITTINGS) return said;
    pace = Math.min(FASTEST_PACE, pace * over * 1.04);
  }
}

async function speak(job: SpeechJob): Promise<Spoken> {
  const hasWords = /[\p{L}\p{N}\p{S}]/u.test(speakable(job.text));
  const said = hasWords ? await fitted(job) : SILENCE;
  const { samples, phonemes } = said.samples.length > 0 ? said : SILENCE;
  await writeFile(job.path, wavOf(samples));
  return { path: job.path, seconds: secondsOf(samples), phonemes };
}

function send(message: SpeechMessage): void {
  process.send?.(message, () => process.disconnect?.());
}

process.once('disconnect', () => process.exit());
process.once('message', job => {
  speak(job as SpeechJob).then(
    spoken => send({ type: 'spoken', spoken }),
    error => send({ type: 'failed', message: String(error) }),
  );
});

/** A WAV file around little-endian samples. It says which its channel is: a reader that must place it has to be told that it is the middle one. */
function wavOf(samples: Uint8Array): Buffer {
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
function secondsOf(samples: Uint8Array): number {
  return samples.length / BYTES_A_SAMPLE / WAV_RATE;
}
