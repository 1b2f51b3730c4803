/** What a voice does from moment to moment: how loud it is and in which bands. Pure; from mono floats. */

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
