/** A template: one of the effects played on the caller's pictures. The clip is the effect from its beginning to its end, whatever its length. */
import type { ClipFormat, FrameSource } from '../../media/frame-source.ts';
import { MediaError } from '../../media/media-error.ts';
import { Random } from '../random.ts';
import { readPrompt } from '../reading.ts';
import { recordSound } from '../sound/soundtrack.ts';
import type { TemplateSource } from '../source.ts';
import { EFFECTS } from './effects.ts';

/** Throws MediaError `bad_image`. */
export async function previewTemplate(source: TemplateSource, format: ClipFormat): Promise<FrameSource> {
  const [first, ...others] = source.imagePaths;
  if (first === undefined) throw new MediaError('bad_image', 'a template without a picture');
  const direction = readPrompt(source);
  const random = new Random(source.seed, source.effect);
  const paint = await EFFECTS[source.effect]({
    imagePaths: [first, ...others],
    format,
    random: random.fork('picture'),
    text: direction.text,
  });
  const frames = Math.max(1, Math.round(format.durationSeconds * format.fps));
  return {
    scene: source.effect,
    sound: (rate, samples) => recordSound({ random, direction }, rate, samples),
    paint(index, { context }) {
      // A clip of one frame is a picture: it shows what the effect comes to.
      paint(context, frames === 1 ? 1 : index / (frames - 1), index / format.fps);
    },
  };
}
