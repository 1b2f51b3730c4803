/** Restyle: every frame of a video painted in another style; its own sound stays. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { SAMPLE_RATE } from '../../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { fittedStereo } from '../../media/plain-video.ts';
import { css } from '../drawing/color.ts';
import { Random } from '../drawing/random.ts';
import { readPrompt } from '../reading/prompt.ts';
import { holds, plain } from '../reading/words.ts';
import type { RestyleSource } from '../source.ts';
import { Easel, Steady, type Style, type StylePainter } from './easel.ts';
import { cyberpunk, goldenHour, neonEdges, noir, pixelArt, vintage } from './lit-styles.ts';
import { anime, comic, oil, paperCut, pencil, watercolour } from './painted-styles.ts';

interface StyleEntry {
  readonly paint: Style;
  /** Pixels of its short side at most: soft styles show no more with more. */
  readonly detail: number;
  /** What a prompt calls it by, separated by commas. */
  readonly terms: string;
}

/** By the catalogue's ids. */
export const STYLES: Readonly<Record<number, StyleEntry>> = {
  1: {
    paint: anime,
    detail: 540,
    terms: 'anime, cel shading, cel shaded, manga colour, cartoon, ghibli, toon, animated, 动漫, 卡通',
  },
  2: {
    paint: comic,
    detail: 720,
    terms: 'comic, halftone, pop art, graphic novel, superhero, ink line, dots, lichtenstein, 漫画',
  },
  3: {
    paint: watercolour,
    detail: 540,
    terms: 'watercolour, watercolor, aquarelle, wash, gouache, soft paint, 水彩',
  },
  4: {
    paint: pixelArt,
    detail: 1080,
    terms: 'pixel, pixel art, 8 bit, 16 bit, retro game, video game, voxel, minecraft, 像素',
  },
  5: {
    paint: pencil,
    detail: 720,
    terms: 'pencil, sketch, drawing, hatching, graphite, charcoal, line art, hand drawn, 素描',
  },
  6: {
    paint: cyberpunk,
    detail: 720,
    terms: 'cyberpunk, synthwave, vaporwave, futuristic, sci fi, blade runner, magenta, 赛博朋克',
  },
  7: {
    paint: vintage,
    detail: 720,
    terms: 'vintage, old film, retro, sepia, super 8, 8mm, 16mm, 1970, nostalgic, aged, 复古',
  },
  8: {
    paint: neonEdges,
    detail: 720,
    terms: 'neon edge, neon, outline, glowing line, tron, laser, blacklight, wireframe, 霓虹',
  },
  9: {
    paint: oil,
    detail: 540,
    terms: 'oil, oil painting, painting, painterly, brush, van gogh, impressionist, monet, canvas, 油画',
  },
  10: {
    paint: noir,
    detail: 1080,
    terms: 'noir, black and white, monochrome, detective, high contrast, grayscale, greyscale, 黑白',
  },
  11: {
    paint: goldenHour,
    detail: 720,
    terms: 'golden hour, golden, warm light, sunset, sunny, warm, glow, honey, 金色',
  },
  12: {
    paint: paperCut,
    detail: 540,
    terms: 'paper, cut out, cutout, paper craft, papercraft, origami, collage, layered, posterise, 剪纸',
  },
};

export interface StyleShare {
  readonly id: number;
  /** All shares add up to 1. */
  readonly share: number;
}

/** A second style is mixed in when the words speak of it at least this much as of the first. */
const ALSO = 0.5;

/** A listed style by its id; else the one or two that the words name, in the measure in which they do; else one by words and seed. */
export function chooseStyles(wanted: RestyleSource['look'], seed: number): StyleShare[] {
  if ('id' in wanted && wanted.id in STYLES) return [{ id: wanted.id, share: 1 }];
  const text = 'id' in wanted ? '' : plain(wanted.prompt);
  const ids = Object.keys(STYLES).map(Number);
  const [first, second] = ids
    .map(id => ({ id, score: scoreOf(text, styleOf(id)) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  if (!first) return [{ id: ids[new Random(seed, `style ${text}`).whole(0, ids.length - 1)] ?? 1, share: 1 }];
  if (!second || second.score < first.score * ALSO) return [{ id: first.id, share: 1 }];
  const sum = first.score + second.score;
  return [first, second].map(({ id, score }) => ({ id, share: score / sum }));
}

export function styleOf(id: number): StyleEntry {
  const style = STYLES[id];
  if (!style) throw new Error(`there is no style ${id}`);
  return style;
}

/** How much the words speak of a style. Longer terms say more: "neon edge" outweighs "neon". */
export function scoreOf(text: string, { terms }: StyleEntry): number {
  return terms.split(', ').reduce((sum, term) => sum + (holds(text, term) ? term.split(' ').length : 0), 0);
}

/** How strongly a colour that the words name tints the look. */
const TINT = 0.4;

/** Throws MediaError `bad_media` where the video cannot be read. */
export async function restyleVideo(source: RestyleSource, output: RenderOutput): Promise<FrameSource> {
  const styles = chooseStyles(source.look, source.seed);
  const { width: w, height: h } = within(output.format, Math.min(...styles.map(({ id }) => styleOf(id).detail)));
  const video = await output.openVideo(source.videoPath, { width: w, height: h, fps: output.format.fps });
  const heard = await video.sound(SAMPLE_RATE);
  const random = new Random(source.seed, 'restyle');
  const paint = mixed(
    styles.map(({ id, share }) => ({ share, painter: styleOf(id).paint(new Easel(w, h, random.fork(`style ${id}`))) })),
  );
  const tint = tintOf(source);
  const steady = new Steady();
  const small = createCanvas(w, h);
  const image = new ImageData(w, h);
  return {
    scene: `video in style ${styles.map(({ id }) => id).join(' and ')}`,
    ...(heard && { sound: (_rate: number, samples: number) => fittedStereo(heard, samples) }),
    async paint(index, { context, width, height }) {
      const pixels = await video.readFrame(index);
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

/** Every painter paints the video; what they paint is laid over each other by their shares. */
function mixed(painters: readonly { readonly share: number; readonly painter: StylePainter }[]): StylePainter {
  const [first, second] = painters;
  if (first === undefined) throw new Error('no style was chosen');
  if (second === undefined) return first.painter;
  return (pixels, index) => {
    const other = pixels.slice();
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
