/** The looks in which restyle can show a video. `words` say the look to a reader. Pure data. */
export interface Look {
  readonly id: number;
  readonly name: string;
  readonly words: string;
}

export const LOOKS = [
  {
    id: 1,
    name: 'Anime',
    words: 'anime, flat cel shading and dark outlines',
  },
  {
    id: 2,
    name: 'Comic',
    words: 'comic book, halftone dots and ink lines',
  },
  {
    id: 3,
    name: 'Watercolour',
    words: 'watercolour on paper, soft washes',
  },
  {
    id: 4,
    name: 'Pixel art',
    words: 'pixel art with few colours',
  },
  {
    id: 5,
    name: 'Pencil',
    words: 'pencil sketch, black and white hatching',
  },
  {
    id: 6,
    name: 'Cyberpunk',
    words: 'cyberpunk neon, magenta and cyan',
  },
  {
    id: 7,
    name: 'Vintage film',
    words: 'vintage film, faded warm colours, grain and scratches',
  },
  {
    id: 8,
    name: 'Neon edges',
    words: 'glowing neon outlines on black',
  },
  {
    id: 9,
    name: 'Oil painting',
    words: 'oil painting, thick brush strokes',
  },
  {
    id: 10,
    name: 'Noir',
    words: 'film noir, hard black and white',
  },
  {
    id: 11,
    name: 'Golden hour',
    words: 'golden hour, low warm light and haze',
  },
  {
    id: 12,
    name: 'Paper cut-out',
    words: 'paper cut-out, flat layers with soft shadows',
  },
] as const satisfies readonly Look[];
