/** Edits that paint over a video: another style, a blur, weather, small things, text, a glow, a picture put somewhere. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { labelFont } from '../../media/label.ts';
import { css, hex } from '../drawing/color.ts';
import { clamp } from '../drawing/curves.ts';
import { makeMotes } from '../drawing/lights.ts';
import { boxBlur } from '../drawing/planes.ts';
import { imageWorld } from '../image/image-scene.ts';
import { cameraAt } from '../reading/camera.ts';
import { readPrompt } from '../reading/prompt.ts';
import { holds, mentioned } from '../reading/words.ts';
import { Easel } from '../restyle/easel.ts';
import { chooseStyles, styleOf } from '../restyle/restyle.ts';
import { makeAurora, makeBalloons, makeBirds } from '../scenes/sky-props.ts';
import { makeWeather } from '../scenes/weather.ts';
import type { Scene, World } from '../scenes/world.ts';
import { openCutout } from '../subject/cutout.ts';
import { light, toneOf } from '../subject/swap.ts';
import { colorOf } from './color-edits.ts';
import { LARGE, LITTLE, THING_WORDS, type Thing } from './edit-words.ts';
import type { Edit } from './read-edits.ts';
import { blendIn, type Painter, Sheet, type Stage, type Targets } from './stage.ts';

/** The style that the words come nearest to. */
export function restyle({ text }: Edit, { width, height, seed, random }: Stage): Painter {
  const [style] = chooseStyles({ prompt: text }, seed);
  const paint = styleOf(style?.id ?? 1).paint(new Easel(width, height, random.fork(`style ${text}`)));
  return (frame, alpha) => {
    const painted = frame.pixels.slice();
    paint(painted, frame.index);
    blendIn(frame, painted, alpha);
  };
}

/** Blocks of this share of the shorter side, and blur of this one. */
const BLOCK = 1 / 22;
const BLUR = 1 / 26;

/** Blocks where the words ask for them, else a blur: a frame made small and large again. */
export function hide({ text }: Edit, { width, height }: Stage): Painter {
  const blocks = ['pixelate', 'mosaic', 'censor', '打码', '马赛克'].some(word => holds(text, word));
  const size = Math.max(2, Math.min(width, height) * (blocks ? BLOCK : BLUR));
  const [w, h] = [Math.max(2, Math.round(width / size)), Math.max(2, Math.round(height / size))];
  const whole = createCanvas(width, height).getContext('2d');
  const half = createCanvas(Math.ceil(width / 4), Math.ceil(height / 4)).getContext('2d');
  const small = createCanvas(w, h).getContext('2d');
  return (frame, alpha) => {
    whole.putImageData(new ImageData(frame.pixels.slice(), width, height), 0, 0);
    // By way of a quarter: one step down to a twentieth would pick single pixels, which flicker.
    half.drawImage(whole.canvas, 0, 0, half.canvas.width, half.canvas.height);
    small.imageSmoothingQuality = 'high';
    small.drawImage(half.canvas, 0, 0, w, h);
    whole.imageSmoothingEnabled = !blocks;
    whole.imageSmoothingQuality = 'high';
    whole.drawImage(small.canvas, 0, 0, width, height);
    blendIn(frame, whole.getImageData(0, 0, width, height).data, alpha);
  };
}

/** The air that comes with what falls. */
const AIR = {
  storm: 'rgba(26, 32, 52, 0.4)',
  rain: 'rgba(38, 50, 68, 0.26)',
  snow: 'rgba(214, 226, 240, 0.2)',
} as const;

export function weather(edit: Edit, stage: Stage): Painter {
  const world = worldOf(edit, stage);
  const air = (['storm', 'rain', 'snow'] as const).find(kind => world.direction.weather.has(kind));
  return overlay(stage, [makeWeather(world)], air && AIR[air]);
}

const lights = (world: World, edit: Edit, code: string, rise: number): Scene =>
  makeMotes(world, code, {
    count: 70,
    color: colorOf(edit) ?? hex(code),
    size: [0.004, 0.011],
    strength: 1,
    rise,
    blink: 0.8,
  });

