/** The voice of a clip as samples: a recording that is read, or a text that is spoken. */
import { join } from 'node:path';
import { fitted, SAMPLE_RATE } from '../../media/audio-reader.ts';
import type { ClipFormat, Stereo } from '../../media/frame-source.ts';
import { readAudio } from '../../media/video-reader.ts';
import type { SpeechSource } from '../source.ts';
import { type MouthShape, mouthTrack } from './mouth-track.ts';
import { runSpeech } from './run-speech.ts';
import { castLike, castSpeaker, type Delivery, estimateVoice, guessTongue } from './speaker.ts';

export interface Speech {
  /** At `SAMPLE_RATE`. */
  readonly stereo: Stereo;
  readonly mono: Float32Array;
  /** espeak's IPA of a text; empty for a recording, whose sounds nobody knows. */
  readonly phonemes: string;
}

/** Peak of spoken text: -3 dBFS. */
const PEAK = 10 ** (-3 / 20);
/** Breath before the first word of a text. */
const LEAD_SECONDS = 0.15;
const TAIL_SECONDS = 0.2;

/** `folder` takes the speech; `fitSeconds` is what a text must fit in. Throws MediaError `bad_media` for a recording that cannot be decoded. */
export async function openSpeech(voice: SpeechSource, folder: string, fitSeconds?: number): Promise<Speech> {
  if (voice.kind === 'recording') {
    const stereo = await readAudio(voice.path, SAMPLE_RATE);
    return { stereo, mono: monoOf(stereo), phonemes: '' };
  }
  const { path, phonemes } = await runSpeech({
    text: voice.text,
    tongue: guessTongue(voice.text),
    ...(await deliveryOf(voice)),
    ...(fitSeconds !== undefined && { fitSeconds: Math.max(0.3, fitSeconds - LEAD_SECONDS - TAIL_SECONDS) }),
    path: join(folder, 'speech.wav'),
  });
  const mono = prepared((await readAudio(path, SAMPLE_RATE))[0]);
  return { stereo: [mono, mono], mono, phonemes };
}

async function deliveryOf(voice: SpeechSource & { kind: 'speech' }): Promise<Delivery> {
  if (voice.likePath === undefined) return castSpeaker(voice.speakerId);
  return castLike(estimateVoice(monoOf(await readAudio(voice.likePath, SAMPLE_RATE)), SAMPLE_RATE));
}

function monoOf([left, right]: Stereo): Float32Array {
  return left.map((sample, at) => (sample + (right[at] as number)) / 2);
}

/** At an even loudness, after a short breath. */
function prepared(spoken: Float32Array): Float32Array {
  const peak = spoken.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const gain = peak > 0.001 ? PEAK / peak : 0;
  const lead = Math.round(LEAD_SECONDS * SAMPLE_RATE);
  const out = new Float32Array(lead + spoken.length);
  for (let at = 0; at < spoken.length; at++) out[lead + at] = (spoken[at] as number) * gain;
  return out;
}

// A voice laid along a clip: what is heard, and the mouth of each frame.

export interface SpeechOver {
  /** One for each frame of the clip. */
  readonly mouths: readonly MouthShape[];
  /** The voice alone, cut or filled with silence to `samples`. */
  alone(samples: number): Stereo;
  /** The voice over other sound, which steps back while somebody speaks. */
  over(ambience: Stereo): Stereo;
}

const FADE_SECONDS = 0.012;
/** Other sound under the voice, and how slowly it comes and goes. */
const DUCKED = 0.32;
const DUCK_SECONDS = 0.18;
/** What both together may reach: -1.5 dBFS. */
const CEILING = 10 ** (-1.5 / 20);

/** The clip decides the length: a longer voice is cut, a shorter one ends in silence. */
export function speechOver(voice: Speech, { fps, durationSeconds }: ClipFormat): SpeechOver {
  const frames = Math.max(1, Math.round(durationSeconds * fps));
  // The mouths are found along the whole voice: cut first, the sounds of a text could no longer be told apart.
  const mouths = mouthTrack(voice.mono, SAMPLE_RATE, { fps, frames }, voice.phonemes);
  const alone = (samples: number): Stereo => [laid(voice.stereo[0], samples), laid(voice.stereo[1], samples)];
  return {
    mouths,
    alone,
    over(ambience) {
      const samples = ambience[0].length;
      const spoken = alone(samples);
      const gains = duck(fitted(voice.mono, samples));
      const mixed = ambience.map((channel, side) =>
        channel.map((sample, at) => sample * (gains[at] as number) + (spoken[side as 0 | 1][at] as number)),
      );
      const peak = mixed.reduce((most, channel) => channel.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
      const gain = peak > CEILING ? CEILING / peak : 1;
      return [(mixed[0] as Float32Array).map(s => s * gain), (mixed[1] as Float32Array).map(s => s * gain)];
    },
  };
}

/** Cut without a click. */
function laid(channel: Float32Array, samples: number): Float32Array {
  const out = fitted(channel, samples).slice();
  if (channel.length <= samples) return out;
  const fade = Math.min(samples, Math.round(FADE_SECONDS * SAMPLE_RATE));
  for (let at = 0; at < fade; at++) out[samples - fade + at] = (out[samples - fade + at] as number) * (1 - at / fade);
  return out;
}

/** The gain of other sound at each sample. */
function duck(voice: Float32Array): Float32Array {
  const slow = 1 / (DUCK_SECONDS * SAMPLE_RATE);
  let level = 0;
  return voice.map(sample => {
    const loud = Math.min(1, Math.abs(sample) * 12);
    level += (loud - level) * (loud > level ? slow * 6 : slow);
    return 1 - (1 - DUCKED) * level;
  });
}
