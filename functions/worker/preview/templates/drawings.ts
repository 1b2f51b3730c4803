/** Templates that draw the picture: pencil on paper, a comic's cover, tubes of neon. */
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { labelFont } from '../../media/label.ts';
import { canvasOf, type DecodedImage, openImage } from '../../media/open-image.ts';
import { blend, type Color, css, hex } from '../drawing/color.ts';
import { clamp, mix, smoothstep } from '../drawing/curves.ts';
import { boxBlur, edgesOf, lumaOf } from '../drawing/planes.ts';
import { makeNoises, type Random } from '../drawing/random.ts';
import { Stencil } from '../transition/changes.ts';
import { makeSurface, nearer, paintPixels, setColor, type Template } from './template.ts';

interface Tones {
  /** Brightness, 0 to 255, and the same blurred over a ninetieth of the picture. */
  readonly luma: Float32Array;
  readonly wide: Float32Array;
  /** How steep brightness is, 0 to about 1000. */
  readonly edges: Float32Array;
}

function tonesOf(picture: DecodedImage): Tones {
  const { width, height, pixels } = picture;
  const luma = lumaOf(new Uint8ClampedArray(pixels.buffer), new Float32Array(width * height));
  const scratch = new Float32Array(luma.length);
  const unit = Math.min(width, height);
  const soft = boxBlur(luma, picture, Math.max(1, Math.round(unit / 420)), luma.slice(), scratch);
  const edges = edgesOf(soft, picture, new Float32Array(luma.length));
  const wide = boxBlur(luma, picture, Math.max(2, Math.round(unit / 90)), luma.slice(), scratch);
  return { luma, wide: boxBlur(wide, picture, Math.max(2, Math.round(unit / 90)), wide, scratch), edges };
}

/** The picture in pencil: a transparent sheet with graphite on it. Lines where brightness changes, hatching where it is dark. */
function pencilDrawing(picture: DecodedImage, random: Random): Canvas {
  const { width, height } = picture;
  const { luma, wide, edges } = tonesOf(picture);
  const grain = makeNoises(random.fork('grain')).fine;
  const fine = 720 / Math.min(width, height);
  return paintPixels(width, height, (x, y, out, at) => {
    // Divided by its own surroundings a picture keeps its lines and loses its light.
    const line = clamp(1 - (luma[at] as number) / Math.max(15, wide[at] as number));
    const dark = clamp(1 - (wide[at] as number) / 204);
    const stroke = 0.5 + 0.5 * Math.sin((x + y * 0.8) * 0.95 * fine + 3 * grain.at(x * 0.4 * fine, y * 0.4 * fine));
    const cross = 0.5 + 0.5 * Math.sin((x - y * 0.7) * 0.95 * fine);
    const hatch = dark * (0.22 + 0.5 * stroke) + smoothstep(0.45, 0.9, dark) * 0.3 * cross;
    const edge = smoothstep(25, 127, edges[at] as number);
    const tooth = 0.82 + 0.3 * grain.at(x * 1.7, y * 1.7);
    setColor(out, [52, 52, 58]);
    out[3] = 235 * clamp((3.3 * line + 0.85 * edge + 0.62 * hatch) * tooth);
  });
}

/** The drawing alone, as a still. */
export const pencil: Template = async ({ imagePaths, format: { width, height }, random }) => {
  const edge = Math.round(Math.min(width, height) * 0.05);
  const sheet = makeSurface('paper', width, height, random);
  const drawing = pencilDrawing(await openImage(imagePaths[0], width - 2 * edge, height - 2 * edge), random);
  const pen = drawing.getContext('2d');
  // Towards the edges of the sheet the hand leaves off.
  pen.globalCompositeOperation = 'destination-in';
  pen.filter = `blur(${edge}px)`;
  pen.fillStyle = '#000';
  pen.fillRect(edge, edge, drawing.width - 2 * edge, drawing.height - 2 * edge);
  return context => {
    context.drawImage(sheet, 0, 0);
    context.drawImage(drawing, edge, edge);
  };
};

/** Strokes of the pencil across the sheet. */
const STROKES = 46;

