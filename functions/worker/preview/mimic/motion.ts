/** What moves in a video from frame to frame: its camera, found from how far each block of a small frame has moved, and whoever acts in it. */
import { openVideo, type VideoSize } from '../../media/video-reader.ts';
import { smoothstep } from '../drawing/curves.ts';
import { lumaOf } from '../drawing/planes.ts';

/** From one frame to the next, in pixels of the small frame. */
export interface MotionStep {
  readonly camera: CameraStep;
  readonly actor: { readonly x: number; readonly y: number };
}

export interface FoundMotion {
  /** The small frame's, in pixels. */
  readonly width: number;
  readonly height: number;
  /** One fewer than the video has frames. */
  readonly steps: readonly MotionStep[];
}

/** Pixels of the small frame's longer side. */
const SMALL = 160;
/** Pixels that a block must move besides the camera to count as acting. */
const ACTS = 0.45;
/** Sure blocks times pixels that there must be of it in all. */
const LEAST_ACTING = 0.6;
/** Pixels about the blocks' mean step in which their common one is looked for. */
const NEAR = 2;

/** Throws MediaError `bad_media`. */
export async function motionOf(path: string, fps: number): Promise<FoundMotion> {
  const probe = await openVideo(path, { width: 16, height: 16, fps });
  const scale = SMALL / Math.max(probe.width, probe.height);
  const size: VideoSize = {
    width: Math.max(48, Math.round(probe.width * scale)),
    height: Math.max(48, Math.round(probe.height * scale)),
    fps,
  };
  await probe.close();
  const video = await openVideo(path, size);
  const frame = async (index: number): Promise<LumaFrame> => ({
    ...size,
    luma: lumaOf(await video.readFrame(index), new Float32Array(size.width * size.height)),
  });
  const steps: MotionStep[] = [];
  let before = await frame(0);
  for (let index = 1; index < video.frames; index++) {
    const after = await frame(index);
    const blocks = blockSteps(before, after);
    const camera = fitCamera(blocks, size.width, size.height);
    steps.push({ camera, actor: actorStep(before, after, blocks, camera) });
    before = after;
  }
  await video.close();
  return { width: size.width, height: size.height, steps };
}

/** What the blocks that do not go with the camera do together, in pixels: leaves that stir every way cancel out, who walks does not. */
function actorStep(
  before: LumaFrame,
  after: LumaFrame,
  blocks: readonly BlockStep[],
  camera: CameraStep,
): MotionStep['actor'] {
  const { width, height } = before;
  const moving = blocks
    .filter(({ even }) => !even)
    .map(block => {
      const { x, y } = besides(block, camera, width, height);
      return { block, x, y, far: Math.hypot(x, y), weight: block.sure * Math.max(0, Math.hypot(x, y) - ACTS) };
    })
    .filter(({ weight }) => weight > 0);
  const weights = moving.reduce((sum, { weight }) => sum + weight, 0);
  if (weights < LEAST_ACTING) return { x: 0, y: 0 };
  const mean = (of: (block: (typeof moving)[number]) => number): number =>
    moving.reduce((sum, block) => sum + block.weight * of(block), 0) / weights;
  const [x, y] = [mean(one => one.x), mean(one => one.y)];
  const share = smoothstep(0.3, 0.7, Math.hypot(x, y) / mean(({ far }) => far));
  if (share === 0) return { x: 0, y: 0 };
  // What no block's edges tell alone, such as motion along an edge, all of them tell together.
  const guess = { x: mean(({ block }) => block.dx), y: mean(({ block }) => block.dy) };
  const cost = (dx: number, dy: number): number =>
    mean(({ block }) => difference(before, after, block.x, block.y, dx, dy));
  let best = { dx: Math.round(guess.x), dy: Math.round(guess.y), cost: Number.POSITIVE_INFINITY };
  const { dx: midX, dy: midY } = best;
  for (let dy = midY - NEAR; dy <= midY + NEAR; dy++)
    for (let dx = midX - NEAR; dx <= midX + NEAR; dx++) {
      const found = cost(dx, dy);
      if (found < best.cost) best = { dx, dy, cost: found };
    }
  const { dx, dy } = best;
  return {
    x: share * (dx + vertex(cost(dx - 1, dy), best.cost, cost(dx + 1, dy)) - guess.x + x),
    y: share * (dy + vertex(cost(dx, dy - 1), best.cost, cost(dx, dy + 1)) - guess.y + y),
  };
}

