/** The scene families and the words that call them. A word's weight says how much of the picture it decides: a place beats a thing in it. */
import type { Random } from './random.ts';
import { holds } from './words.ts';

export type Family = 'hills' | 'sea' | 'city' | 'forest' | 'space' | 'desert' | 'winter' | 'meadow' | 'flow';

/** Weight, then the words that have it, separated by commas. */
type WordList = readonly (readonly [weight: number, words: string])[];

const FAMILY_WORDS: Readonly<Record<Family, WordList>> = {
  hills: [
    [5, 'mountain, hill, alps, himalaya, volcano, 山'],
    [4, 'valley, peak, ridge, highland'],
    [3, 'cliff, canyon, countryside, castle, hiker'],
    [2, 'landscape, balloon, train, dragon, eagle, village, 山脉'],
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
  desert: [
    [7, 'desert, dune, sahara, 沙漠'],
    [6, 'camel, 骆驼'],
    [5, 'oasis, cactus, egypt, pyramid'],
    [4, 'arid, caravan, nomad'],
    [3, 'sand'],
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
  desert: ['sunset', 'dawn', 'day'],
  winter: ['dusk', 'dawn', 'day'],
  meadow: ['day', 'sunset', 'dawn'],
  flow: ['dusk', 'day', 'night', 'sunset'],
};

export function flatteringHour(family: Family, random: Random): Hour {
  return random.pick(FLATTERING[family]);
}