/** A pencil draws the picture on paper, stroke by stroke, then the colours wash in. */
export const sketch: Template = async ({ imagePaths, format: { width, height }, random }) => {
  const picture = await openImage(imagePaths[0], width, height);
  const drawing = pencilDrawing(picture, random);
  const colors = canvasOf(picture);
  const paper = makeSurface('paper', width, height, random);
  const stencil = new Stencil(width, height);
  const drawn = createCanvas(width, height);
  const pen = drawn.getContext('2d');
  const wobbles = Array.from({ length: STROKES }, () => random.range(-0.4, 0.4));
  const washes = Array.from(
    { length: 7 },
    () => [random.range(0.05, 0.95) * width, random.range(0.05, 0.95) * height, random.range(0, 0.4)] as const,
  );
  const reach = Math.hypot(width, height);
  return (context, progress) => {
    const penned = Math.min(1, progress / 0.58);
    const washed = smoothstep(0.5, 0.96, progress);
    context.drawImage(paper, 0, 0);
    if (washed > 0) {
      const wash = stencil.cut(colors, target => {
        const mask = createCanvas(width, height);
        const brush = mask.getContext('2d');
        for (const [x, y, start] of washes) {
          const radius = Math.max(1, reach * 0.95 * smoothstep(start, 1, washed));
          const blot = brush.createRadialGradient(x, y, radius * 0.55, x, y, radius);
          blot.addColorStop(0, 'rgba(0, 0, 0, 1)');
          blot.addColorStop(1, 'rgba(0, 0, 0, 0)');
          brush.fillStyle = blot;
          brush.fillRect(0, 0, width, height);
        }
        target.drawImage(mask, 0, 0);
      });
      // Colour over paper, not instead of it: the sheet's tooth stays.
      context.save();
      context.globalCompositeOperation = 'multiply';
      context.drawImage(wash, 0, 0);
      context.restore();
    }
    pen.globalCompositeOperation = 'source-over';
    pen.clearRect(0, 0, width, height);
    pen.lineWidth = (height * 1.6) / STROKES + 4;
    pen.lineCap = 'round';
    for (const [index, wobble] of wobbles.entries()) {
      const share = smoothstep(0, 1, penned * 1.1 * STROKES * 0.28 - index * 0.28 + 0.3);
      if (share <= 0) continue;
      // Slanted, there and back, as a hand shades.
      const y = mix(-0.3, 1.2, index / (STROKES - 1)) * height;
      const [from, end] = index % 2 === 0 ? [-0.05, 1.05] : [1.05, -0.05];
      const to = mix(from, end, share);
      pen.beginPath();
      pen.moveTo(from * width, y + (1 - from) * height * 0.2);
      pen.lineTo(to * width, y + (1 - to) * height * 0.2 + wobble * 6);
      pen.stroke();
    }
    pen.globalCompositeOperation = 'source-in';
    pen.drawImage(drawing, 0, 0);
    context.save();
    context.globalAlpha = mix(1, 0.5, washed);
    context.drawImage(drawn, 0, 0);
    context.restore();
  };
};

const CRIES: readonly [string, ...string[]] = ['WOW!', 'ZAP!', 'POW!', 'BAM!', 'YES!'];

/** A comic's cover: flat inks, black outlines, halftone dots in the shadows, a title and a burst. */
export const comicCover: Template = async ({ imagePaths, format: { width, height }, random }) => {
  const unit = Math.min(width, height);
  const banner = Math.round(unit * 0.19);
  const edge = Math.round(unit * 0.025);
  const picture = await openImage(imagePaths[0], width - 2 * edge, height - banner - 2 * edge);
  const art = inked(picture);
  const cry = random.pick(CRIES);
  const radius = unit * 0.15;
  const burstX = random.chance(0.5) ? edge + radius * 1.15 : width - edge - radius * 1.15;
  return context => {
    context.fillStyle = '#fdf8ea';
    context.fillRect(0, 0, width, height);
    context.drawImage(art, edge, banner + edge);
    context.strokeStyle = '#111';
    context.lineWidth = edge * 0.5;
    context.strokeRect(edge, banner + edge, width - 2 * edge, height - banner - 2 * edge);
    const write = (text: string, size: number, x: number, y: number, color: string): void => {
      context.font = labelFont(size);
      context.textAlign = 'center';
      context.lineJoin = 'round';
      context.lineWidth = size * 0.22;
      context.strokeText(text, x, y);
      context.fillStyle = color;
      context.fillText(text, x, y);
    };
    write('MUTOSCOPE', Math.min(banner * 0.78, width / 8), width / 2, banner * 0.5 + edge + banner * 0.27, '#e5252b');
    context.save();
    context.translate(burstX, banner + edge + radius * 1.2);
    context.rotate(-0.16);
    context.beginPath();
    for (let point = 0; point < 28; point++) {
      const away = radius * (point % 2 === 0 ? 1.12 : 0.8);
      context.lineTo(away * Math.cos((point / 14) * Math.PI), away * 0.82 * Math.sin((point / 14) * Math.PI));
    }
    context.closePath();
    context.lineWidth = radius * 0.09;
    context.stroke();
    context.fillStyle = '#ffe14d';
    context.fill();
    write(cry, radius * 0.46, 0, radius * 0.17, '#fff');
    context.restore();
  };
};

