/**
 * A video's sound carried on past its end: the texture of its last seconds, cut into short overlapping grains in random order, so that wind
 * goes on as wind and a street as a street without a loop to be heard; and the voices that the words ask for.
 */
import { fitted } from '../../media/audio-reader.ts';
import type { Stereo } from '../../media/frame-source.ts';
import { Random } from '../drawing/random.ts';
import { askedVoices, mixTracks, playScore } from '../sound/score.ts';
import type { ExtendSource } from '../source.ts';

/** Seconds of one grain; the next begins half a grain later. */
const GRAIN = 0.4;
/** Grains are taken from this long before the end, but not from the fade that many videos end with. */
const TEXTURE = 4;
const FADE_OUT = 0.45;
/** Over this long before the seam the video's own sound gives way to the texture. */
const CROSSING = 0.4;

export interface SoundPlan {
  readonly source: ExtendSource;
  readonly rate: number;
  /** Of the finished track. */
  readonly samples: number;
  /** The sample at which the video ends. */
  readonly seam: number;
}

/** A video without sound goes on with what the words name, or with quiet air. */
export function continueSound(own: Stereo | undefined, plan: SoundPlan): Stereo {
  const { source, rate, samples, seam } = plan;
  const random = new Random(source.seed, `continued sound ${source.prompt}`);
  const cross = Math.min(seam, Math.round(CROSSING * rate));
  const carried: Stereo =
    own === undefined
      ? [new Float32Array(samples), new Float32Array(samples)]
      : carryOn(own, plan, cross, random.fork('grains'));
  const asked = askedVoices(source.prompt);
  if (own !== undefined && Object.keys(asked).length === 0) return carried;
  const levels = Object.keys(asked).length > 0 ? asked : { wind: 0.4, pad: 0.4 };
  const voices = playScore(levels, random.fork('voices'), { rate, samples: samples - seam + cross, fade: 0.9 });
  return mixTracks(carried, 1, [after(voices[0], samples), after(voices[1], samples)], 0.7);
}

function carryOn([left, right]: Stereo, { rate, samples, seam }: SoundPlan, cross: number, random: Random): Stereo {
  const from = Math.max(0, seam - Math.round(TEXTURE * rate));
  const grain = Math.min(Math.round(GRAIN * rate), Math.max(2, seam >> 1));
  const latest = Math.max(from, seam - Math.round(FADE_OUT * rate) - grain);
  const out = [fitted(left.subarray(0, seam), samples), fitted(right.subarray(0, seam), samples)] as const;
  for (let at = seam - cross; at < seam; at++) {
    const gone = Math.cos(((at - seam + cross) / cross) * (Math.PI / 2));
    for (const channel of out) channel[at] = (channel[at] as number) * gone;
  }
  for (let start = seam - cross; start < samples; start += grain >> 1) {
    const taken = random.whole(from, latest);
    for (const [ear, channel] of [left, right].entries()) {
      const target = out[ear === 0 ? 0 : 1];
      for (let step = 0; step < grain && start + step < samples; step++) {
        // Grains are strangers to each other, so powers add: windows whose squares sum to one keep the loudness even.
        const window = Math.sin((Math.PI * (step + 0.5)) / grain);
        target[start + step] = (target[start + step] as number) + (channel[taken + step] ?? 0) * window;
      }
    }
  }
  const fade = Math.min(Math.round(0.35 * rate), samples - seam);
  for (const channel of out)
    for (let at = samples - fade; at < samples; at++) channel[at] = ((channel[at] as number) * (samples - at)) / fade;
  return out;
}

/** Laid at the end of a track of `samples`. */
function after(channel: Float32Array, samples: number): Float32Array {
  const out = new Float32Array(samples);
  out.set(channel, samples - channel.length);
  return out;
}
