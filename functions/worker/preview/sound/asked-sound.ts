/** Which voices a prompt asks for. */
import { mentioned, plain } from '../words.ts';
import { EVENTS } from './events.ts';
import { VOICES } from './voices.ts';

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
