/** The scene families and the words that call them. A word's weight says how much of the picture it decides: a place beats a thing in it. */
import type { Random } from './random.ts';
import { score } from './words.ts';

export type Family =
  | 'hills'
  | 'sea'
  | 'city'
  | 'forest'
  | 'space'
  | 'desert'
  | 'underwater'
  | 'winter'
  | 'meadow'
  | 'interior'
  | 'flow';

export const FAMILY_WORDS: Readonly<Record<Family, Readonly<Record<string, number>>>> = {
  hills: {
    mountain: 5, hill: 5, valley: 4, alps: 5, himalaya: 5, peak: 4, cliff: 3, canyon: 3, ridge: 4, highland: 4, volcano: 5, countryside: 3,
    landscape: 2, horizon: 1, balloon: 2, train: 2, sunrise: 1, sky: 1, cloud: 1, castle: 3, dragon: 2, eagle: 2, hiker: 3, village: 2, 山: 5, 山脉: 2,
  },
  sea: {
    sea: 6, ocean: 6, wave: 4, beach: 5, coast: 5, shore: 4, seaside: 5, lighthouse: 6, boat: 4, sailboat: 6, ship: 5, yacht: 5, sailing: 4,
    sail: 3, harbor: 4, harbour: 4, surf: 5, surfer: 5, lake: 6, fjord: 6, river: 3, lagoon: 5, bay: 4, island: 5, water: 2, tide: 4, seagull: 3,
    whale: 3, dolphin: 3, pier: 4, 海: 6, 湖: 5, 海浪: 2, 灯塔: 6, 船: 4,
  },
  city: {
    city: 6, skyline: 6, skyscraper: 6, street: 4, downtown: 6, urban: 5, metropolis: 6, neon: 4, building: 4, traffic: 4, tokyo: 6, 'new york': 6,
    manhattan: 6, shanghai: 6, 'hong kong': 6, london: 5, paris: 4, cyberpunk: 5, car: 3, taxi: 4, rooftop: 4, billboard: 4, alley: 4, subway: 3,
    futuristic: 2, robot: 2, 城市: 6, 街: 4, 霓虹: 4,
  },
  forest: {
    forest: 6, wood: 4, woodland: 6, jungle: 6, rainforest: 7, tree: 3, pine: 3, redwood: 6, bamboo: 5, grove: 5, fairy: 3, mushroom: 4, moss: 4,
    deer: 4, fox: 3, bear: 3, wolf: 3, elf: 3, firefly: 4, trail: 2, leaf: 2, autumn: 2, owl: 3, tiger: 3, panda: 4, enchanted: 2, 森林: 6, 竹: 5, 树: 3,
  },
  space: {
    space: 6, galaxy: 6, nebula: 7, planet: 6, star: 3, starfield: 7, cosmos: 6, cosmic: 5, universe: 6, astronaut: 6, rocket: 6, spaceship: 6,
    spacecraft: 6, 'night sky': 4, 'milky way': 5, comet: 5, asteroid: 6, orbit: 5, 'black hole': 7, saturn: 7, jupiter: 7, mars: 4, supernova: 7,
    alien: 3, satellite: 5, meteor: 5, stellar: 5, 星空: 5, 宇宙: 6, 银河: 6, 火箭: 6, 太空: 6,
  },
  desert: {
    desert: 7, dune: 7, sahara: 7, sand: 3, camel: 6, oasis: 5, cactus: 5, arid: 4, caravan: 4, egypt: 5, pyramid: 5, nomad: 4, 沙漠: 7, 骆驼: 6,
  },
  underwater: {
    underwater: 8, reef: 7, coral: 7, fish: 4, jellyfish: 7, seaweed: 6, kelp: 7, submarine: 6, diver: 6, diving: 5, aquarium: 7, shark: 6,
    turtle: 4, mermaid: 5, seabed: 7, 'deep sea': 7, bubble: 2, octopus: 6, manta: 6, atlantis: 6, 水下: 8, 海底: 8, 鱼: 4, 水母: 7, 珊瑚: 7,
  },
  winter: {
    winter: 6, snow: 5, snowy: 5, snowfall: 5, blizzard: 6, ice: 3, icy: 3, frozen: 3, frost: 3, arctic: 6, glacier: 4, ski: 5, skier: 5, snowman: 6,
    christmas: 5, cabin: 3, aurora: 4, 'northern lights': 5, penguin: 5, 'polar bear': 6, sled: 5, reindeer: 5, 雪: 5, 冬: 6, 极光: 4,
  },
  meadow: {
    meadow: 7, flower: 5, field: 4, grass: 4, grassland: 6, wildflower: 7, sunflower: 6, lavender: 6, tulip: 6, poppy: 6, rose: 3, daisy: 6,
    garden: 4, spring: 3, prairie: 6, pasture: 5, farm: 4, wheat: 5, butterfly: 5, bee: 4, picnic: 4, blossom: 4, 'cherry blossom': 3, horse: 3,
    rabbit: 3, puppy: 2, dog: 2, sheep: 4, cow: 4, 花: 5, 草原: 6, 田野: 6, 樱花: 5,
  },
  interior: {
    candle: 7, room: 5, interior: 6, coffee: 5, tea: 4, cafe: 5, restaurant: 5, kitchen: 5, bedroom: 6, library: 6, book: 4, desk: 5, lamp: 4,
    fireplace: 6, cozy: 4, cosy: 4, bokeh: 5, indoor: 6, cup: 4, mug: 5, table: 4, wine: 4, piano: 5, birthday: 4, cake: 4, dinner: 4, bar: 3,
    studio: 3, window: 2, perfume: 4, product: 3, cat: 3, 蜡烛: 7, 咖啡: 5, 房间: 5, 茶: 4,
  },
  flow: {
    abstract: 8, fluid: 5, liquid: 5, silk: 6, gradient: 6, paint: 4, ink: 5, smoke: 4, fractal: 7, pattern: 4, flowing: 2, wavy: 2, psychedelic: 6,
    marble: 5, swirl: 5, texture: 4, wallpaper: 3, background: 2, energy: 3, music: 3, dream: 2, geometric: 4, particle: 3, lava: 4, 抽象: 8, 丝绸: 6,
  },
};

/** The family with the most weight; the earlier in the table wins a tie. Words that call no family at all get an abstract one. */
export function chooseFamily(text: string): Family {
  let best: Family = 'flow';
  let most = 0;
  for (const [family, weights] of Object.entries(FAMILY_WORDS) as [Family, Readonly<Record<string, number>>][]) {
    const weight = score(text, weights);
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
  desert: ['sunset', 'dawn', 'day'],
  underwater: ['day'],
  winter: ['dusk', 'dawn', 'day'],
  meadow: ['day', 'sunset', 'dawn'],
  interior: ['night'],
  flow: ['dusk', 'day', 'night', 'sunset'],
};

export function flatteringHour(family: Family, random: Random): Hour {
  return random.pick(FLATTERING[family]);
}
