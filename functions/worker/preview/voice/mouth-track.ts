/** The mouth of each frame of a clip, from the voice that is heard in it and, where they are known, the sounds that it says. Pure. */
import { clamp, mix, smoothstep } from '../curves.ts';
import { type Hearing, hear, LOOKS_PER_SECOND } from './hearing.ts';
import { type MouthShape, PAUSE, visemesOf } from './visemes.ts';

/** How much the known sound decides where it is known; the rest is what is heard. */
const KNOWN = 0.62;
/** Lips lead the sound a little. */
const LEAD_SECONDS = 0.03;
const EASE_LOOKS = 3;

/** One shape for each of `frames`, at `fps`. `phonemes` is espeak's IPA. */
export function mouthTrack(
  samples: Float32Array,
  rate: number,
  { fps, frames }: { fps: number; frames: number },
  phonemes = '',
): MouthShape[] {
  const hearing = hear(samples, rate);
  const looks = looksOf(hearing, phonemes);
  const eased = {
    open: ease(looks.map(({ open }) => open)),
    wide: ease(looks.map(({ wide }) => wide)),
    teeth: ease(looks.map(({ teeth }) => teeth)),
  };
  return Array.from({ length: frames }, (_, frame) => {
    const at = Math.round((frame / fps + LEAD_SECONDS) * LOOKS_PER_SECOND);
    return { open: eased.open[at] ?? 0, wide: eased.wide[at] ?? 0, teeth: eased.teeth[at] ?? 0 };
  });
}

function looksOf(hearing: Hearing, phonemes: string): MouthShape[] {
  const sounds = phonemes === '' ? [] : visemesOf(phonemes);
  const path = sounds.length > 1 ? spread(hearing, sounds.length) : undefined;
  return Array.from(hearing.loudness, (_, look) => {
    const heard = heardShape(hearing, look);
    if (!path) return heard;
    const said = sounds[path[look] as number] ?? PAUSE;
    const alive = smoothstep(0.12, 0.4, hearing.loudness[look] as number);
    return {
      open: mix(heard.open, said.open * alive, KNOWN),
      wide: mix(heard.wide, said.wide * alive, KNOWN),
      teeth: mix(heard.teeth, said.teeth * alive, KNOWN),
    };
  });
}

/** Which of `count` sounds is said at each look: they are spread evenly over the time in which something is heard. */
function spread({ loudness }: Hearing, count: number): number[] {
  const heard = loudness.reduce((sum, loud) => sum + (loud > 0.2 ? 1 : 0), 0);
  let passed = 0;
  return Array.from(loudness, loud => {
    if (loud > 0.2) passed++;
    return Math.min(count - 1, Math.floor((passed / Math.max(1, heard)) * count));
  });
}

/** From the sound alone: loud is open, a strong first formant opens the jaw, a strong second draws the lips wide, hissing closes the teeth. */
function heardShape({ loudness, jaw, lips, hiss }: Hearing, look: number): MouthShape {
  const loud = smoothstep(0.32, 0.98, loudness[look] as number);
  const hissing = smoothstep(0.25, 0.7, hiss[look] as number);
  const dropped = smoothstep(0.05, 0.6, jaw[look] as number);
  const front = (lips[look] as number) / ((lips[look] as number) + (jaw[look] as number) + 1e-6);
  return {
    open: clamp(loud * (0.45 + 0.55 * dropped) * (1 - 0.75 * hissing)),
    wide: loud * clamp((front - 0.16) * 4.5, -0.8, 0.9),
    teeth: clamp(0.35 * loud + 0.65 * hissing * loud),
  };
}

/** A short bell over neighbouring looks: lips have weight. */
function ease(values: readonly number[]): number[] {
  return values.map((_, at) => {
    let [sum, weight] = [0, 0];
    for (let near = -EASE_LOOKS; near <= EASE_LOOKS; near++) {
      const value = values[at + near];
      if (value === undefined) continue;
      const share = EASE_LOOKS + 1 - Math.abs(near);
      sum += value * share;
      weight += share;
    }
    return sum / weight;
  });
}
