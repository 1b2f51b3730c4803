/** One painter for each effect of the templates' table. */
import type { EffectName } from '../../../catalogue/templates.ts';
import { comicCover } from './comic-cover.ts';
import { doubleExposure } from './double-exposure.ts';
import type { Effect } from './effect.ts';
import { filmStrip } from './film-strip.ts';
import { neonFrame } from './neon-frame.ts';
import { parallaxPop } from './parallax-pop.ts';
import { polaroid } from './polaroid.ts';
import { postcard } from './postcard.ts';
import { scrapbook } from './scrapbook.ts';
import { pencil, sketch } from './sketch.ts';

export const EFFECTS: Readonly<Record<EffectName, Effect>> = {
  polaroid,
  sketch,
  neon_frame: neonFrame,
  film_strip: filmStrip,
  parallax_pop: parallaxPop,
  double_exposure: doubleExposure,
  postcard,
  comic_cover: comicCover,
  pencil,
  scrapbook,
};
