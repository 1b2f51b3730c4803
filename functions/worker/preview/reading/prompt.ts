/** A prompt read as a shooting direction. Pure: the same words and seed always give the same direction. */

import { type Color, hex } from '../drawing/color.ts';
import { Random } from '../drawing/random.ts';
import { type CameraMove, chooseMove } from './camera.ts';
import { holds, mentioned, plain } from './words.ts';

export interface Direction {
  readonly family: Family;
  readonly hour: Hour;
  readonly weather: ReadonlySet<Weather>;
  readonly props: ReadonlySet<Prop>;
  /** The colours named, in the order of the table; at most three. */
  readonly colors: readonly Color[];
  readonly moods: ReadonlySet<Mood>;
  readonly move: CameraMove;
  readonly fast: boolean;
  readonly style: string;
  /** The prompt as `plain` made it, for what only one family asks about. */
  readonly text: string;
}

const NEON: readonly Color[] = [hex('#c23ab4'), hex('#3346c8')];

/** Reads `prompt` for a scene of its own; `style`, `cameraMovement` and `motion` are the API's fields of those names. */
export function readPrompt(request: {
  readonly prompt: string;
  readonly seed: number;
  readonly style?: string;
  readonly cameraMovement?: string;
  readonly motion?: 'normal' | 'fast';
}): Direction {
  const text = plain(`${request.prompt} ${request.style === 'cyberpunk' ? 'cyberpunk' : ''}`);
  const family = chooseFamily(text);
  const hours = mentioned(text, HOUR_WORDS);
  const props = new Set(mentioned(text, PROP_WORDS));
  const colors = Object.entries(COLOR_WORDS)
    .filter(([word]) => holds(text, word))
    .map(([, color]) => color);
  return {
    family,
    // When a prompt names several hours, day is the weakest claim ("a bright night") and is last in the table.
    hour: hours[0] ?? flatteringHour(family, new Random(request.seed, 'hour')),
    weather: new Set(mentioned(text, WEATHER_WORDS)),
    props,
    // Neon lights its own street: magenta and blue, unless other colours are named.
    colors: (colors.length === 0 && props.has('neon') ? NEON : colors).slice(0, 3),
    moods: new Set(mentioned(text, MOOD_WORDS)),
    move: chooseMove(text, request.cameraMovement),
    fast: request.motion === 'fast',
    style: request.style ?? '',
    text,
  };
}

// The scene families and the words that call them. A word's weight says how much of the picture it decides: a place beats a thing in it.

export type Family = 'hills' | 'sea' | 'city' | 'forest' | 'space' | 'winter' | 'meadow' | 'flow';

/** Weight, then the words that have it, separated by commas. */
type WordList = readonly (readonly [weight: number, words: string])[];

