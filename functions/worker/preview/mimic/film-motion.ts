/** What moves in a film from frame to frame: its camera, whoever acts in it, and what stirs besides. */
import { type FilmSize, openFilm } from '../../studio/film-reader.ts';
import { type BlockStep, blockSteps, COLUMNS, type LumaFrame, rowsFor } from './block-motion.ts';
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
/** Throws StudioError `bad_media`. */
export async function motionOf(path: string, fps: number): Promise<FoundMotion> {
  const probe = await openFilm(path, { width: 16, height: 16, fps });
  const scale = SMALL / Math.max(probe.width, probe.height);
  const size: FilmSize = {
    width: Math.max(48, Math.round(probe.width * scale)),
    height: Math.max(48, Math.round(probe.height * scale)),
    fps,
  };
  await probe.close();
  const film = await openFilm(path, size);
  const frame = async (index: number): Promise<LumaFrame> => ({ ...size, luma: lumaOf(await film.readFrame(index)) });
  const steps: MotionStep[] = [];
  let before = await frame(0);
  for (let index = 1; index < film.frames; index++) {
    const after = await frame(index);
    steps.push(stepOf(blockSteps(before, after), size));
    before = after;
  }
  await film.close();
  return { columns: COLUMNS, rows: rowsFor(size), width: size.width, height: size.height, steps };
}

function stepOf(blocks: readonly BlockStep[], { width, height }: FilmSize): MotionStep {
  const camera = fitCamera(blocks, width, height);
  const stir = blocks.map(block => {
    const { x, y } = besides(block, camera, width, height);
    return block.even || Math.hypot(x, y) * block.sure < 0.1
      ? { x: 0, y: 0 }
      : { x: x * block.sure, y: y * block.sure };
  });
  let [weights, x, y] = [0, 0, 0];
  for (const block of blocks) {
    if (block.even) continue;
    const rest = besides(block, camera, width, height);
    const weight = block.sure * Math.max(0, Math.hypot(rest.x, rest.y) - ACTS);
    weights += weight;
    x += weight * rest.x;
    y += weight * rest.y;
  }
  // Leaves that stir every way cancel out; who walks does not.
  return { camera, actor: weights > 0.3 ? { x: x / weights, y: y / weights } : { x: 0, y: 0 }, stir };
}

function lumaOf(rgba: Uint8ClampedArray): Uint8Array {
  const luma = new Uint8Array(rgba.length / 4);
  for (let at = 0, from = 0; at < luma.length; at++, from += 4)
    luma[at] = 0.299 * (rgba[from] as number) + 0.587 * (rgba[from + 1] as number) + 0.114 * (rgba[from + 2] as number);
  return luma;
}
