/**
 * Water that mirrors whatever has been painted above its horizon. Each frame the picture so far is read back small, and every water pixel
 * looks up where a wavy mirror would send its ray: so a lamp, a boat or a lit window gets its reflection without being drawn twice.
 */
import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, shade } from '../drawing/color.ts';
import { clamp, mix, smoothstep } from '../drawing/curves.ts';
import { atDepth, Layer, type Scene, type World } from './world.ts';

export interface WaterKind {
  /** 0 is a pond, 1 a rough sea. */
  readonly roughness: number;
  /** What is seen where the surface does not mirror; by default taken from the light. */
  readonly deep?: Color;
  /** Share of the mirror's light that comes back, 0 to 1. */
  readonly mirror?: number;
  /** Lower edge in pixels; by default the frame's, with overscan. */
  readonly bottom?: number;
  /** How large the waves are; 1 by default. */
  readonly scale?: number;
}

const DEPTH = 0.1;
const MIRROR = 0.25;
/** Waves are long and low: half the rows and a third of the columns show them all. */
const RESOLUTION = { x: 0.34, y: 0.5 };

/** Water from `horizon` (pixels from the top) down. Paint it after everything that it should mirror. */
export function makeWater(world: World, horizon: number, kind: WaterKind): Scene {
  const { light, width, height } = world;
  const { soft, fine } = world.noises;
  const surface = new Layer(world, {
    top: horizon,
    resolution: RESOLUTION,
    ...(kind.bottom === undefined ? {} : { bottom: kind.bottom }),
  });
  const pixels = new ImageData(surface.canvas.width, surface.canvas.height);
  const bytes = pixels.data;
  const mirror = makeMirror(world, horizon, surface);
  const deep = kind.deep ?? waterColor(world);
  const crest = blend(light.sky[3], light.lit, 0.4);
  const sunX = light.sun.x * width;
  const glints = light.body === 'none' ? 0.12 : light.body === 'moon' ? 0.7 : light.hour === 'day' ? 0.5 : 1;
  const give = kind.mirror ?? 0.9;
  const size = (kind.scale ?? 1) * (height / world.unit);
  const rough = kind.roughness;
  const slant = 0.3 + 0.34 * rough;
  const ridged = Math.min(1, rough * 1.1);
  const windy = world.direction.weather.has('wind') || world.direction.weather.has('storm') ? 1.5 : 1;

  function compute(time: number, slide: number): void {
    const { columns, rows, data, left, right } = mirror;
    const stepX = surface.width / pixels.width;
    const stepY = surface.height / pixels.height;
    const toColumn = columns / surface.width;
    const [deepR, deepG, deepB] = deep;
    const [crestR, crestG, crestB] = crest;
    const [glowR, glowG, glowB] = light.glow;
    const first = Math.max(0, Math.floor(((left - 8) / columns) * pixels.width));
    const last = Math.min(pixels.width, Math.ceil(((right + 8) / columns) * pixels.width));
    for (let row = 0; row < pixels.height; row++) {
      const below = (row + 0.5) * stepY;
      const near = below / (height - horizon);
      const away = 1 / (near * 1.6 + 0.05);
      // A wave's apparent height: it shrinks towards the horizon, but the mirror there is long and thin.
      const swing = rough * height * (0.02 + 0.1 * near);
      const across = (away * 58) / (width * size);
      const along = (away * 44) / size;
      const longV = along * 1.35 - time * 5 * windy;
      const shortV = along * 2.9 - time * 7.5 * windy;
      const grazing = mix(1, 0.45, near ** 0.6);
      const shimmer = smoothstep(0.002, 0.05, near);
      const narrow = 1 / (0.045 + 0.15 * near) ** 2;
      const fade = give * (1 - 0.04);
      // Close by, a glint is as large as the wave that throws it, and would glare.
      const calm = mix(1, 0.45, smoothstep(0.35, 1, near));
      let at = (row * pixels.width + first) * 4;
      for (let x = first; x < last; x++, at += 4) {
        const px = surface.left + (x + 0.5) * stepX;
        const u = (px - width / 2 + slide * near) * across;
        const long = soft.at(u + time * 1.6 * windy, longV);
        const short = fine.at(u * 1.9 - time * 2.6 * windy, shortV);
        // Folded noise has sharp crests and wide troughs, as waves do.
        const fold = 0.42 - (long < 0 ? -long : long) * 1.25;
        const tilt = (fold * ridged + long * (0.7 - 0.4 * ridged) + short * 0.5) * shimmer;
        const lean = (short - long * 0.45) * shimmer;
        const mx = Math.min(right, Math.max(left, (px + lean * swing * 0.7 - surface.left) * toColumn)) | 0;
        const my =
          Math.min(rows - 1, Math.max(0, rows - 1 - ((below * 0.92 + tilt * swing * 1.7) / mirror.height) * rows)) | 0;
        const from = (my * columns + mx) * 4;
        const share = Math.min(1, Math.max(0, grazing - tilt * slant)) * fade;
        const dx = (px - sunX) / width + lean * 0.06;
        const sparkle = Math.max(0, tilt * 0.8 + short * 1.1 + 0.1);
        // 1 / (1 + x^2)^2 has the shape of a bell and the cost of a division.
        const bell = 1 / (1 + dx * dx * narrow);
        const glare = glints * bell * bell * Math.min(1.25, sparkle * sparkle * 1.6) * calm;
        const cap = Math.min(0.5, Math.max(0, tilt - 0.5) * rough * near * 1.1);
        bytes[at] = deepR + ((data[from] as number) - deepR) * share + (crestR - deepR) * cap + glare * glowR;
        bytes[at + 1] = deepG + ((data[from + 1] as number) - deepG) * share + (crestG - deepG) * cap + glare * glowG;
        bytes[at + 2] = deepB + ((data[from + 2] as number) - deepB) * share + (crestB - deepB) * cap + glare * glowB;
        bytes[at + 3] = 255;
      }
    }
  }

  return {
    paint(context, { time, camera }) {
      atDepth(
        context,
        world,
        camera,
        DEPTH,
        () => {
          mirror.capture(context);
          compute(time, camera.x * width * 2.2);
          surface.context.putImageData(pixels, 0, 0);
          surface.draw(context);
        },
        horizon,
      );
    },
  };
}

