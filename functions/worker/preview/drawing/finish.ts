/** The last touch on every frame: a vignette, and a grain too fine to notice that keeps smooth skies from banding in eight bits. */
import { type Canvas, createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { Random } from './random.ts';

const TILE = 256;
const GRAIN_ALPHA = 6;
/** Grain changes on every second frame, as slow film does; it costs half the bits. */
const FRAMES_PER_GRAIN = 2;

export interface Finish {
  apply(context: SKRSContext2D, index: number): void;
}

/** Bright places bleed a little light, as in a lens: a tiny copy of the frame, squared so that only brightness is left, is screened over it. */
function makeBloom(width: number, height: number, strength: number): (target: SKRSContext2D) => void {
  const first = createCanvas(Math.ceil(width / 6), Math.ceil(height / 6));
  const second = createCanvas(Math.ceil(width / 14), Math.ceil(height / 14));
  const a = first.getContext('2d');
  const b = second.getContext('2d');
  return target => {
    a.globalCompositeOperation = 'copy';
    a.drawImage(target.canvas, 0, 0, first.width, first.height);
    b.globalCompositeOperation = 'copy';
    b.drawImage(first, 0, 0, second.width, second.height);
    b.globalCompositeOperation = 'multiply';
    b.drawImage(first, 0, 0, second.width, second.height);
    a.drawImage(second, 0, 0, first.width, first.height);
    target.save();
    target.globalCompositeOperation = 'screen';
    target.globalAlpha = strength;
    target.drawImage(first, 0, 0, width, height);
    target.restore();
  };
}

/** How many different grains a clip has. */
const GRAINS = 6;

export function makeFinish(
  width: number,
  height: number,
  random: Random,
  look: { vignette?: number; bloom?: number; grain?: boolean } = {},
): Finish {
  const { vignette = 0.34, bloom = 0.3, grain = true } = look;
  const glow = makeBloom(width, height, bloom);
  const specks = grain ? makeGrain(random.fork('grain')) : null;
  const places = random.fork('grain places');
  // Vignette and grain are laid into one picture each: one blit a frame instead of two.
  const covers = Array.from({ length: grain ? GRAINS : 1 }, () =>
    makeCover(width, height, vignette, specks, places.whole(0, TILE - 1), places.whole(0, TILE - 1)),
  );
  return {
    apply(target, index) {
      if (bloom > 0) glow(target);
      const cover = covers[Math.floor(index / FRAMES_PER_GRAIN) % covers.length];
      if (cover !== undefined) target.drawImage(cover, 0, 0);
    },
  };
}

function makeCover(
  width: number,
  height: number,
  vignette: number,
  specks: Canvas | null,
  x: number,
  y: number,
): Canvas {
  const cover = createCanvas(width, height);
  const context = cover.getContext('2d');
  context.scale(width, height);
  const fall = context.createRadialGradient(0.5, 0.48, 0.32, 0.5, 0.5, 0.78);
  fall.addColorStop(0, 'rgba(4, 5, 14, 0)');
  fall.addColorStop(0.5, `rgba(4, 5, 14, ${(vignette * 0.28).toFixed(3)})`);
  fall.addColorStop(1, `rgba(4, 5, 14, ${vignette.toFixed(3)})`);
  context.fillStyle = fall;
  context.fillRect(0, 0, 1, 1);
  context.resetTransform();
  for (let top = -y; specks !== null && top < height; top += TILE)
    for (let left = -x; left < width; left += TILE) context.drawImage(specks, left, top);
  return cover;
}

/** Black and white specks of at most GRAIN_ALPHA / 255 opacity. */
function makeGrain(random: Random): Canvas {
  const tile = createCanvas(TILE, TILE);
  const image = new ImageData(TILE, TILE);
  for (let at = 0; at < image.data.length; at += 4) {
    const value = random.next() + random.next() - 1;
    const tone = value > 0 ? 255 : 0;
    image.data[at] = tone;
    image.data[at + 1] = tone;
    image.data[at + 2] = tone;
    image.data[at + 3] = Math.abs(value) * GRAIN_ALPHA;
  }
  tile.getContext('2d').putImageData(image, 0, 0);
  return tile;
}
