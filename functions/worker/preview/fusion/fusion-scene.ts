/**
 * Fusion: the caller's pictures in one scene. Backgrounds become the place, or the words draw one; subjects are cut out, put on the ground in
 * the order in which the prompt calls them, and move as it says. Whoever is not called still appears.
 */
import type { ClipFormat, FrameSource } from '../../media/frame-source.ts';
import { makeFinish } from '../finish.ts';
import { lightFor } from '../light.ts';
import { makeNoises } from '../noise.ts';
import { Random } from '../random.ts';
import type { FusionReference, FusionSource } from '../source.ts';
import { openCutout } from '../subject/cutout.ts';
import { makeWeather } from '../weather.ts';
import { atDepth, type World } from '../world.ts';
import { openBackdrop } from './backdrop.ts';
import { Figure } from './figure.ts';
import { poseAt } from './movement.ts';
import { type Role, readScript, withoutCalls } from './script.ts';
import { type Spot, stage } from './staging.ts';

const FAST = 1.5;

/** How much the camera moves what stands at a spot. */
const nearness = ({ depth }: Spot): number => 0.35 + 0.5 * depth;

interface Actor {
  readonly figure: Figure;
  readonly role: Role<FusionReference>;
  readonly spot: Spot;
  readonly phase: number;
}

/** Throws MediaError `bad_image`. */
export async function previewFusion(source: FusionSource, format: ClipFormat): Promise<FrameSource> {
  const { width, height, fps, durationSeconds } = format;
  const scenery = withoutCalls(source.prompt, source.references);
  const backdrop = await openBackdrop(source, scenery, format);
  const random = new Random(source.seed, 'fusion');
  const { direction, ambient } = backdrop;
  const world: World = {
    width,
    height,
    unit: Math.min(width, height),
    random,
    noises: makeNoises(random.fork('noises')),
    light: lightFor(direction, random.fork('light')),
    direction,
  };
  const subjects = source.references.filter(({ role }) => role === 'subject');
  const roles = readScript(source.prompt, subjects);
  const spots = stage(roles);
  const actors: Actor[] = [];
  for (const [index, role] of roles.entries()) {
    const spot = spots[index] as Spot;
    const cutout = await openCutout(role.reference.imagePath);
    const figure = new Figure(cutout, spot, format, ambient);
    actors.push({ figure, role, spot, phase: random.range(0, 2) });
  }
  // The far ones first, so that the near ones stand before them.
  actors.sort((one, other) => one.spot.depth - other.spot.depth);
  const weather = makeWeather(world);
  const finish = makeFinish(width, height, random, { vignette: 0.2, bloom: 0.12, grain: false });
  const frames = Math.max(1, Math.round(durationSeconds * fps));
  return {
    scene: `fusion in ${backdrop.scene}`,
    sound: backdrop.sound,
    paint(index, frame) {
      const { context } = frame;
      const progress = frames === 1 ? 0 : index / (frames - 1);
      const time = (index / fps) * (direction.fast ? FAST : 1);
      const camera = backdrop.paint(index, frame, progress);
      const posed = actors.map(actor => ({ ...actor, pose: poseAt(actor.role, time, progress, actor.phase) }));
      for (const { figure, spot, pose } of posed)
        atDepth(context, world, camera, nearness(spot), () => figure.drawShadow(context, frame, pose));
      for (const { figure, spot, pose } of posed)
        atDepth(context, world, camera, nearness(spot), () => figure.draw(context, frame, pose));
      weather.paint(context, { time, progress, camera });
      finish.apply(context, index);
    },
  };
}
