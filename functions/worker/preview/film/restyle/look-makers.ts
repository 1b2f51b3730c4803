/** The painter of each listed look, and how many pixels its short side has at most: soft looks show no more with more. */
import type { LookName } from '../../../../generation/looks.ts';
import { noir, pixelArt, vintage } from './camera-looks.ts';
import { anime, comic, pencil } from './drawn-looks.ts';
import { cyberpunk, goldenHour, neonEdges } from './lit-looks.ts';
import type { LookMaker } from './look.ts';
import { oil, paperCut, watercolour } from './painted-looks.ts';

export const LOOK_MAKERS: Readonly<Record<LookName, { readonly make: LookMaker; readonly detail: number }>> = {
  Anime: { make: anime, detail: 540 },
  Comic: { make: comic, detail: 720 },
  Watercolour: { make: watercolour, detail: 540 },
  'Pixel art': { make: pixelArt, detail: 1080 },
  Pencil: { make: pencil, detail: 720 },
  Cyberpunk: { make: cyberpunk, detail: 720 },
  'Vintage film': { make: vintage, detail: 720 },
  'Neon edges': { make: neonEdges, detail: 720 },
  'Oil painting': { make: oil, detail: 540 },
  Noir: { make: noir, detail: 1080 },
  'Golden hour': { make: goldenHour, detail: 720 },
  'Paper cut-out': { make: paperCut, detail: 540 },
};