const THINGS: Readonly<Record<Thing, (world: World, edit: Edit) => Scene>> = {
  // Nearer than in a scene of their own, where they are far away.
  birds: world => makeBirds({ ...world, unit: world.unit * 2.4 }, world.height * 0.24),
  balloons: world => makeBalloons(world, world.height * 0.6),
  aurora: world => makeAurora(world, world.height * 0.55),
  fireflies: (world, edit) => lights(world, edit, '#ffb84d', 0.02),
  bubbles: (world, edit) => lights(world, edit, '#bfe6ff', 0.06),
  sparkles: (world, edit) => lights(world, edit, '#fff3c4', 0.01),
};

/** Small things that can be added without a picture of them, drawn as the scenes draw them. */
export function addThings(edit: Edit, stage: Stage): Painter {
  const world = worldOf(edit, stage);
  const wanted = mentioned(edit.text, THING_WORDS);
  const things = wanted.length > 0 ? wanted.slice(0, 2) : (['sparkles'] as const);
  return overlay(
    stage,
    things.map(thing => THINGS[thing](world, edit)),
  );
}

function worldOf({ text }: Edit, { width, height, seed, random, first }: Stage): World {
  return imageWorld(width, height, random.fork(text), readPrompt({ prompt: text, seed }), first);
}

function overlay({ width, height, frames }: Stage, scenes: readonly Scene[], air?: string): Painter {
  const sheet = new Sheet(width, height);
  const camera = cameraAt('fix_bg', 0, false);
  return (frame, alpha) =>
    sheet.draw(frame, alpha, context => {
      if (air !== undefined) {
        context.fillStyle = air;
        context.fillRect(0, 0, width, height);
      }
      const progress = frames <= 1 ? 0 : frame.index / (frames - 1);
      for (const scene of scenes) scene.paint(context, { time: frame.time, progress, camera });
    });
}

/** A place in the frame, by its middle, in pixels. */
interface Spot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The text in quotes, as large as fits into the selection, or along the frame's lower third. */
export function write(edit: Edit, stage: Stage, targets: Targets): Painter {
  const { width, height } = stage;
  const sheet = new Sheet(width, height);
  const spots = spotsOf(stage, targets);
  const lower: Spot = { x: width / 2, y: height * 0.78, width: width * 0.8, height: height * 0.12 };
  const ink = css(colorOf(edit) ?? [255, 255, 255]);
  return frame => {
    const spot = spots?.[frame.index] ?? lower;
    sheet.draw(frame, undefined, context => {
      context.font = labelFont(100);
      const size = Math.max(8, Math.min((spot.width * 92) / context.measureText(edit.quoted).width, spot.height * 0.8));
      context.font = labelFont(size);
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.lineJoin = 'round';
      context.lineWidth = size * 0.14;
      context.strokeStyle = 'rgba(10, 12, 18, 0.75)';
      context.strokeText(edit.quoted, spot.x, spot.y);
      context.fillStyle = ink;
      context.fillText(edit.quoted, spot.x, spot.y);
    });
  };
}

/** How far a glow reaches, as a share of the shorter side. */
const REACH = 0.035;

/** Light that spills from what is selected, and a little on it. */
export function glow(edit: Edit, { width, height }: Stage): Painter {
  const color = colorOf(edit) ?? [255, 226, 140];
  const radius = Math.max(2, Math.round(REACH * Math.min(width, height)));
  const scratch = new Float32Array(width * height);
  return ({ pixels, time }, alpha) => {
    const inside = Float32Array.from(scratch, (_, at) => (alpha ? (alpha[at] as number) / 255 : 0.4));
    const wide = inside.slice();
    for (let pass = 0; pass < 2; pass++) boxBlur(wide, { width, height }, radius, wide, scratch);
    const breath = 0.85 + 0.15 * Math.sin(time * 3);
    for (let at = 0, to = 0; at < inside.length; at++, to += 4) {
      const own = inside[at] as number;
      const share = breath * ((wide[at] as number) * (1 - own) * 1.5 + own * 0.22);
      if (share < 0.004) continue;
      for (let channel = 0; channel < 3; channel++) {
        const value = pixels[to + channel] as number;
        // Screened: light adds, and never more than white.
        pixels[to + channel] = value + (255 - value) * Math.min(1, share) * ((color[channel] as number) / 255);
      }
    }
  };
}