const FAMILY_WORDS: Readonly<Record<Family, WordList>> = {
  hills: [
    [5, 'mountain, hill, alps, himalaya, volcano, 山'],
    [4, 'valley, peak, ridge, highland'],
    [3, 'cliff, canyon, countryside, castle, hiker'],
    [2, 'landscape, desert, dune, balloon, train, dragon, eagle, village, 山脉'],
    [1, 'horizon, sunrise, sky, cloud'],
  ],
  sea: [
    [6, 'sea, ocean, lighthouse, sailboat, lake, fjord, 海, 灯塔'],
    [5, 'beach, coast, seaside, ship, yacht, surf, surfer, lagoon, island, 湖'],
    [4, 'wave, shore, boat, sailing, harbor, harbour, bay, tide, pier, 船'],
    [3, 'sail, river, seagull, whale, dolphin'],
    [2, 'water, fish, reef, underwater, 海浪, 鱼'],
  ],
  city: [
    [6, 'city, skyline, skyscraper, downtown, metropolis, tokyo, new york, manhattan, shanghai, hong kong, 城市'],
    [5, 'urban, london, cyberpunk'],
    [4, 'street, neon, building, traffic, paris, taxi, rooftop, billboard, alley, 街, 霓虹'],
    [3, 'car, subway'],
    [2, 'futuristic, robot'],
  ],
  forest: [
    [7, 'rainforest'],
    [6, 'forest, woodland, jungle, redwood, 森林'],
    [5, 'bamboo, grove, 竹'],
    [4, 'wood, mushroom, moss, deer, firefly, panda'],
    [3, 'tree, pine, fairy, fox, bear, wolf, elf, owl, tiger, 树'],
    [2, 'trail, leaf, autumn, enchanted'],
  ],
  space: [
    [7, 'nebula, starfield, black hole, saturn, jupiter, supernova'],
    [
      6,
      'space, galaxy, planet, cosmos, universe, astronaut, rocket, spaceship, spacecraft, asteroid, 宇宙, 银河, 火箭, 太空',
    ],
    [5, 'cosmic, milky way, comet, orbit, satellite, meteor, stellar, 星空'],
    [4, 'night sky, mars'],
    [3, 'star, alien'],
  ],
  winter: [
    [6, 'winter, blizzard, arctic, snowman, polar bear, 冬'],
    [5, 'snow, snowy, snowfall, ski, skier, christmas, northern lights, penguin, sled, reindeer, 雪'],
    [4, 'glacier, aurora, 极光'],
    [3, 'ice, icy, frozen, frost, cabin'],
  ],
  meadow: [
    [7, 'meadow, wildflower'],
    [6, 'grassland, sunflower, lavender, tulip, poppy, daisy, prairie, 草原, 田野'],
    [5, 'flower, pasture, wheat, butterfly, 花, 樱花'],
    [4, 'field, grass, garden, farm, bee, picnic, blossom, sheep, cow'],
    [3, 'rose, spring, cherry blossom, horse, rabbit'],
    [2, 'puppy, dog'],
  ],
  flow: [
    [8, 'abstract, 抽象'],
    [7, 'fractal'],
    [6, 'silk, gradient, psychedelic, 丝绸'],
    [5, 'fluid, liquid, ink, marble, swirl'],
    [4, 'paint, smoke, pattern, texture, geometric, lava'],
    [3, 'wallpaper, energy, music, particle'],
    [2, 'flowing, wavy, background, dream'],
  ],
};

function weigh(text: string, list: WordList): number {
  let sum = 0;
  for (const [weight, words] of list) sum += weight * words.split(', ').filter(word => holds(text, word)).length;
  return sum;
}

/** The family with the most weight; the earlier in the table wins a tie. Words that call no family at all get an abstract one. */
export function chooseFamily(text: string): Family {
  let best: Family = 'flow';
  let most = 0;
  for (const [family, list] of Object.entries(FAMILY_WORDS) as [Family, WordList][]) {
    const weight = weigh(text, list);
    if (weight > most) {
      best = family;
      most = weight;
    }
  }
  return best;
}

export type Hour = 'dawn' | 'day' | 'sunset' | 'dusk' | 'night';

/** The hours in which each family looks its best, for prompts that name none. */
const FLATTERING: Readonly<Record<Family, readonly [Hour, ...Hour[]]>> = {
  hills: ['dawn', 'sunset', 'day', 'dusk'],
  sea: ['sunset', 'dawn', 'day', 'dusk'],
  city: ['night', 'dusk', 'dusk', 'night', 'sunset'],
  forest: ['dawn', 'day', 'sunset'],
  space: ['night'],
  winter: ['dusk', 'dawn', 'day'],
  meadow: ['day', 'sunset', 'dawn'],
  flow: ['dusk', 'day', 'night', 'sunset'],
};

export function flatteringHour(family: Family, random: Random): Hour {
  return random.pick(FLATTERING[family]);
}

// What else a prompt can say about a scene: the hour, the weather, the things in it, colours and mood.

/** Words separated by commas. */
export const list = (words: string): readonly string[] => words.split(', ');

export const HOUR_WORDS: Readonly<Record<Hour, readonly string[]>> = {
  night: list(
    'night, midnight, moonlit, moonlight, moon, starry, nighttime, stars, milky way, firefly, aurora, northern lights, neon, 夜, 月, 星空, 极光, 霓虹',
  ),
  dawn: list('dawn, sunrise, daybreak, morning, early light, 黎明, 日出, 清晨'),
  sunset: list('sunset, golden hour, evening, sundown, golden light, 日落, 夕阳, 黄昏'),
  dusk: list('dusk, twilight, blue hour, nightfall, gloaming, 暮'),
  day: list('noon, midday, day, daylight, daytime, sunny, afternoon, blue sky, bright, 白天, 中午, 晴'),
};