/** Few and strong colours, dots where it is dark, and ink on the outlines. */
function inked(picture: DecodedImage): Canvas {
  const { width, height, pixels } = picture;
  const { wide, edges } = tonesOf(picture);
  const dot = Math.max(4, Math.min(width, height) / 84);
  return paintPixels(width, height, (x, y, out, at) => {
    const pixel = pixels[at] as number;
    const u = (((x + y) / dot) % 1) - 0.5;
    const v = (((((x - y) / dot) % 1) + 1) % 1) - 0.5;
    const dotted = Math.hypot(u, v) < 0.62 * clamp(0.72 - (wide[at] as number) / 255) ** 0.6 ? 0.72 : 1;
    const ink = 1 - clamp(1.5 * smoothstep(36, 180, edges[at] as number));
    const mean = ((pixel & 255) + ((pixel >>> 8) & 255) + ((pixel >>> 16) & 255)) / 3;
    for (let channel = 0; channel < 3; channel++) {
      const strong = mix(mean, (pixel >>> (8 * channel)) & 255, 1.45) * 1.08 + 8;
      const flat = Math.round(clamp(strong, 0, 255) / 51) * 51;
      out[channel] = (12 + mix(flat, strong, 0.25) * dotted) * ink;
    }
  });
}

const PAIRS: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['#ff2d95', '#22d3ee'],
  ['#a855f7', '#38f9b0'],
  ['#ff7a18', '#4f8cff'],
];

/** The picture goes dark, its outlines flicker on as neon tubes, and a tube runs round the frame. */
export const neonFrame: Template = async ({ imagePaths, format, random, direction }) => {
  const { width, height } = format;
  const picture = await openImage(imagePaths[0], width, height);
  const pair = random.pick(PAIRS);
  const colors = [direction.colors[0] ?? hex(pair[0]), direction.colors[1] ?? hex(pair[1])] as const;
  const day = canvasOf(picture);
  const tubes = neonLines(picture, colors);
  const unit = Math.min(width, height);
  const glow = createCanvas(Math.ceil(width / 4), Math.ceil(height / 4));
  const soft = glow.getContext('2d');
  soft.filter = `blur(${Math.max(1.5, unit / 170)}px)`;
  soft.drawImage(tubes, 0, 0, glow.width, glow.height);
  const flickers = Array.from({ length: 5 }, () => random.range(0.06, 0.3));
  const inset = unit * 0.06;
  const length = 2 * (width + height - 4 * inset);
  return (context, progress, seconds) => {
    const struck = flickers.some(at => Math.abs(progress - at) < 0.012) ? 0.25 : 1;
    const lit = smoothstep(0.1, 0.34, progress) * struck * (0.93 + 0.07 * Math.sin(seconds * 9));
    nearer(context, format, mix(1, 1.05, progress), () => {
      context.drawImage(day, 0, 0);
      context.fillStyle = `rgba(6, 5, 22, ${(0.8 * smoothstep(0, 0.16, progress)).toFixed(3)})`;
      context.fillRect(0, 0, width, height);
      context.globalCompositeOperation = 'lighter';
      context.globalAlpha = lit;
      context.drawImage(glow, 0, 0, width, height);
      context.drawImage(tubes, 0, 0);
    });
    const run = smoothstep(0.22, 0.62, progress);
    context.save();
    context.globalCompositeOperation = 'lighter';
    context.lineCap = 'round';
    context.setLineDash([length * run, length]);
    context.beginPath();
    context.roundRect(inset, inset, width - 2 * inset, height - 2 * inset, unit * 0.05);
    for (const [line, alpha, white] of [
      [0.06, 0.12, 0],
      [0.03, 0.3, 0.1],
      [0.011, 0.95, 0.4],
    ] as const) {
      context.lineWidth = unit * line;
      const strength = alpha * Math.min(1, run * 6) * (0.6 + 0.4 * lit);
      context.strokeStyle = css(blend(colors[0], [255, 255, 255], white), strength);
      context.stroke();
    }
    context.restore();
  };
};

/** A busy picture shows only its strongest outlines: tubes have to have dark between them. */
const LEASTS = [18, 31, 51, 82, 128];
const MOST_LIT = 0.09;

/** The outlines alone, from the first colour at the top left to the second at the bottom right. */
function neonLines(picture: DecodedImage, [first, second]: readonly [Color, Color]): Canvas {
  const { width, height } = picture;
  const { edges } = tonesOf(picture);
  const lit = (least: number): number => edges.reduce((count, edge) => count + (edge > least * 3 ? 1 : 0), 0);
  const least = LEASTS.find(level => lit(level) < MOST_LIT * edges.length) ?? 128;
  return paintPixels(width, height, (x, y, out, at) => {
    setColor(out, blend(first, second, smoothstep(0.36, 0.64, (x / width + y / height) / 2)));
    out[3] = 255 * smoothstep(least, least * 5, edges[at] as number);
  });
}
