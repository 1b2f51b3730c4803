/** Edits that draw over a film: text, a glow about what is selected, a picture put somewhere. */
import { createCanvas, type ImageData } from '@napi-rs/canvas';
import { labelFont } from '../../media/label.ts';
import { clamp } from '../curves.ts';
import { type Box, boxesOf } from '../masks/mask-path.ts';
import { meansAbout } from '../masks/means-about.ts';
import { light, toneOf } from '../masks/tone.ts';
import { openCutout } from '../picture/cutout.ts';
import { holds } from '../words.ts';
import { colorOf } from './color-edits.ts';
import { type Painter, Sheet } from './edit-frame.ts';
import { LARGE, LITTLE } from './edit-words.ts';
import type { Floor, Targets } from './floor.ts';
import type { Edit } from './read-edits.ts';
import { inkOf } from './sprinkle.ts';

/** Where a box is in the frame, in its pixels. */
interface Spot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The text in quotes, as large as fits into the selection, or along the frame's lower third. */
export function write(edit: Edit, floor: Floor, targets: Targets): Painter {
  const { width, height } = floor;
  const sheet = new Sheet(width, height);
  const spots = spotsOf(floor, targets);
  const lower: Spot = { x: width / 2, y: height * 0.78, width: width * 0.8, height: height * 0.12 };
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
      context.fillStyle = inkOf(edit, '#ffffff');
      context.fillText(edit.quoted, spot.x, spot.y);
    });
  };
}

/** How far a glow reaches, as a share of the shorter side. */
const REACH = 0.035;

/** Light that spills from what is selected, and a little on it. */
export function glow(edit: Edit, { width, height }: Floor): Painter {
  const color = colorOf(edit) ?? [255, 226, 140];
  const radius = Math.max(2, Math.round(REACH * Math.min(width, height)));
  return ({ pixels, time }, alpha) => {
    const inside = Float32Array.from({ length: width * height }, (_, at) =>
      alpha ? (alpha[at] as number) / 255 : 0.4,
    );
    const wide = meansAbout(meansAbout(inside, width, height, radius), width, height, radius);
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

/** The picture's subject, cut out, where the words say; it goes along with a selection. */
export async function place(edit: Edit, floor: Floor, targets: Targets, picture: number): Promise<Painter> {
  const { width, height, film } = floor;
  const { canvas, cutBelow } = await openCutout(floor.imagePaths[picture] ?? '');
  const lit = litAs(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height), film.small[0]);
  const drawn = createCanvas(canvas.width, canvas.height);
  drawn.getContext('2d').putImageData(lit, 0, 0);
  const sheet = new Sheet(width, height);
  const spots = spotsOf(floor, targets);
  const grown = [...LARGE].some(word => holds(edit.text, word))
    ? 1.6
    : [...LITTLE].some(word => holds(edit.text, word))
      ? 0.55
      : 1;
  const behind = edit.places.includes('behind');
  return (frame, alpha) => {
    const spot = putAt(edit, spots?.[frame.index], { width, height }, drawn, grown, cutBelow);
    const before = behind && alpha ? frame.pixels.slice() : undefined;
    const bob = 1 + 0.012 * Math.sin(frame.time * 2.1 + picture);
    sheet.draw(frame, undefined, context => {
      context.shadowColor = 'rgba(0, 0, 0, 0.38)';
      context.shadowBlur = Math.min(width, height) * 0.018;
      context.shadowOffsetY = Math.min(width, height) * 0.008;
      context.imageSmoothingQuality = 'high';
      context.drawImage(
        drawn,
        spot.x - spot.width / 2,
        spot.y + spot.height / 2 - spot.height * bob,
        spot.width,
        spot.height * bob,
      );
    });
    if (!before || !alpha) return;
    for (let at = 0; at < before.length; at++) {
      const share = (alpha[at >> 2] as number) / 255;
      frame.pixels[at] = (frame.pixels[at] as number) * (1 - share) + (before[at] as number) * share;
    }
  };
}

function litAs(image: ImageData, frame: Uint8ClampedArray | undefined): ImageData {
  const { data } = image;
  const own = toneOf(data, pixel => (data[pixel * 4 + 3] as number) / 255);
  if (frame)
    light(
      data,
      own,
      toneOf(frame, () => 1),
    );
  return image;
}

function putAt(
  { places, pictures }: Edit,
  anchor: Spot | undefined,
  frame: { width: number; height: number },
  drawn: { width: number; height: number },
  grown: number,
  cutBelow: boolean,
): Spot {
  const aspect = drawn.width / drawn.height;
  const has = (place: Edit['places'][number]): boolean => places.includes(place);
  const aside = has('left') || has('right') || has('above') || has('below');
  const most = anchor
    ? Math.max(anchor.width, anchor.height) * (aside ? SIZE.beside : SIZE.on)
    : Math.min(frame.width, frame.height) * SIZE.free;
  const side = clamp(
    most * grown,
    Math.min(frame.width, frame.height) * 0.1,
    Math.min(frame.width, frame.height) * 0.95,
  );
  const width = aspect >= 1 ? side : side * aspect;
  const height = aspect >= 1 ? side / aspect : side;
  const base = anchor ?? { x: frame.width / 2, y: frame.height / 2, width: 0, height: 0 };
  const stepX = anchor ? (anchor.width + width) * 0.5 : frame.width * 0.27;
  const stepY = anchor ? (anchor.height + height) * 0.46 : frame.height * 0.24;
  // Several pictures in one edit stand side by side.
  const row = (pictures.length - 1) * 0.2 * frame.width;
  const x = base.x + (has('right') ? stepX : 0) - (has('left') ? stepX : 0) - row;
  const y = base.y + (has('below') ? stepY : 0) - (has('above') ? stepY : 0);
  const stands = !anchor && !has('above') && cutBelow;
  return {
    x: clamp(x, width * 0.5, frame.width - width * 0.5),
    y: stands ? frame.height - height / 2 : clamp(y, height * 0.5, frame.height - height * 0.5),
    width,
    height,
  };
}

/** The first target's box in every frame; undefined where nothing is selected. */
function spotsOf({ film, frames }: Floor, [target]: Targets): Spot[] | undefined {
  const { view } = film;
  if (!target) return undefined;
  const x0 = view.smallX[0] as number;
  const y0 = view.smallY(0);
  return boxesOf(target.chosen, frames, view.smallWidth).map((box: Box) => ({
    x: (box.x - x0) * view.scale,
    y: (box.y - y0) * view.scale,
    width: box.halfWidth * 2 * view.scale,
    height: box.halfHeight * 2 * view.scale,
  }));
}
