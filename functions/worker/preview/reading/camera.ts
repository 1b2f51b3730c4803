/**
 * Camera moves as data. A path is a pure function of progress and stays within `BOUNDS`, which is what the scenes overscan for:
 * x and y are in fractions of the frame at depth 1, zoom never shows less than the whole scene, roll is in radians.
 */
import { clamp, dolly, mix, smoothstep } from '../drawing/curves.ts';
import { holds } from './words.ts';

export interface CameraState {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly roll: number;
  /** How much more the far layers grow than the near ones, as in the dolly zoom: 0 is an ordinary zoom. */
  readonly stretch: number;
}

export const BOUNDS = { x: 0.1, y: 0.08, zoom: [1, 1.5], roll: 0.06, stretch: 0.3 } as const;

type Path = (progress: number, reach: number) => Partial<CameraState>;

const slide =
  (from: number, to: number): ((p: number, reach: number) => number) =>
  (p, reach) =>
    mix(from, to, dolly(p)) * reach;

/** `reach` is 1 for a normal move and more for a fast one. */
export const CAMERA_MOVES = {
  horizontal_left: (p, reach) => ({ x: slide(0.06, -0.06)(p, reach) }),
  horizontal_right: (p, reach) => ({ x: slide(-0.06, 0.06)(p, reach) }),
  vertical_up: (p, reach) => ({ y: slide(0.045, -0.045)(p, reach) }),
  vertical_down: (p, reach) => ({ y: slide(-0.045, 0.045)(p, reach) }),
  crane_up: (p, reach) => ({ y: slide(0.055, -0.05)(p, reach), zoom: 1.12 - 0.1 * dolly(p) }),
  zoom_in: (p, reach) => ({ zoom: 1 + 0.22 * reach * dolly(p) }),
  zoom_out: (p, reach) => ({ zoom: 1 + 0.22 * reach * (1 - dolly(p)) }),
  smooth_zoom_in: (p, reach) => ({ zoom: 1 + 0.14 * reach * smoothstep(0, 1, p) }),
  quickly_zoom_in: (p, reach) => ({ zoom: 1 + 0.32 * reach * (1 - (1 - p) ** 3) }),
  quickly_zoom_out: (p, reach) => ({ zoom: 1 + 0.32 * reach * (1 - p) ** 3 }),
  super_dolly_out: (p, reach) => ({ zoom: 1 + 0.32 * reach * (1 - smoothstep(0, 1, p)) }),
  camera_rotation: (p, reach) => ({ roll: slide(-0.04, 0.04)(p, reach), zoom: 1.1 }),
  robo_arm: (p, reach) => ({
    x: 0.05 * reach * Math.sin(p * 3.6 - 1.2),
    y: 0.03 * reach * Math.cos(p * 3.1),
    zoom: 1.05 + 0.12 * dolly(p),
    roll: 0.02 * Math.sin(p * 4),
  }),
  whip_pan: (p, reach) => ({ x: mix(-0.08, 0.08, smoothstep(0.38, 0.62, p)) * reach }),
  pan_left: (p, reach) => ({ x: slide(0.085, -0.085)(p, reach) }),
  pan_right: (p, reach) => ({ x: slide(-0.085, 0.085)(p, reach) }),
  left_follow: (p, reach) => ({ x: slide(0.07, -0.07)(p, reach), zoom: 1.06 }),
  right_follow: (p, reach) => ({ x: slide(-0.07, 0.07)(p, reach), zoom: 1.06 }),
  hitchcock: (p, reach) => ({ zoom: 1 + 0.16 * dolly(p), stretch: 0.22 * reach * dolly(p) }),
  fix_bg: () => ({}),
  auto_camera: (p, reach) => ({
    x: slide(-0.025, 0.025)(p, reach),
    y: slide(0.012, -0.012)(p, reach),
    zoom: 1 + 0.07 * dolly(p),
  }),
} as const satisfies Readonly<Record<string, Path>>;

export type CameraMove = keyof typeof CAMERA_MOVES;

/** Words that ask for a move, most particular first. */
const MOVE_WORDS: readonly (readonly [CameraMove, readonly string[]])[] = [
  ['hitchcock', ['hitchcock', 'dolly zoom', 'vertigo']],
  ['quickly_zoom_in', ['quickly zoom in', 'crash zoom', 'fast zoom in', 'rapid zoom in']],
  ['quickly_zoom_out', ['quickly zoom out', 'fast zoom out', 'rapid zoom out']],
  ['crane_up', ['crane up', 'crane shot', 'rising shot', 'drone shot rising', 'drone rise', 'jib up']],
  ['pan_left', ['pan left', 'panning left', 'pans left']],
  ['pan_right', ['pan right', 'panning right', 'pans right', 'pan', 'panning']],
  ['horizontal_left', ['truck left', 'move left', 'moving left', 'slide left']],
  ['horizontal_right', ['truck right', 'move right', 'moving right', 'slide right', 'tracking shot']],
  ['vertical_up', ['tilt up', 'tilting up', 'move up', 'camera rise', 'pedestal up']],
  ['vertical_down', ['tilt down', 'tilting down', 'move down', 'camera descend', 'pedestal down']],
  ['zoom_out', ['zoom out', 'zooming out', 'zooms out', 'pull back', 'pulling back', 'dolly out', 'pull out']],
  [
    'zoom_in',
    [
      'zoom in',
      'zooming in',
      'zooms in',
      'push in',
      'pushing in',
      'dolly in',
      'close up',
      'fly through',
      'flying',
      'zoom',
    ],
  ],
  [
    'camera_rotation',
    ['rotate', 'rotating camera', 'camera rotation', 'orbit shot', 'orbiting', 'spin', 'spinning', 'dutch'],
  ],
  ['fix_bg', ['static shot', 'static camera', 'fixed camera', 'locked off', 'still camera', 'tripod']],
];

/** The move asked for by name, else by the prompt's words, else the automatic one. An unknown name is taken as automatic. */
export function chooseMove(text: string, named: string | undefined): CameraMove {
  if (named !== undefined && named !== 'auto_camera' && Object.hasOwn(CAMERA_MOVES, named)) return named as CameraMove;
  for (const [move, phrases] of MOVE_WORDS) if (phrases.some(phrase => holds(text, phrase))) return move;
  return 'auto_camera';
}

/** Where the camera is at `progress` (0..1) of the clip. */
export function cameraAt(move: CameraMove, progress: number, fast: boolean): CameraState {
  const path: Path = CAMERA_MOVES[move];
  const state = path(clamp(progress), fast ? 1.4 : 1);
  return {
    x: clamp(state.x ?? 0, -BOUNDS.x, BOUNDS.x),
    y: clamp(state.y ?? 0, -BOUNDS.y, BOUNDS.y),
    zoom: clamp(state.zoom ?? 1, BOUNDS.zoom[0], BOUNDS.zoom[1]),
    roll: clamp(state.roll ?? 0, -BOUNDS.roll, BOUNDS.roll),
    stretch: clamp(state.stretch ?? 0, 0, BOUNDS.stretch),
  };
}
