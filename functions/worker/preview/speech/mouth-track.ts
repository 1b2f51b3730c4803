/** The mouth of each frame of a clip, from the voice that is heard in it and, where they are known, the sounds that it says. Pure. */
import { clamp, mix, smoothstep } from '../drawing/curves.ts';

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

// What a voice does from moment to moment: how loud it is and in which bands. Pure; from mono floats.

/** A hundred looks a second: a spoken sound lasts 40 to 150 ms. */
export const LOOKS_PER_SECOND = 100;

/** Band edges in hertz: the pitch, the first formant (jaw), the second (lips and tongue), hissing. */
const BANDS = { pitch: [80, 320], jaw: [350, 1_050], lips: [1_150, 2_900], hiss: [4_200, 9_000] } as const;
type Band = keyof typeof BANDS;

export interface Hearing {
  /** Loudness of each look in 0..1: 0 is 42 dB or more below the loud parts, or silence; 1 is loud. */
  readonly loudness: Float32Array;
  /** Shares in 0..1 of what is heard in the four bands. */
  readonly jaw: Float32Array;
  readonly lips: Float32Array;
  readonly hiss: Float32Array;
}

const RANGE_DB = 42;
/** Below this power nothing is heard, however quiet the rest is: -62 dBFS. */
const FLOOR = 10 ** -6.2;

/** Hears `samples` at `rate` hertz. */
export function hear(samples: Float32Array, rate: number): Hearing {
  const looks = Math.ceil((samples.length / rate) * LOOKS_PER_SECOND);
  const power = (band: Band): Float32Array => bandPower(samples, rate, BANDS[band], looks);
  const bands = { pitch: power('pitch'), jaw: power('jaw'), lips: power('lips'), hiss: power('hiss') };
  const whole = Float32Array.from(
    { length: looks },
    (_, at) =>
      (bands.pitch[at] as number) + (bands.jaw[at] as number) + (bands.lips[at] as number) + (bands.hiss[at] as number),
  );
  const loud = Math.max(FLOOR, whole.toSorted()[Math.floor(looks * 0.93)] ?? 0);
  const share = (band: Band): Float32Array =>
    whole.map((all, at) => (all > FLOOR / 100 ? (bands[band][at] as number) / all : 0));
  return {
    loudness: whole.map(all => {
      if (all < FLOOR) return 0;
      return Math.min(1, Math.max(0, 1 + (10 * Math.log10(all / loud)) / RANGE_DB));
    }),
    jaw: share('jaw'),
    lips: share('lips'),
    hiss: share('hiss'),
  };
}

/** Mean power of one band around each look, by a band-pass of the second order and a window of 30 ms. */
function bandPower(
  samples: Float32Array,
  rate: number,
  [low, high]: readonly [number, number],
  looks: number,
): Float32Array {
  const step = rate / LOOKS_PER_SECOND;
  const sums = new Float64Array(looks);
  const centre = Math.sqrt(low * high);
  const turn = (2 * Math.PI * Math.min(centre, rate * 0.45)) / rate;
  const alpha = (Math.sin(turn) * (high - low)) / (2 * centre);
  const gain = alpha / (1 + alpha);
  const back1 = (-2 * Math.cos(turn)) / (1 + alpha);
  const back2 = (1 - alpha) / (1 + alpha);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let at = 0; at < samples.length; at++) {
    const x = samples[at] as number;
    const y = gain * (x - x2) - back1 * y1 - back2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    const look = Math.floor(at / step);
    sums[look] = (sums[look] as number) + y * y;
  }
  return Float32Array.from({ length: looks }, (_, at) => {
    const near = (sums[at - 1] ?? 0) + (sums[at] as number) + (sums[at + 1] ?? 0);
    return near / (3 * step);
  });
}

// How the mouth stands at each sound of speech, by IPA.

export interface MouthShape {
  /** 0 closed to 1 wide open. */
  readonly open: number;
  /** -1 rounded to 1 drawn wide. */
  readonly wide: number;
  /** 0 to 1: how much of the upper teeth shows. */
  readonly teeth: number;
}

const row = (sounds: string, open: number, wide: number, teeth: number): [string, MouthShape][] =>
  [...sounds].map(sound => [sound, { open, wide, teeth }]);

const VISEMES: ReadonlyMap<string, MouthShape> = new Map([
  ...row('aɑæʌɐɶ', 1, 0.15, 0.5),
  ...row('ɛeøœɜ', 0.68, 0.45, 0.6),
  ...row('əɚɘɵ', 0.48, 0.1, 0.4),
  ...row('iɪyʏɨ', 0.36, 0.9, 0.8),
  ...row('oɔɒɤ', 0.72, -0.7, 0.1),
  ...row('uʊɯʉ', 0.36, -1, 0),
  ...row('w', 0.2, -1, 0),
  ...row('j', 0.28, 0.7, 0.6),
  ...row('mɱ', 0, 0, 0),
  ...row('bp', 0, -0.1, 0),
  ...row('fvɸβ', 0.1, 0.1, 1),
  ...row('szʃʒɕʑʂʐ', 0.16, 0.35, 1),
  ...row('θðçxχhɦʁ', 0.26, 0.15, 0.6),
  ...row('nŋɲlɫʎɹɾrɻʀ', 0.3, 0.05, 0.5),
  ...row('tdkɡgqcɟʔ', 0.22, 0.1, 0.6),
]);

export const PAUSE: MouthShape = { open: 0, wide: 0, teeth: 0 };

/** The sounds of espeak's IPA (`h_ə_l_ˈoʊ ð_ˈɛɹ`), a pause before, between clauses, and after; marks of stress, length and tone fall away. */
export function visemesOf(phonemes: string): MouthShape[] {
  const sounds: MouthShape[] = [PAUSE];
  for (const clause of phonemes.replace(/\([a-z-]+\)/g, '').split('\n')) {
    for (const sound of clause.normalize('NFD')) {
      const viseme = VISEMES.get(sound);
      if (viseme) sounds.push(viseme);
    }
    if (sounds.at(-1) !== PAUSE) sounds.push(PAUSE);
  }
  return sounds;
}
