/** A score played onto a tape. */
import type { Random } from '../drawing/random.ts';
import type { Family } from '../reading/prompt.ts';
import { mentioned, plain } from '../reading/words.ts';
import type { World } from '../scenes/world.ts';
import type { Tape } from './instruments.ts';
import { EVENTS, master, VOICES, type VoiceName } from './sounds.ts';

/** Peak of a finished track. AAC may overshoot by about 1 dB; with this it stays below -3 dBFS. */
export const PEAK = 10 ** (-4.5 / 20);

/** `samples` floats for each ear; `loudness` is a factor by seconds, and both ends fade over `fade` seconds. */
export function playScore(
  levels: Levels,
  random: Random,
  { rate, samples, fade }: { rate: number; samples: number; fade: number },
  loudness: (seconds: number) => number = () => 1,
): readonly [Float32Array, Float32Array] {
  const tape: Tape = { rate, left: new Float32Array(samples), right: new Float32Array(samples) };
  for (const [voice, level] of Object.entries(levels) as [AnyVoice, number][])
    ALL_VOICES[voice](tape, random.fork(voice), level);
  for (const channel of [tape.left, tape.right])
    for (let at = 0; at < samples; at++) channel[at] = (channel[at] as number) * loudness(at / rate);
  master(tape, PEAK, fade);
  return [tape.left, tape.right];
}

/** The sum of two tracks, each at its level, turned down as a whole where it would be louder than `PEAK`. */
export function mixTracks(
  first: readonly [Float32Array, Float32Array],
  firstLevel: number,
  second: readonly [Float32Array, Float32Array],
  secondLevel: number,
): readonly [Float32Array, Float32Array] {
  const sum = (a: Float32Array, b: Float32Array): Float32Array =>
    a.map((value, at) => value * firstLevel + (b[at] ?? 0) * secondLevel);
  const mixed = [sum(first[0], second[0]), sum(first[1], second[1])] as const;
  let most = PEAK;
  for (const channel of mixed) for (const value of channel) most = Math.max(most, Math.abs(value));
  if (most > PEAK)
    for (const channel of mixed)
      for (let at = 0; at < channel.length; at++) channel[at] = ((channel[at] as number) * PEAK) / most;
  return mixed;
}

// What a scene sounds like: voices by family, weather and hour. Seeded like the picture, so the same clip always sounds the same.

type Score = Partial<Readonly<Record<VoiceName, number>>>;

const SCORES: Readonly<Record<Family, Score>> = {
  hills: { wind: 0.6, birds: 0.35, pad: 0.25 },
  sea: { waves: 1, wind: 0.2 },
  city: { city: 1, pad: 0.2 },
  forest: { wind: 0.35, birds: 0.9 },
  space: { pad: 1, wind: 0.12 },
  winter: { wind: 0.8, pad: 0.35 },
  meadow: { wind: 0.25, birds: 0.8 },
  flow: { pad: 1 },
};

/** Peak of the finished track. AAC may overshoot by about 1 dB; with this it stays below -3 dBFS. */
const SOUNDTRACK_PEAK = 10 ** (-4.5 / 20);
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
  master(tape, SOUNDTRACK_PEAK, FADE_SECONDS);
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

// Which voices a prompt asks for.

export const ALL_VOICES = { ...VOICES, ...EVENTS } as const;
export type AnyVoice = keyof typeof ALL_VOICES;

/** How loud each voice is, 0 to 1. */
export type Levels = Partial<Readonly<Record<AnyVoice, number>>>;

const VOICE_WORDS: Readonly<Record<AnyVoice, readonly string[]>> = {
  rain: ['rain', 'raining', 'rainy', 'rainfall', 'drizzle', 'downpour', 'shower', '雨'],
  thunder: ['thunder', 'thunderstorm', 'storm', 'lightning', '雷'],
  wind: ['wind', 'windy', 'breeze', 'gust', 'howling', 'blizzard', 'storm', '风'],
  waves: ['wave', 'sea', 'ocean', 'surf', 'beach', 'shore', 'tide', '海', '浪'],
  city: ['city', 'traffic', 'street', 'urban', 'road', 'highway', 'car passing', '城市'],
  birds: ['bird', 'birdsong', 'chirp', 'chirping', 'tweet', 'seagull', 'forest', 'dawn chorus', '鸟'],
  crickets: ['cricket', 'insect', 'cicada', 'night ambience', 'summer night', '虫'],
  fire: ['fire', 'campfire', 'fireplace', 'crackle', 'crackling', 'flame', 'burning', '火'],
  pad: ['ambient', 'drone', 'atmosphere', 'ethereal', 'space', 'dreamy', 'eerie', 'tension'],
  footsteps: ['footstep', 'step', 'walking', 'walk', 'running', 'boots', '脚步'],
  bells: ['bell', 'chime', 'church', 'gong', 'jingle', '钟声'],
  engine: ['engine', 'motor', 'machine', 'motorcycle', 'truck', 'car', 'boat engine', 'airplane', 'train', '引擎'],
  crowd: ['crowd', 'people', 'chatter', 'talking', 'market', 'restaurant', 'cafe', 'murmur', 'voices', '人群'],
  stream: ['stream', 'river', 'brook', 'creek', 'waterfall', 'fountain', 'water', '溪', '流水'],
  explosion: ['explosion', 'explode', 'boom', 'blast', 'bomb', 'fireworks', '爆炸'],
  music: ['music', 'melody', 'piano', 'song', 'guitar', 'harp', 'tune', '音乐'],
};

/** The voices that the words name, each as loud as the others; empty where they name none. */
export function askedVoices(prompt: string): Levels {
  return Object.fromEntries(mentioned(plain(prompt), VOICE_WORDS).map(voice => [voice, 0.9]));
}