function waterColor(world: World): Color {
  const { light } = world;
  const named = world.direction.colors[0];
  if (light.hour === 'day' && named !== undefined) return shade(named, 0.62);
  const base: Color = light.hour === 'day' ? [24, 92, 128] : shade(light.sky[1], 0.62);
  return blend(base, shade(light.sky[0], 0.7), 0.45);
}

/** A small copy of the picture between the horizon and as far above it as the water is deep. */
function makeMirror(world: World, horizon: number, surface: Layer) {
  const height = Math.min(horizon + world.height * 0.1, surface.height * 1.1);
  const canvas = createCanvas(Math.ceil(surface.width * MIRROR), Math.ceil(height * MIRROR));
  const context = canvas.getContext('2d');
  const mirror = {
    height,
    columns: canvas.width,
    rows: canvas.height,
    data: new Uint8ClampedArray(canvas.width * canvas.height * 4) as Uint8ClampedArray,
    left: 0,
    right: canvas.width - 1,
    /** Reads what `target` shows, as seen under its current transform. */
    capture(target: SKRSContext2D): void {
      const back = target.getTransform().inverse();
      const scale = canvas.width / surface.width;
      context.setTransform(scale, 0, 0, scale, -surface.left * scale, -(horizon - height) * scale);
      context.transform(back.a, back.b, back.c, back.d, back.e, back.f);
      context.drawImage(target.canvas, 0, 0);
      mirror.data = context.getImageData(0, 0, canvas.width, canvas.height).data;
      // Beyond the frame's edges nothing was painted: rays that leave it get the last column there is.
      mirror.left = clamp((back.e - surface.left) * scale + 3, 0, canvas.width - 1);
      mirror.right = clamp((back.a * world.width + back.e - surface.left) * scale - 3, 0, canvas.width - 1);
    },
  };
  return mirror;
}
