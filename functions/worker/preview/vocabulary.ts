/** What else a prompt can say about a scene: the hour, the weather, the things in it, colours and mood. */
import { type Color, hex } from './color.ts';
import type { Hour } from './families.ts';

/** Words separated by commas. */
const list = (words: string): readonly string[] => words.split(', ');

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
