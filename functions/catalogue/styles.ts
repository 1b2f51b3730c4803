/** The looks in which restyle can show a film. `words` say the look to a reader; `terms` are what a `restyle_prompt` calls it by. Pure data. */
export interface Look {
  readonly id: number;
  readonly name: string;
  readonly words: string;
  readonly terms: readonly string[];
}

export const LOOKS = [
  {
    id: 1,
    name: 'Anime',
    words: 'anime, flat cel shading and dark outlines',
    terms: [
      'anime',
      'cel shading',
      'cel shaded',
      'manga colour',
      'cartoon',
      'ghibli',
      'toon',
      'animated',
      '动漫',
      '卡通',
    ],
  },
  {
    id: 2,
    name: 'Comic',
    words: 'comic book, halftone dots and ink lines',
    terms: ['comic', 'halftone', 'pop art', 'graphic novel', 'superhero', 'ink line', 'dots', 'lichtenstein', '漫画'],
  },
  {
    id: 3,
    name: 'Watercolour',
    words: 'watercolour on paper, soft washes',
    terms: ['watercolour', 'watercolor', 'aquarelle', 'wash', 'gouache', 'soft paint', '水彩'],
  },
  {
    id: 4,
    name: 'Pixel art',
    words: 'pixel art with few colours',
    terms: ['pixel', 'pixel art', '8 bit', '16 bit', 'retro game', 'video game', 'voxel', 'minecraft', '像素'],
  },
  {
    id: 5,
    name: 'Pencil',
    words: 'pencil sketch, black and white hatching',
    terms: ['pencil', 'sketch', 'drawing', 'hatching', 'graphite', 'charcoal', 'line art', 'hand drawn', '素描'],
  },
  {
    id: 6,
    name: 'Cyberpunk',
    words: 'cyberpunk neon, magenta and cyan',
    terms: ['cyberpunk', 'synthwave', 'vaporwave', 'futuristic', 'sci fi', 'blade runner', 'magenta', '赛博朋克'],
  },
  {
    id: 7,
    name: 'Vintage film',
    words: 'vintage film, faded warm colours, grain and scratches',
    terms: ['vintage', 'old film', 'retro', 'sepia', 'super 8', '8mm', '16mm', '1970', 'nostalgic', 'aged', '复古'],
  },
  {
    id: 8,
    name: 'Neon edges',
    words: 'glowing neon outlines on black',
    terms: ['neon edge', 'neon', 'outline', 'glowing line', 'tron', 'laser', 'blacklight', 'wireframe', '霓虹'],
  },
  {
    id: 9,
    name: 'Oil painting',
    words: 'oil painting, thick brush strokes',
    terms: [
      'oil',
      'oil painting',
      'painting',
      'painterly',
      'brush',
      'van gogh',
      'impressionist',
      'monet',
      'canvas',
      '油画',
    ],
  },
  {
    id: 10,
    name: 'Noir',
    words: 'film noir, hard black and white',
    terms: ['noir', 'black and white', 'monochrome', 'detective', 'high contrast', 'grayscale', 'greyscale', '黑白'],
  },
  {
    id: 11,
    name: 'Golden hour',
    words: 'golden hour, low warm light and haze',
    terms: ['golden hour', 'golden', 'warm light', 'sunset', 'sunny', 'warm', 'glow', 'honey', '金色'],
  },
  {
    id: 12,
    name: 'Paper cut-out',
    words: 'paper cut-out, flat layers with soft shadows',
    terms: [
      'paper',
      'cut out',
      'cutout',
      'paper craft',
      'papercraft',
      'origami',
      'collage',
      'layered',
      'posterise',
      '剪纸',
    ],
  },
] as const satisfies readonly Look[];

export type LookName = (typeof LOOKS)[number]['name'];