/** Frames of brightness, 0 to 255. */
interface LumaFrame {
  readonly width: number;
  readonly height: number;
  readonly luma: Float32Array;
}

/** In pixels of the small frame; x, y the block's middle. */
interface BlockStep {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  /** 0 to 1: an even block could have moved anywhere. */
  readonly sure: number;
  /** It has not changed, but is too even to tell whether it moved: evidence of a still camera, not of anything that moves. */
  readonly even: boolean;
}

const COLUMNS = 12;
/** Half a block's side and the furthest step, in pixels of a frame 160 wide: 7 a frame crosses it in a second. */
const HALF = 8;
const REACH = 7;
/** What a step of one pixel must gain for each pixel of the block, in levels of brightness: noise does not move anything. */
const INERTIA = 0.12;
/** A block that has not changed at all says that it stands still, however even it is. */
const STILL_SURE = 0.25;
/** Levels of brightness by which a block differs at its own place when it has moved at all, if only by a part of a pixel. */
const CHANGED = 1.5;

function rowsFor({ width, height }: Pick<LumaFrame, 'width' | 'height'>): number {
  return Math.max(3, Math.round((COLUMNS * height) / width));
}

/** One step for each of `COLUMNS` times `rowsFor` blocks, in reading order. */
function blockSteps(before: LumaFrame, after: LumaFrame): BlockStep[] {
  const rows = rowsFor(before);
  return Array.from({ length: COLUMNS * rows }, (_, block) => {
    const x = Math.round((((block % COLUMNS) + 0.5) * before.width) / COLUMNS);
    const y = Math.round(((Math.floor(block / COLUMNS) + 0.5) * before.height) / rows);
    return stepOf(before, after, x, y);
  });
}

function stepOf(before: LumaFrame, after: LumaFrame, x: number, y: number): BlockStep {
  const cost = (dx: number, dy: number, most = Number.POSITIVE_INFINITY): number => {
    const inertia = INERTIA * Math.hypot(dx, dy);
    return difference(before, after, x, y, dx, dy, most - inertia) + inertia;
  };
  const still = cost(0, 0);
  let best = { dx: 0, dy: 0, cost: still };
  for (let dy = -REACH; dy <= REACH; dy++)
    for (let dx = -REACH; dx <= REACH; dx++) {
      const found = cost(dx, dy, best.cost);
      if (found < best.cost) best = { dx, dy, cost: found };
    }
  const { dx, dy } = best;
  const sides = [cost(dx - 1, dy), cost(dx + 1, dy), cost(dx, dy - 1), cost(dx, dy + 1)] as const;
  // How steeply it gets worse on every side: an edge alone says nothing of motion along it.
  const across = Math.min(sides[0], sides[1]) - best.cost;
  const down = Math.min(sides[2], sides[3]) - best.cost;
  const steep = Math.min(1, Math.max(0, (Math.min(across, down) - INERTIA) / 3));
  const fits = Math.min(1, Math.max(0, 1.4 - best.cost / 18));
  if (dx === 0 && dy === 0 && still < CHANGED) {
    const even = steep * fits < STILL_SURE;
    return { x, y, dx, dy, sure: even ? STILL_SURE : steep * fits, even };
  }
  return {
    x,
    y,
    dx: dx + vertex(sides[0], best.cost, sides[1]),
    dy: dy + vertex(sides[2], best.cost, sides[3]),
    sure: steep * fits,
    even: false,
  };
}