/** A share of the frame's shorter side, and of a selection's longer one. */
const SIZE = { free: 0.42, beside: 0.95, on: 0.8 } as const;

/** The picture's subject, cut out and lit as the video is, where the words say; it goes along with a selection. */
export async function place(edit: Edit, stage: Stage, targets: Targets, picture: number): Promise<Painter> {
  const { width, height, video } = stage;
  const { canvas, cutBelow } = await openCutout(stage.imagePaths[picture] ?? '');
  const image = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  light(
    image.data,
    toneOf(image.data, pixel => (image.data[pixel * 4 + 3] as number) / 255),
    toneOf(video.small[0] as Uint8ClampedArray, () => 1),
  );
  const drawn = createCanvas(canvas.width, canvas.height);
  drawn.getContext('2d').putImageData(image, 0, 0);
  const sheet = new Sheet(width, height);
  const spots = spotsOf(stage, targets);
  const has = (words: readonly string[]): boolean => words.some(word => holds(edit.text, word));
  const grown = has(LARGE) ? 1.6 : has(LITTLE) ? 0.55 : 1;
  const behind = edit.places.includes('behind');
  return (frame, alpha) => {
    const spot = putAt(edit, spots?.[frame.index], stage, drawn.width / drawn.height, grown, cutBelow);
    const before = behind && alpha ? frame.pixels.slice() : undefined;
    const bob = 1 + 0.012 * Math.sin(frame.time * 2.1 + picture);
    sheet.draw(frame, undefined, context => {
      context.shadowColor = 'rgba(0, 0, 0, 0.38)';
      context.shadowBlur = Math.min(width, height) * 0.018;
      context.shadowOffsetY = Math.min(width, height) * 0.008;
      context.imageSmoothingQuality = 'high';
      const top = spot.y + spot.height / 2 - spot.height * bob;
      context.drawImage(drawn, spot.x - spot.width / 2, top, spot.width, spot.height * bob);
    });
    if (before) blendIn(frame, before, alpha);
  };
}

function putAt(
  { places, pictures }: Edit,
  anchor: Spot | undefined,
  frame: { width: number; height: number },
  aspect: number,
  grown: number,
  cutBelow: boolean,
): Spot {
  const has = (where: Edit['places'][number]): number => (places.includes(where) ? 1 : 0);
  const aside = has('left') + has('right') + has('above') + has('below') > 0;
  const shorter = Math.min(frame.width, frame.height);
  const most = anchor ? Math.max(anchor.width, anchor.height) * (aside ? SIZE.beside : SIZE.on) : shorter * SIZE.free;
  const side = clamp(most * grown, shorter * 0.1, shorter * 0.95);
  const [width, height] = aspect >= 1 ? [side, side / aspect] : [side * aspect, side];
  const base = anchor ?? { x: frame.width / 2, y: frame.height / 2, width: 0, height: 0 };
  const stepX = anchor ? (anchor.width + width) * 0.5 : frame.width * 0.27;
  const stepY = anchor ? (anchor.height + height) * 0.46 : frame.height * 0.24;
  // Several pictures in one edit stand side by side.
  const x = base.x + (has('right') - has('left')) * stepX - (pictures.length - 1) * 0.2 * frame.width;
  const y = base.y + (has('below') - has('above')) * stepY;
  const stands = !anchor && !has('above') && cutBelow;
  return {
    x: clamp(x, width * 0.5, frame.width - width * 0.5),
    y: stands ? frame.height - height / 2 : clamp(y, height * 0.5, frame.height - height * 0.5),
    width,
    height,
  };
}

/** The first target's box in every frame; undefined where nothing is selected. */
function spotsOf({ video }: Stage, [target]: Targets): Spot[] | undefined {
  if (!target) return undefined;
  const { view } = video;
  const [x0, y0] = [view.smallX[0] as number, view.smallY(0)];
  return video.boxesOf(target).map(({ x, y, width, height }) => ({
    x: (x - x0) * view.scale,
    y: (y - y0) * view.scale,
    width: width * view.scale,
    height: height * view.scale,
  }));
}