export type Weather = 'rain' | 'snow' | 'fog' | 'storm' | 'wind' | 'clear' | 'cloudy';

export const WEATHER_WORDS: Readonly<Record<Weather, readonly string[]>> = {
  rain: list('rain, rainy, raining, rainfall, drizzle, downpour, wet, 雨'),
  snow: list('snow, snowy, snowing, snowfall, blizzard, snowflake, 雪'),
  fog: list('fog, foggy, mist, misty, haze, hazy, smoky, 雾'),
  storm: list('storm, stormy, thunder, thunderstorm, lightning, tempest, hurricane, 暴风, 闪电'),
  wind: list('wind, windy, breeze, breezy, gust, 风'),
  clear: list('clear, cloudless, clear sky'),
  cloudy: list('cloud, cloudy, overcast, 云'),
};

export const PROP_WORDS = {
  lighthouse: list('lighthouse, light house, beacon, 灯塔'),
  boat: list('boat, sailboat, sail, sailing, ship, yacht, vessel, 船'),
  birds: list('bird, seagull, gull, flock, crane bird, swallow, eagle, geese, 鸟'),
  moon: list('moon, moonlit, moonlight, moonrise, 月'),
  balloon: list('balloon, hot air balloon, 气球'),
  trees: list('tree, pine, palm, fir, spruce, 树'),
  planet: list('planet, saturn, jupiter, mars, earth, orbit, astronaut, ringed, 行星'),
  mountains: list('mountain, fjord, alps, lake, cliff, valley, 山, 湖'),
  island: list('island, palm, tropical, lagoon, 岛'),
  cabin: list('cabin, cottage, house, hut, village, home, 屋'),
  aurora: list('aurora, northern lights, borealis, polar light, 极光'),
  fireflies: list('firefly, magic, magical, enchanted, fairy, glowing, sparkle, 萤火虫'),
  meteor: list('meteor, shooting star, comet, falling star, 流星'),
  neon: list('neon, cyberpunk, futuristic, synthwave, 霓虹'),
  blossom: list('blossom, cherry blossom, sakura, petal, 樱花'),
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Prop = keyof typeof PROP_WORDS;

export const COLOR_WORDS: Readonly<Record<string, Color>> = {
  red: hex('#d8343f'),
  crimson: hex('#b3142f'),
  scarlet: hex('#e0301e'),
  orange: hex('#f2862b'),
  amber: hex('#f5a623'),
  golden: hex('#f3b950'),
  gold: hex('#eab543'),
  yellow: hex('#f6d64a'),
  green: hex('#3fa45b'),
  emerald: hex('#12956b'),
  olive: hex('#7f8a36'),
  teal: hex('#1a9a98'),
  turquoise: hex('#2fc7c0'),
  cyan: hex('#2cc4e8'),
  blue: hex('#2f6fe0'),
  azure: hex('#3d9bf0'),
  navy: hex('#22337f'),
  indigo: hex('#4b3cb8'),
  purple: hex('#8a43c8'),
  violet: hex('#8f5bea'),
  lavender: hex('#a88bea'),
  magenta: hex('#d83ac0'),
  pink: hex('#f17ab0'),
  peach: hex('#f8b08c'),
  brown: hex('#8a5a3a'),
  copper: hex('#c0713d'),
  silver: hex('#b9c2cf'),
  pastel: hex('#e8b8d8'),
  红: hex('#d8343f'),
  蓝: hex('#2f6fe0'),
  绿: hex('#3fa45b'),
  紫: hex('#8a43c8'),
  粉: hex('#f17ab0'),
  金: hex('#eab543'),
};

export type Mood = 'calm' | 'dramatic' | 'dreamy' | 'dark' | 'joyful';

export const MOOD_WORDS: Readonly<Record<Mood, readonly string[]>> = {
  dramatic: list('dramatic, epic, cinematic, majestic, intense, fierce, stormy'),
  dreamy: list('dreamy, dream, ethereal, magical, surreal, fantasy, soft, pastel, anime, ghibli'),
  dark: list('dark, moody, gloomy, noir, mysterious, horror, ominous, scary'),
  joyful: list('joyful, happy, bright, vibrant, colorful, colourful, cheerful, vivid, playful'),
  calm: list('calm, peaceful, quiet, serene, tranquil, gentle, still, slow'),
};
