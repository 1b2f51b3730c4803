/** A cut-out status in a scene: in the scene's light, with the shadow that it throws. */
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { lostShare } from '../../media/open-image.ts';
import { type Color, css } from '../drawing/color.ts';
import { clamp, dolly, mix, smoothstep } from '../drawing/curves.ts';
import type { Cutout } from '../subject/cutout.ts';
import type { Action, Role, Spot } from './script.ts';

/** How much of the scene's colour falls on a figure, near and far. */
const AMBIENT = [0.08, 0.24] as const;
/** Shadows are blurred by being small. */
const SHADOW_SIDE = 56;
/** A sign of which this much is as light as the scene would not be seen in it: it is given an edge of light, or of shade, as wide as this share of the frame. */
const MOSTLY_LOST = 0.8;
const RIM = 0.02;
/** Low enough that swaying shows no lower edge. */
const BELOW_FRAME = 1.09;

export interface Frame {
  readonly width: number;
  readonly height: number;
}

export class Figure {
  private readonly picture: Canvas;
  private readonly shadow: Canvas;
  private readonly width: number;
  private readonly height: number;
  private readonly spot: Spot;
  private readonly isPrint: boolean;
  private readonly rim: string | undefined;

  constructor({ canvas, how, cutBelow }: Cutout, spot: Spot, frame: Frame, ambient: Color) {
    // Who is cut off below stands so that the frame cuts there too, and is as much larger.
    const box = cutBelow
      ? { ...spot, y: BELOW_FRAME, width: spot.width * 1.25, height: spot.height + BELOW_FRAME - spot.y }
      : spot;
    const scale = Math.min((box.width * frame.width) / canvas.width, (box.height * frame.height) / canvas.height);
    this.width = Math.max(2, canvas.width * scale);
    this.height = Math.max(2, canvas.height * scale);
    this.spot = box;
    this.isPrint = how === 'print';
    this.picture = lit(canvas, this.width, this.height, ambient, AMBIENT[1] + (AMBIENT[0] - AMBIENT[1]) * spot.depth);
    this.shadow = shadowOf(canvas);
    this.rim = how === 'alpha' ? rimOf(this.picture, ambient) : undefined;
  }

  /** Draws it, feet on its spot, in `frame`. */
  draw(context: SKRSContext2D, frame: Frame, { x, y, lean, stretch }: Pose): void {
    context.save();
    context.translate((this.spot.x + x) * frame.width, (this.spot.y + y) * frame.height);
    context.rotate(lean + (this.isPrint ? 0.02 : 0));
    context.scale(stretch[0], stretch[1]);
    if (this.rim !== undefined) {
      context.shadowColor = this.rim;
      context.shadowBlur = Math.min(frame.width, frame.height) * RIM;
    }
    // What a shadow spreads over is thin: drawn twice, it is an edge.
    for (let times = this.rim === undefined ? 1 : 2; times > 0; times--)
      context.drawImage(this.picture, -this.width / 2, -this.height, this.width, this.height);
    context.restore();
  }

  /** Draws what it throws on the ground; before any figure is drawn, for shadows fall on none of them. */
  drawShadow(context: SKRSContext2D, frame: Frame, pose: Pose): void {
    const { width, height, shadow } = this;
    const { lift } = pose;
    const x = (this.spot.x + pose.x) * frame.width;
    const y = this.spot.y * frame.height;
    const wide = width * (1.05 + 0.4 * lift) * Math.abs(pose.stretch[0]);
    context.save();
    context.globalAlpha = 0.5 / (1 + 2.2 * lift);
    // On the ground the outline lies down, away from the light and to the side.
    context.save();
    context.transform(1, 0, -0.55, 0.26, x, y + height * 0.01);
    context.drawImage(shadow, -wide * 0.62, -height * 1.12, wide * 1.24, height * 1.24);
    context.restore();
    // Where the feet touch it is darkest.
    context.globalAlpha = 0.5 / (1 + 5 * lift);
    const touch = context.createRadialGradient(0, 0, 0, 0, 0, 1);
    touch.addColorStop(0, 'rgba(4, 6, 12, 0.85)');
    touch.addColorStop(0.5, 'rgba(4, 6, 12, 0.36)');
    touch.addColorStop(1, 'rgba(4, 6, 12, 0)');
    context.transform(wide * 0.5, 0, 0, Math.max(3, height * 0.05), x, y);
    context.fillStyle = touch;
    context.fillRect(-1, -1, 2, 2);
    context.restore();
  }
}

/** Undefined where the picture stands out by itself. */
function rimOf(picture: Canvas, [red, green, blue]: Color): string | undefined {
  const { data } = picture.getContext('2d').getImageData(0, 0, picture.width, picture.height);
  const scene = 0.299 * red + 0.587 * green + 0.114 * blue;
  if (lostShare(data, scene) < MOSTLY_LOST) return undefined;
  return scene < 128 ? 'rgba(255, 252, 244, 1)' : 'rgba(4, 6, 12, 1)';
}

function lit(canvas: Canvas, width: number, height: number, ambient: Color, amount: number): Canvas {
  const picture = createCanvas(Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
  const context = picture.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvas, 0, 0, picture.width, picture.height);
  context.globalCompositeOperation = 'source-atop';
  context.fillStyle = css(ambient, amount);
  context.fillRect(0, 0, picture.width, picture.height);
  const shade = context.createLinearGradient(0, 0, 0, picture.height);
  shade.addColorStop(0, 'rgba(255, 250, 236, 0.10)');
  shade.addColorStop(0.45, 'rgba(255, 250, 236, 0)');
  shade.addColorStop(0.7, 'rgba(6, 8, 20, 0)');
  shade.addColorStop(1, 'rgba(6, 8, 20, 0.28)');
  context.fillStyle = shade;
  context.fillRect(0, 0, picture.width, picture.height);
  return picture;
}

