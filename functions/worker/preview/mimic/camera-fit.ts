/**
 * What most blocks of a frame agree on is the camera's own motion: a shift, a zoom and a roll about the frame's middle. What the rest do
 * besides is the motion of whoever acts in it.
 */
import type { BlockStep } from './block-motion.ts';

/** Pixels of the small frame; zoom and roll as rates: 0.01 is a hundredth larger, or a hundredth of a radian. */
export interface CameraStep {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly roll: number;
}

/** Blocks further than this from what the others say, in pixels, hardly count. */
const TOLERANCE = 0.6;
const ROUNDS = 6;

export function fitCamera(steps: readonly BlockStep[], width: number, height: number): CameraStep {
  let camera: CameraStep = {
    x: median(steps, step => step.dx),
    y: median(steps, step => step.dy),
    zoom: 0,
    roll: 0,
  };
  for (let round = 0; round < ROUNDS; round++) camera = refine(steps, camera, width, height);
  return camera;
}

/** What a block did besides following the camera, in pixels. */
export function besides(step: BlockStep, camera: CameraStep, width: number, height: number): { x: number; y: number } {
  const px = step.x - width / 2;
  const py = step.y - height / 2;
  return {
    x: step.dx - (camera.x + camera.zoom * px - camera.roll * py),
    y: step.dy - (camera.y + camera.zoom * py + camera.roll * px),
  };
}

/** One round of weighted least squares: shift from the means, zoom and roll from what turns and grows about them. */
function refine(steps: readonly BlockStep[], camera: CameraStep, width: number, height: number): CameraStep {
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
