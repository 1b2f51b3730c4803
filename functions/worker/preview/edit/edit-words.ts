/** What can be done to a video, and the words that ask for it. A word's weight says how plainly it does. Pure data. */

import { list } from '../reading/prompt.ts';

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

/** Verbs by how plainly they ask. They begin a new edit after "and": "paint the car red and blur the rest". */
export const VERBS: Readonly<Record<Operation, readonly (readonly [weight: number, words: string])[]>> = {
  remove: [
    [4, 'remove, delete, erase, get rid of, take away, take out, make disappear, eliminate, 删除, 移除, 去掉, 消除'],
    [3, 'cut out, disappear, vanish, without'],
    [1, 'clear'],
  ],
  replace: [
    [3, 'replace, swap, substitute, exchange, 替换, 换成'],
    [2, 'turn into, become, 变成'],
    [1.5, 'transform'],
  ],
  add: [
    [3, 'add, insert, paste, 添加, 加上, 增加'],
    [2.5, 'place, put, overlay'],
    [2, 'include, bring in, hang, wear, wearing, attach, decorate, 放'],
    [1.5, 'hold'],
    [1, 'give'],
  ],
  recolour: [
    [4, 'recolour, recolor, dye, tint'],
    [3, '颜色, 染'],
    [2.5, 'colour, color'],
    [2, 'paint, 涂'],
  ],
  light: [
    [4, 'brighten, darken, relight, 调亮, 调暗'],
    [3, 'illuminate, contrast, dim, exposure'],
    [2, 'lighting, grade'],
    [1.5, 'light'],
  ],
  restyle: [
    [4, 'restyle, stylise, stylize'],
    [3, '风格'],
    [2, 'style'],
    [1.5, 'render, look like'],
  ],
  hide: [
    [4, 'blur, pixelate, censor, anonymise, anonymize, defocus, mosaic, 模糊, 打码, 马赛克'],
    [3, 'hide, obscure, unsharp'],
  ],
  weather: [
    [3, '下雨, 下雪'],
    [2, 'rain, snow'],
  ],
  write: [
    [4, 'write, caption'],
    [3, 'title, 文字, 写'],
    [2.5, 'text'],
    [2, 'label'],
    [1.5, 'say, read, sign'],
  ],
  glow: [
    [4, 'highlight, aura, halo, 发光'],
    [3, 'glow, outline, light up, emphasise'],
    [2.5, 'shine'],
  ],
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
  night: list('night, midnight, moonlight, moonlit, nighttime, 夜'),
  sunset: list('sunset, golden hour, evening, dusk, 日落, 黄昏'),
  dawn: list('dawn, sunrise, morning, 日出, 清晨'),
  darker: list('darker, dark, darken, dim, gloomy, moody, 暗'),
  brighter: list('brighter, bright, brighten, daylight, sunny, lighter, 亮'),
  vivid: list('vivid, vibrant, saturated, colorful, colourful, 鲜艳'),
  faded: list('faded, pale, desaturated, washed out, muted'),
  warm: list('warm, warmer, cozy, cosy, 暖'),
  cold: list('cold, colder, cool, icy, winter, frozen, 冷'),
  dramatic: list('dramatic, cinematic, contrast, epic, intense'),
};

/** Where something is to be put. */
export type Place = 'left' | 'right' | 'above' | 'below' | 'behind' | 'middle';

export const PLACE_WORDS: Readonly<Record<Place, readonly string[]>> = {
  behind: list('behind, in the background, in back of, 后面'),
  left: list('left, 左'),
  right: list('right, next to, beside, near, 右, 旁边'),
  above: list('above, over, top, on the head, sky, upper, hat, 上'),
  below: list('below, under, beneath, bottom, feet, lower, ground, 下'),
  middle: list('middle, center, centre, 中'),
};

export const LARGE = ['large', 'big', 'huge', 'giant', 'enormous', '大'] as const;
export const LITTLE = ['small', 'little', 'tiny', 'mini', '小'] as const;

/** Things that can be added without a picture of them. */
export type Thing = 'birds' | 'balloons' | 'aurora' | 'fireflies' | 'bubbles' | 'sparkles';

export const THING_WORDS: Readonly<Record<Thing, readonly string[]>> = {
  birds: list('bird, seagull, gull, flock, pigeon, 鸟'),
  balloons: list('balloon, 气球'),
  aurora: list('aurora, northern lights, 极光'),
  fireflies: list('firefly, lantern, candle, fire, spark, ember, 萤火虫, 火'),
  bubbles: list('bubble, foam, 泡'),
  sparkles: list('sparkle, glitter, star, magic, dust, light, 星'),
};