/** The outline in black, small, with a tenth of room around it for its blur. */
function shadowOf(canvas: Canvas): Canvas {
  const shadow = createCanvas(SHADOW_SIDE, SHADOW_SIDE);
  const context = shadow.getContext('2d');
  context.filter = 'blur(1.6px)';
  context.drawImage(canvas, SHADOW_SIDE * 0.1, SHADOW_SIDE * 0.1, SHADOW_SIDE * 0.8, SHADOW_SIDE * 0.8);
  context.filter = 'none';
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = 'rgb(4, 6, 12)';
  context.fillRect(0, 0, SHADOW_SIDE, SHADOW_SIDE);
  return shadow;
}

// How a figure moves: where it is at a moment, against its spot. A figure is a flat picture, so it sways, hops and leans; it does not bend.

export interface Pose {
  /** Against the spot, in fractions of the frame's width and height; up is negative. */
  readonly x: number;
  readonly y: number;
  /** Radians around the feet. */
  readonly lean: number;
  /** Against its size; across and up. */
  readonly stretch: readonly [across: number, up: number];
  /** How far above the ground, in fractions of the figure: the shadow grows weaker and wider with it. */
  readonly lift: number;
}

type Movement = (seconds: number, progress: number, heading: number) => Partial<Pose>;

const TAU = Math.PI * 2;
const hop = (turns: number): number => Math.abs(Math.sin(Math.PI * turns));

const MOVEMENTS: Readonly<Record<Action, Movement>> = {
  stand: seconds => ({
    lean: 0.022 * Math.sin(seconds * 1.5),
    stretch: [1 - 0.01 * Math.sin(seconds * 2.4), 1 + 0.016 * Math.sin(seconds * 2.4)],
  }),
  walk: (seconds, progress, heading) => ({
    x: heading * mix(-0.09, 0.09, progress),
    y: -0.012 * hop(seconds * 1.8),
    lean: 0.05 * Math.sin(TAU * 0.9 * seconds) + heading * 0.025,
  }),
  run: (seconds, progress, heading) => ({
    x: heading * mix(-0.14, 0.14, progress),
    y: -0.03 * hop(seconds * 3),
    lean: heading * 0.1 + 0.045 * Math.sin(TAU * 1.5 * seconds),
    lift: 0.05 * hop(seconds * 3),
  }),
  jump: seconds => {
    const turns = seconds * 1.25;
    const up = Math.sin(Math.PI * (turns % 1));
    const landing = smoothstep(0.16, 0, Math.min(turns % 1, 1 - (turns % 1)));
    return { y: -0.16 * up, lift: 0.35 * up, stretch: [1 + 0.09 * landing, 1 - 0.11 * landing] };
  },
  fly: (seconds, progress, heading) => ({
    x: heading * mix(-0.05, 0.05, progress),
    y: 0.028 * Math.sin(seconds * 1.9),
    lean: heading * 0.06 + 0.05 * Math.sin(seconds * 1.4 + 1),
    lift: 0.6,
  }),
  dance: seconds => ({
    x: 0.016 * Math.sin(TAU * seconds),
    y: -0.03 * hop(seconds * 2),
    lean: 0.14 * Math.sin(TAU * seconds),
    stretch: [1 - 0.03 * Math.sin(TAU * 2 * seconds), 1 + 0.03 * Math.sin(TAU * 2 * seconds)],
    lift: 0.06 * hop(seconds * 2),
  }),
  // A card that turns on its heel: narrow, then mirrored, then narrow, then itself.
  spin: seconds => {
    const across = Math.cos(TAU * 0.45 * seconds);
    return { stretch: [Math.sign(across || 1) * Math.max(0.06, Math.abs(across)), 1] };
  },
  swim: (seconds, progress, heading) => ({
    x: heading * mix(-0.07, 0.07, progress),
    y: 0.022 * Math.sin(seconds * 1.7),
    lean: 0.08 * Math.sin(seconds * 1.3),
    lift: 0.2,
  }),
  approach: (seconds, progress) => ({
    y: mix(-0.02, 0.03, dolly(progress)) - 0.01 * hop(seconds * 1.8),
    stretch: [mix(0.72, 1.12, dolly(progress)), mix(0.72, 1.12, dolly(progress))],
    lean: 0.03 * Math.sin(TAU * 0.9 * seconds),
  }),
  grow: (_, progress) => {
    const size = mix(0.45, 1.05, smoothstep(0, 0.7, progress));
    return { stretch: [size, size] };
  },
};

/** The pose at `seconds` of the scene's time and `progress` of the clip; `phase` sets figures apart from one another. */
export function poseAt(
  { action, heading, side }: Pick<Role<unknown>, 'action' | 'heading' | 'side'>,
  seconds: number,
  progress: number,
  phase: number,
): Pose {
  const way = heading === 'left' || (heading === undefined && side === 'right') ? -1 : 1;
  const pose = MOVEMENTS[action](seconds + phase, clamp(progress), way);
  return { x: 0, y: 0, lean: 0, stretch: [1, 1], lift: 0, ...pose };
}
