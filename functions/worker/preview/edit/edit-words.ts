/** What can be done to a film, and the words that ask for it. A word's weight says how plainly it does. Pure data. */

export const OPERATIONS = [
  'remove',
  'replace',
  'add',
  'recolour',
  'light',
  'restyle',
  'hide',
  'weather',
  'write',
  'glow',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Verbs begin a new edit after "and": "paint the car red and blur the rest". */
export const VERBS: Readonly<Record<Operation, Readonly<Record<string, number>>>> = {
  remove: {
    ...{ remove: 4, delete: 4, erase: 4, 'get rid of': 4, 'take away': 4, 'take out': 4, 'cut out': 3, clear: 1 },
    ...{ 'make disappear': 4, disappear: 3, vanish: 3, eliminate: 4, without: 3, 删除: 4, 移除: 4, 去掉: 4, 消除: 4 },
  },
  replace: {
    ...{ replace: 3, swap: 3, substitute: 3, exchange: 3, 'turn into': 2, become: 2, transform: 1.5 },
    ...{ 替换: 3, 换成: 3, 变成: 2 },
  },
  add: {
    ...{ add: 3, place: 2.5, put: 2.5, insert: 3, include: 2, 'bring in': 2, hang: 2, wear: 2, wearing: 2, hold: 1.5 },
    ...{ give: 1, attach: 2, paste: 3, overlay: 2.5, decorate: 2, 添加: 3, 加上: 3, 增加: 3, 放: 2 },
  },
  recolour: {
    ...{ recolour: 4, recolor: 4, paint: 2, dye: 4, tint: 4, colour: 2.5, color: 2.5, 颜色: 3, 染: 3, 涂: 2 },
  },
  light: {
    ...{ brighten: 4, darken: 4, relight: 4, light: 1.5, lighting: 2, illuminate: 3, grade: 2, contrast: 3, dim: 3 },
    ...{ exposure: 3, 调亮: 4, 调暗: 4 },
  },
  restyle: { restyle: 4, style: 2, stylise: 4, stylize: 4, render: 1.5, 'look like': 1.5, 风格: 3 },
  hide: {
    ...{ blur: 4, pixelate: 4, censor: 4, anonymise: 4, anonymize: 4, hide: 3, obscure: 3, defocus: 4, mosaic: 4 },
    ...{ unsharp: 3, 模糊: 4, 打码: 4, 马赛克: 4 },
  },
  weather: { rain: 2, snow: 2, 下雨: 3, 下雪: 3 },
  write: { write: 4, text: 2.5, caption: 4, title: 3, label: 2, say: 1.5, read: 1.5, sign: 1.5, 文字: 3, 写: 3 },
  glow: { glow: 3, highlight: 4, outline: 3, shine: 2.5, aura: 4, halo: 4, 'light up': 3, emphasise: 3, 发光: 4 },
};

/** Times of day and kinds of light. */
export type Mood =
  | 'night'
  | 'sunset'
  | 'dawn'
  | 'darker'
  | 'brighter'
  | 'vivid'
  | 'faded'
  | 'warm'
  | 'cold'
  | 'dramatic';

export const LIGHT_MOODS: Readonly<Record<Mood, readonly string[]>> = {
  night: ['night', 'midnight', 'moonlight', 'moonlit', 'nighttime', '夜'],
  sunset: ['sunset', 'golden hour', 'evening', 'dusk', '日落', '黄昏'],
  dawn: ['dawn', 'sunrise', 'morning', '日出', '清晨'],
  darker: ['darker', 'dark', 'darken', 'dim', 'gloomy', 'moody', '暗'],
  brighter: ['brighter', 'bright', 'brighten', 'daylight', 'sunny', 'lighter', '亮'],
  vivid: ['vivid', 'vibrant', 'saturated', 'colorful', 'colourful', '鲜艳'],
  faded: ['faded', 'pale', 'desaturated', 'washed out', 'muted'],
  warm: ['warm', 'warmer', 'cozy', 'cosy', '暖'],
  cold: ['cold', 'colder', 'cool', 'icy', 'winter', 'frozen', '冷'],
  dramatic: ['dramatic', 'cinematic', 'contrast', 'epic', 'intense'],
};

/** Where something is to be put. */
export type Place = 'left' | 'right' | 'above' | 'below' | 'behind' | 'middle';

export const PLACE_WORDS: Readonly<Record<Place, readonly string[]>> = {
  behind: ['behind', 'in the background', 'in back of', '后面'],
  left: ['left', '左'],
  right: ['right', 'next to', 'beside', 'near', '右', '旁边'],
  above: ['above', 'over', 'top', 'on the head', 'sky', 'upper', 'hat', '上'],
  below: ['below', 'under', 'beneath', 'bottom', 'feet', 'lower', 'ground', '下'],
  middle: ['middle', 'center', 'centre', '中'],
};

export const LARGE = ['large', 'big', 'huge', 'giant', 'enormous', '大'] as const;
export const LITTLE = ['small', 'little', 'tiny', 'mini', '小'] as const;

/** Things that can be added without a picture of them. */
export type Thing = 'birds' | 'balloons' | 'aurora' | 'fireflies' | 'bubbles' | 'sparkles';

export const THING_WORDS: Readonly<Record<Thing, readonly string[]>> = {
  birds: ['bird', 'seagull', 'gull', 'flock', 'pigeon', '鸟'],
  balloons: ['balloon', '气球'],
  aurora: ['aurora', 'northern lights', '极光'],
  fireflies: ['firefly', 'lantern', 'candle', 'fire', 'spark', 'ember', '萤火虫', '火'],
  bubbles: ['bubble', 'foam', '泡'],
  sparkles: ['sparkle', 'glitter', 'star', 'magic', 'dust', 'light', '星'],
};