/** Mean difference in levels, or infinity where it is `most` or more; pixels that would leave the frame do not count. */
function difference(
  before: LumaFrame,
  after: LumaFrame,
  x: number,
  y: number,
  dx: number,
  dy: number,
  most = Number.POSITIVE_INFINITY,
): number {
  const { width, height } = before;
  const left = Math.max(0, x - HALF, -dx);
  const right = Math.min(width, x + HALF, width - dx);
  const top = Math.max(0, y - HALF, -dy);
  const bottom = Math.min(height, y + HALF, height - dy);
  // A block half of which would leave proves nothing.
  const pixels = (right - left) * (bottom - top);
  if (pixels < HALF * HALF * 2) return 255;
  const enough = most * pixels;
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    if (sum >= enough) return Number.POSITIVE_INFINITY;
    let from = row * width + left;
    let to = (row + dy) * width + left + dx;
    for (let column = left; column < right; column++, from++, to++)
      sum += Math.abs((before.luma[from] as number) - (after.luma[to] as number));
  }
  return sum / pixels;
}

/** Where between the two neighbours the parabola through the three costs is lowest, -0.5 to 0.5. */
function vertex(low: number, middle: number, high: number): number {
  const bend = low - 2 * middle + high;
  return bend <= 1e-6 ? 0 : Math.min(0.5, Math.max(-0.5, (low - high) / (2 * bend)));
}

/** Pixels of the small frame; zoom and roll as rates: 0.01 is a hundredth larger, or a hundredth of a radian. */
export interface CameraStep {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly roll: number;
}

/** Blocks further than this from what the others say, in pixels, hardly count. */
const TOLERANCE = 0.6;
const FIT_ROUNDS = 6;

function fitCamera(steps: readonly BlockStep[], width: number, height: number): CameraStep {
  let camera: CameraStep = {
    x: median(steps, step => step.dx),
    y: median(steps, step => step.dy),
    zoom: 0,
    roll: 0,
  };
  for (let round = 0; round < FIT_ROUNDS; round++) camera = refineCamera(steps, camera, width, height);
  return camera;
}

/** What a block did besides following the camera, in pixels. */
function besides(step: BlockStep, camera: CameraStep, width: number, height: number): { x: number; y: number } {
  const px = step.x - width / 2;
  const py = step.y - height / 2;
  return {
    x: step.dx - (camera.x + camera.zoom * px - camera.roll * py),
    y: step.dy - (camera.y + camera.zoom * py + camera.roll * px),
  };
}

/** One round of weighted least squares: shift from the means, zoom and roll from what turns and grows about them. */
function refineCamera(steps: readonly BlockStep[], camera: CameraStep, width: number, height: number): CameraStep {
  const weights = steps.map(step => {
    const rest = besides(step, camera, width, height);
    return step.sure / (1 + (Math.hypot(rest.x, rest.y) / TOLERANCE) ** 4);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total < 0.5) return { x: 0, y: 0, zoom: 0, roll: 0 };
  const mean = (of: (step: BlockStep) => number): number =>
    steps.reduce((sum, step, index) => sum + (weights[index] as number) * of(step), 0) / total;
  const [mx, my, mdx, mdy] = [mean(s => s.x), mean(s => s.y), mean(s => s.dx), mean(s => s.dy)];
  const spread = mean(s => (s.x - mx) ** 2 + (s.y - my) ** 2);
  // Blocks in one place, or too few, cannot tell a zoom from a shift.
  const known = spread > (width / 8) ** 2 && total > 3;
  const zoom = known ? mean(s => (s.x - mx) * (s.dx - mdx) + (s.y - my) * (s.dy - mdy)) / spread : 0;
  const roll = known ? mean(s => (s.x - mx) * (s.dy - mdy) - (s.y - my) * (s.dx - mdx)) / spread : 0;
  const [px, py] = [mx - width / 2, my - height / 2];
  return { x: mdx - zoom * px + roll * py, y: mdy - zoom * py - roll * px, zoom, roll };
}

function median(steps: readonly BlockStep[], of: (step: BlockStep) => number): number {
  const order = steps.map(step => ({ value: of(step), sure: step.sure })).sort((one, other) => one.value - other.value);
  let left = order.reduce((sum, { sure }) => sum + sure, 0) / 2;
  for (const { value, sure } of order) {
    left -= sure;
    if (left <= 0) return value;
  }
  return 0;
}
