/** The templates of the catalogue, played on the caller's pictures from their beginning to their end, whatever the clip's length. */
import type { ClipFormat, FrameSource } from '../../media/frame-source.ts';
import { MediaError } from '../../media/media-error.ts';
import { Random } from '../drawing/random.ts';
import { readPrompt } from '../reading/prompt.ts';
import { recordSound } from '../sound/score.ts';
import type { TemplateSource } from '../source.ts';
import { doubleExposure, parallaxPop } from './cutouts.ts';
import { comicCover, neonFrame, pencil, sketch } from './drawings.ts';
import { filmStrip, polaroid, postcard, scrapbook } from './prints.ts';
import type { Template } from './template.ts';

/** By the catalogue's ids. */
export const TEMPLATE_PAINTERS: Readonly<Record<number, Template>> = {
  302325299692608: polaroid,
  302325299692609: doubleExposure,
  302325299692610: sketch,
  302325299692611: neonFrame,
  302325299692612: filmStrip,
  302325299692613: parallaxPop,
  302325299692701: postcard,
  302325299692702: comicCover,
  302325299692703: pencil,
  302325299692704: scrapbook,
};

/** Throws MediaError `bad_image`. */
export async function playTemplate(source: TemplateSource, format: ClipFormat): Promise<FrameSource> {
  const { templateId, seed } = source;
  const open = TEMPLATE_PAINTERS[templateId];
  if (!open) throw new Error(`there is no template ${templateId}`);
  const [first, ...others] = source.imagePaths;
  if (first === undefined) throw new MediaError('bad_image', 'a template without a picture');
  const direction = readPrompt(source);
  const random = new Random(seed, `template ${templateId}`);
  const paint = await open({ imagePaths: [first, ...others], format, random: random.fork('picture'), direction });
  const frames = Math.max(1, Math.round(format.durationSeconds * format.fps));
  return {
    scene: 'template',
    sound: (rate, samples) => recordSound({ random, direction }, rate, samples),
    paint(index, { context }) {
      // A clip of one frame is a picture: it shows what the template comes to.
      paint(context, frames === 1 ? 1 : index / (frames - 1), index / format.fps);
    },
  };
}
