/** What a scene sounds like: voices by family, weather and hour. Seeded like the picture, so the same clip always sounds the same. */
import type { Family } from '../families.ts';
import type { World } from '../world.ts';
import type { Tape } from './instruments.ts';
import { master, VOICES, type VoiceName } from './voices.ts';

type Score = Partial<Readonly<Record<VoiceName, number>>>;

const SCORES: Readonly<Record<Family, Score>> = {
  hills: { wind: 0.6, birds: 0.35, pad: 0.25 },
  sea: { waves: 1, wind: 0.2 },
  city: { city: 1, pad: 0.2 },
  forest: { wind: 0.35, birds: 0.9 },
  space: { pad: 1, wind: 0.12 },
  desert: { wind: 0.95, pad: 0.2 },
  winter: { wind: 0.8, pad: 0.35 },
  meadow: { wind: 0.25, birds: 0.8 },
  flow: { pad: 1 },
};

/** Peak of the finished track. AAC may overshoot by about 1 dB; with this it stays below -3 dBFS. */
const PEAK = 10 ** (-4.5 / 20);
const FADE_SECONDS = 0.35;

/** Two channels of `samples` floats at `rate` hertz. */
export function recordSound(
  world: Pick<World, 'random' | 'direction'>,
  rate: number,
  samples: number,
): readonly [Float32Array, Float32Array] {
  const tape: Tape = { rate, left: new Float32Array(samples), right: new Float32Array(samples) };
  const random = world.random.fork('sound');
  for (const [voice, level] of Object.entries(scoreFor(world)) as [VoiceName, number][])
    VOICES[voice](tape, random.fork(voice), level);
  master(tape, PEAK, FADE_SECONDS);
  return [tape.left, tape.right];
}

/** The voices and their levels. */
export function scoreFor(world: Pick<World, 'direction'>): Score {
  const { family, weather, hour } = world.direction;
  const score: { -readonly [Voice in VoiceName]?: number } = { ...SCORES[family] };
  const inside = family === 'space' || family === 'flow';
  if (!inside && (weather.has('rain') || weather.has('storm'))) score.rain = 0.9;
  if (!inside && weather.has('storm')) score.thunder = 0.9;
  if (!inside && (weather.has('wind') || weather.has('storm'))) score.wind = Math.max(score.wind ?? 0, 0.8);
  if ((weather.has('rain') || hour === 'night') && score.birds !== undefined) {
    delete score.birds;
    if (hour === 'night') score.crickets = 0.9;
  }
  return score;
}
