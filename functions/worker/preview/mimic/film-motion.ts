/** What moves in a film from frame to frame: its camera, whoever acts in it, and what stirs besides. */
import { openVideo, type VideoSize } from '../../media/video-reader.ts';
import { smoothstep } from '../curves.ts';
import { type BlockStep, blockSteps, COLUMNS, commonStep, type LumaFrame, rowsFor } from './block-motion.ts';
import { besides, type CameraStep, fitCamera } from './camera-fit.ts';

/** From one frame to the next, in pixels of the small frame. */
export interface MotionStep {
  readonly camera: CameraStep;
  readonly actor: { readonly x: number; readonly y: number };
  /** Of each block, in reading order. */
  readonly stir: readonly { readonly x: number; readonly y: number }[];
}

export interface FoundMotion {
  readonly columns: number;
  readonly rows: number;
  /** The small frame's, in pixels. */
  readonly width: number;
  readonly height: number;
  /** One fewer than the film has frames. */
  readonly steps: readonly MotionStep[];
}

/** Pixels of the small frame's longer side. */
const SMALL = 160;
/** Pixels that a block must move besides the camera to count as acting. */
const ACTS = 0.45;
/** Sure blocks times pixels that there must be of it in all. */
const LEAST_ACTING = 0.6;
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
  const film = await openVideo(path, size);
  const frame = async (index: number): Promise<LumaFrame> => ({ ...size, luma: lumaOf(await film.readFrame(index)) });
  const steps: MotionStep[] = [];
  let before = await frame(0);
  for (let index = 1; index < film.frames; index++) {
    const after = await frame(index);
    steps.push(stepOf(before, after));
    before = after;
  }
  await film.close();
  return { columns: COLUMNS, rows: rowsFor(size), width: size.width, height: size.height, steps };
}

function stepOf(before: LumaFrame, after: LumaFrame): MotionStep {
  const { width, height } = before;
  const blocks = blockSteps(before, after);
  const camera = fitCamera(blocks, width, height);
  const stir = blocks.map(block => {
    const { x, y } = besides(block, camera, width, height);
    return block.even || Math.hypot(x, y) * block.sure < 0.1
      ? { x: 0, y: 0 }
      : { x: x * block.sure, y: y * block.sure };
  });
  return { camera, actor: actorStep(before, after, blocks, camera), stir };
}

/** What the blocks that do not go with the camera do together, in pixels: leaves that stir every way cancel out, who walks does not. */
function actorStep(
  before: LumaFrame,
  after: LumaFrame,
  blocks: readonly BlockStep[],
  camera: CameraStep,
): { x: number; y: number } {
  const moving = blocks
    .filter(({ even }) => !even)
    .map(block => {
      const rest = besides(block, camera, before.width, before.height);
      return { ...block, rest, weight: block.sure * Math.max(0, Math.hypot(rest.x, rest.y) - ACTS) };
    })
    .filter(({ weight }) => weight > 0);
  const weights = moving.reduce((sum, { weight }) => sum + weight, 0);
  if (weights < LEAST_ACTING) return { x: 0, y: 0 };
  const mean = (of: (block: (typeof moving)[number]) => number): number =>
    moving.reduce((sum, block) => sum + block.weight * of(block), 0) / weights;
  const together =
    Math.hypot(
      mean(({ rest }) => rest.x),
      mean(({ rest }) => rest.y),
    ) / mean(({ rest }) => Math.hypot(rest.x, rest.y));
  const share = smoothstep(0.3, 0.7, together);
  if (share === 0) return { x: 0, y: 0 };
  const all = commonStep(before, after, moving, { x: mean(({ dx }) => dx), y: mean(({ dy }) => dy) });
  return {
    x: share * (all.x - mean(({ dx, rest }) => dx - rest.x)),
    y: share * (all.y - mean(({ dy, rest }) => dy - rest.y)),
  };
}

function lumaOf(rgba: Uint8ClampedArray): Uint8Array {
  const luma = new Uint8Array(rgba.length / 4);
  for (let at = 0, from = 0; at < luma.length; at++, from += 4)
    luma[at] = 0.299 * (rgba[from] as number) + 0.587 * (rgba[from + 1] as number) + 0.114 * (rgba[from + 2] as number);
  return luma;
}
