/** Camera moves that begin where a film has ended: at rest, on the whole frame, pixel for pixel. */
import { type CameraState, cameraAt } from '../../camera-moves.ts';
import { mix, smoothstep } from '../../curves.ts';
import type { DepthMap } from '../../picture/depth.ts';
import type { Field } from '../../picture/warp.ts';
import type { Random } from '../../random.ts';
import type { Direction } from '../../reading.ts';

/** The share of the move in which the camera gathers speed. */
const GATHERING = 0.45;
/** The camera moves in a little with any move, so that less shows from beyond the edges. */
const COVER = 0.05;

/** Beyond it even the mirrored margin would end. */
const FARTHEST = 0.8;

export type RestingPath = (progress: number, time: number) => { camera: CameraState; field: Field };

/** The path that the direction asks for. At `progress` 0 its field is every pixel in its place. */
export function pathFrom(direction: Direction, random: Random, depth: DepthMap, aspect: number): RestingPath {
  const { move, fast } = direction;
  const side = random.chance(0.5) ? 1 : -1;
  const own = { x: side * random.range(0.06, 0.1), y: random.range(-0.03, 0.03), zoom: random.range(0.08, 0.16) };
  const start = cameraAt(move, 0, fast);
  return (progress, time) => {
    const p = fromRest(progress);
    const now = cameraAt(move, p, fast);
    const camera =
      move === 'auto_camera'
        ? { ...start, x: own.x * p, y: own.y * p, zoom: 1 + own.zoom * p * (fast ? 1.4 : 1) }
        : {
            x: now.x - start.x,
            y: now.y - start.y,
            zoom: Math.max(FARTHEST, now.zoom / start.zoom),
            roll: now.roll - start.roll,
            stretch: now.stretch - start.stretch,
          };
    const swaying =
      move === 'fix_bg' ? { ...camera, x: 0.035 * Math.sin(time * 0.9) * smoothstep(0, 1, time) } : camera;
    return { camera: swaying, field: fieldOf(swaying, COVER * p, move === 'fix_bg', depth, aspect) };
  };
}

/** Speed grows evenly from nothing, then stays. */
function fromRest(progress: number): number {
  const p = progress < GATHERING ? progress ** 2 / (2 * GATHERING) : progress - GATHERING / 2;
  return p / (1 - GATHERING / 2);
}

function fieldOf(camera: CameraState, cover: number, onlyNear: boolean, depth: DepthMap, aspect: number): Field {
  const cos = Math.cos(camera.roll);
  const sin = Math.sin(camera.roll);
  return (x, y, out) => {
    const near = depth.at(x, y) - 0.4;
    const share = onlyNear ? smoothstep(0.3, 0.8, near + 0.4) : mix(0.22, 1.02, near);
    const zoom =
      (1 + (camera.zoom - 1) * (0.75 + near * 0.7) + camera.stretch * (0.1 - near) * 0.9) * (onlyNear ? 1 : 1 + cover);
    const dx = (x - 0.5) / zoom;
    const dy = (y - 0.5) / zoom;
    out.x = 0.5 + dx * cos - (dy * sin) / aspect + camera.x * share * 0.62;
    out.y = 0.5 + dy * cos + dx * sin * aspect + camera.y * share * 0.62;
  };
}
