/** Image to video: the caller's own picture with depth guessed and a camera moved through it, and the weather or light that the prompt asks for over it. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { ClipFormat, FrameSource } from '../../media/frame-source.ts';
import { type DecodedImage, openImage } from '../../media/open-image.ts';
import { blend, type Color } from '../drawing/color.ts';
import { dolly, mix, smoothstep } from '../drawing/curves.ts';
import { makeFinish } from '../drawing/finish.ts';
import { makeMotes } from '../drawing/lights.ts';
import { makeNoises, Random } from '../drawing/random.ts';
import { type CameraState, cameraAt } from '../reading/camera.ts';
import { type Direction, readPrompt } from '../reading/prompt.ts';
import { holds } from '../reading/words.ts';
import { lightFor } from '../scenes/light.ts';
import { makeWeather } from '../scenes/weather.ts';
import type { Scene, World } from '../scenes/world.ts';
import { recordSound } from '../sound/score.ts';
import type { ImageSource } from '../source.ts';
import { type Field, guessDepth, Warp } from './warp.ts';

/** The warp works at most this fine on its short side, and the canvas raises the rest: twice the pixels would show no more of the picture's motion. */
const MOST_SHORT_SIDE = 720;
/** The picture is kept a little larger than the frame, so that moving the camera uncovers picture and not its edge. */
const SPARE = 1.1;
const FAST = 1.5;

export async function imageScene(source: ImageSource, format: ClipFormat): Promise<FrameSource> {
  const { width, height, fps, durationSeconds } = format;
  const scale = Math.min(1, MOST_SHORT_SIDE / Math.min(width, height));
  const w = Math.round(width * scale);
  const h = Math.round(height * scale);
  const picture = await openImage(source.imagePath, Math.ceil(w * SPARE), Math.ceil(h * SPARE));
  const depth = guessDepth(picture);
  const { startSeconds = 0 } = source;
  const direction = readPrompt(source);
  const random = new Random(source.seed, 'picture');
  const world = imageWorld(width, height, random, direction, picture);
  const overlays = [makeWeather(world), ...lights(world)];
  const finish = makeFinish(width, height, random, {
    vignette: 0.14,
    bloom: holds(direction.text, 'glow') || holds(direction.text, 'glowing') ? 0.42 : 0.1,
    grain: false,
  });
  const small = createCanvas(w, h);
  const image = new ImageData(w, h);
  const target = new Uint32Array(image.data.buffer, image.data.byteOffset, w * h);
  const warp = new Warp(picture, w, h);
  const frames = Math.max(1, Math.round(durationSeconds * fps));
  const side = random.chance(0.5) ? 1 : -1;
  const wavy = holds(direction.text, 'wave') || holds(direction.text, 'water') || holds(direction.text, 'sea');
  return {
    scene: 'picture',
    sound: (rate, samples) => recordSound(world, rate, samples),
    paint(index, { context }) {
      const progress = frames === 1 ? 0 : index / (frames - 1);
      const time = (startSeconds + index / fps) * (direction.fast ? FAST : 1);
      const camera = cameraAt(direction.move, progress, direction.fast);
      const drift =
        direction.move === 'auto_camera'
          ? automatic(progress, side)
          : direction.move === 'fix_bg'
            ? { ...camera, x: 0.035 * Math.sin(time * 0.9) }
            : camera;
      warp.render(
        fieldFor(drift, direction.move === 'fix_bg', wavy ? time : null, (x, y) => depth.at(x, y), w / h),
        target,
      );
      small.getContext('2d').putImageData(image, 0, 0);
      context.drawImage(small, 0, 0, width, height);
      for (const overlay of overlays) overlay.paint(context, { time, progress, camera });
      finish.apply(context, index);
    },
  };
}

/** Half an orbit around the middle while moving in: it shows the depth best. */
function automatic(progress: number, side: number): CameraState {
  const p = dolly(progress);
  return {
    x: side * mix(-0.075, 0.075, p),
    y: 0.018 * Math.cos(progress * Math.PI),
    zoom: 1 + 0.1 * p,
    roll: 0,
    stretch: 0,
  };
}

function fieldFor(
  camera: CameraState,
  onlyNear: boolean,
  ripple: number | null,
  depthAt: (x: number, y: number) => number,
  aspect: number,
): Field {
  const cos = Math.cos(camera.roll);
  const sin = Math.sin(camera.roll);
  return (x, y, out) => {
    const depth = depthAt(x, y);
    const near = depth - 0.4;
    const share = onlyNear ? smoothstep(0.3, 0.8, depth) : 0.22 + near * 0.8;
    // The whole field is 1 / SPARE of the picture at zoom 1; near things grow faster than far ones.
    const zoom = SPARE * (1 + (camera.zoom - 1) * (0.75 + near * 0.7) + camera.stretch * (0.5 - depth) * 0.9);
    const dx = (x - 0.5) / zoom;
    const dy = (y - 0.5) / zoom;
    out.x = 0.5 + dx * cos - (dy * sin) / aspect + camera.x * share * 0.62;
    out.y = 0.5 + dy * cos + dx * sin * aspect + camera.y * share * 0.62;
    if (ripple !== null) {
      const wet = smoothstep(0.5, 0.9, y) * 0.0045;
      out.x += wet * Math.sin(y * 46 - ripple * 3.2 + x * 5);
      out.y += wet * Math.sin(y * 30 - ripple * 2.6 + x * 9) * 1.3;
    }
  };
}

/** A world in the picture's own colours, for what is drawn over it. */
export function imageWorld(
  width: number,
  height: number,
  random: Random,
  direction: Direction,
  picture: DecodedImage,
): World {
  const mean = meanColor(picture);
  const light = lightFor(direction, random.fork('light'));
  return {
    width,
    height,
    unit: Math.min(width, height),
    random,
    noises: makeNoises(random.fork('noises')),
    light: {
      ...light,
      haze: blend(mean, [228, 232, 238], 0.55),
      sky: [mean, mean, mean, blend(mean, [255, 255, 255], 0.6)],
    },
    direction,
  };
}

export function meanColor(picture: DecodedImage): Color {
  let r = 0;
  let g = 0;
  let b = 0;
  let count = 0;
  for (let at = 0; at < picture.pixels.length; at += 97, count++) {
    const pixel = picture.pixels[at] as number;
    r += pixel & 255;
    g += (pixel >>> 8) & 255;
    b += (pixel >>> 16) & 255;
  }
  return [r / count, g / count, b / count];
}

/** Sparkles and fireflies, when the words ask for them. */
export function lights(world: World): Scene[] {
  const { text, props } = world.direction;
  if (props.has('fireflies') || holds(text, 'sparkling') || holds(text, 'glitter')) {
    return [
      makeMotes(world, 'sparkles', {
        count: 60,
        color: blend(world.light.glow, [255, 255, 255], 0.4),
        size: [0.003, 0.01],
        strength: 0.95,
        rise: 0.012,
        blink: 0.9,
      }),
    ];
  }
  if (holds(text, 'dust') || holds(text, 'particle') || holds(text, 'dreamy')) {
    return [
      makeMotes(world, 'dust', {
        count: 50,
        color: world.light.glow,
        size: [0.002, 0.005],
        strength: 0.6,
        rise: 0.01,
        blink: 0.4,
      }),
    ];
  }
  return [];
}
