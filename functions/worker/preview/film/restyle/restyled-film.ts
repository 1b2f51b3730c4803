/** A film with every frame painted in another look; its own sound stays. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { SAMPLE_RATE } from '../../../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../../../media/frame-source.ts';
import { fittedStereo } from '../../../media/plain-video.ts';
import { css } from '../../color.ts';
import { makeNoises } from '../../noise.ts';
import { Random } from '../../random.ts';
import { readPrompt } from '../../reading.ts';
import type { RestyleSource } from '../../source.ts';
import { chooseLooks } from './choose-look.ts';
import type { Easel, LookPainter } from './look.ts';
import { LOOK_MAKERS } from './look-makers.ts';
import { Steady } from './steady.ts';

/** How strongly a colour that the words name tints the look. */
const TINT = 0.4;

/** Throws MediaError `bad_media` where the film cannot be read. */
export async function restyleFilm(source: RestyleSource, output: RenderOutput): Promise<FrameSource> {
  const looks = chooseLooks(source.look, source.seed);
  const detail = Math.min(...looks.map(({ name }) => LOOK_MAKERS[name].detail));
  const size = within(output.format, detail);
  const film = await output.openVideo(source.videoPath, { ...size, fps: output.format.fps });
  const heard = await film.sound(SAMPLE_RATE);
  const random = new Random(source.seed, 'restyle');
  const easel = {
    ...size,
    unit: Math.min(size.width, size.height) / 360,
    noises: makeNoises(random.fork('noises')),
  };
  const paint = mixed(
    looks.map(({ name, share }) => ({
      share,
      painter: LOOK_MAKERS[name].make({ ...easel, random: random.fork(name) }),
    })),
    easel,
  );
  const tint = tintOf(source);
  const steady = new Steady();
  const small = createCanvas(size.width, size.height);
  const image = new ImageData(size.width, size.height);
  return {
    scene: `restyled film: ${looks.map(({ name }) => name).join(' + ')}`,
    ...(heard && { sound: (_rate: number, samples: number) => fittedStereo(heard, samples) }),
    async paint(index, { context, width, height }) {
      const pixels = await film.readFrame(index);
      steady.hold(pixels);
      paint(pixels, index);
      image.data.set(pixels);
      small.getContext('2d').putImageData(image, 0, 0);
      context.drawImage(small, 0, 0, width, height);
      if (tint === undefined) return;
      context.save();
      context.globalCompositeOperation = 'soft-light';
      context.fillStyle = tint;
      context.fillRect(0, 0, width, height);
      context.restore();
    },
  };
}

/** The output's size, or smaller with the same aspect. */
function within({ width, height }: { width: number; height: number }, detail: number) {
  const scale = Math.min(1, detail / Math.min(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** Every painter paints the film; what they paint is laid over each other by their shares. */
function mixed(
  painters: readonly { readonly share: number; readonly painter: LookPainter }[],
  { width, height }: Pick<Easel, 'width' | 'height'>,
): LookPainter {
  const [first, second] = painters;
  if (first === undefined) throw new Error('no look was chosen');
  if (second === undefined) return first.painter;
  const other = new Uint8ClampedArray(width * height * 4);
  return (pixels, index) => {
    other.set(pixels);
    first.painter(pixels, index);
    second.painter(other, index);
    for (let at = 0; at < other.length; at++)
      pixels[at] = (pixels[at] as number) * first.share + (other[at] as number) * second.share;
  };
}

function tintOf({ look, seed }: RestyleSource): string | undefined {
  if ('id' in look) return undefined;
  const [color] = readPrompt({ prompt: look.prompt, seed }).colors;
  return color && css(color, TINT);
}
