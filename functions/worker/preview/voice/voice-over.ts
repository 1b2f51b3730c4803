/** A voice laid along a clip: what is heard, and the mouth of each frame. */

import { fitted, SAMPLE_RATE } from '../../media/audio-reader.ts';
import type { ClipFormat, Stereo } from '../../media/frame-source.ts';
import type { HeardVoice } from './hear-voice.ts';
import { mouthTrack } from './mouth-track.ts';
import type { MouthShape } from './visemes.ts';

export interface VoiceOver {
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
export function voiceOver(voice: HeardVoice, { fps, durationSeconds }: ClipFormat): VoiceOver {
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
