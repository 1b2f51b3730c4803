/**
 * Transitions: one between two pictures, or a chain through several, each part with its own seconds and words. Frames 0 and last, and the
 * frames where parts meet, are the caller's pictures untouched: nothing is laid over them but the label.
 */
import type { ClipFormat, FrameSource } from '../../media/frame-source.ts';
import { pictureWorld } from '../picture/picture-scene.ts';
import { Still } from '../picture/still.ts';
import { Random } from '../random.ts';
import { readPrompt } from '../reading.ts';
import { recordSound } from '../sound/soundtrack.ts';
import { addWhooshes } from '../sound/whoosh.ts';
import type { TransitionSource } from '../source.ts';
import { makeWeather } from '../weather.ts';
import type { Scene, World } from '../world.ts';
import { type Leg, makeLeg } from './leg.ts';

interface Part {
  readonly leg: Leg;
  readonly weather: Scene;
  /** The frames that show its pictures alone. */
  readonly first: number;
  readonly last: number;
}

/** The frames of a transition through at least two pictures. Throws MediaError `bad_image`. */
export async function previewTransition(source: TransitionSource, format: ClipFormat): Promise<FrameSource> {
  const { width, height, fps, durationSeconds } = format;
  const frames = Math.max(1, Math.round(durationSeconds * fps));
  const stills: Still[] = [];
  for (const path of source.imagePaths) stills.push(await Still.open(path, width, height));
  const ends = meetings(source, frames);
  const worlds = source.legs.map(leg => worldFor(source, leg.prompt, stills[0] as Still, width, height));
  const parts: Part[] = source.legs.map((words, index) => {
    const world = worlds[index] as World;
    const leg = makeLeg(stills[index] as Still, stills[index + 1] as Still, {
      prompt: words.prompt,
      seed: source.seed + index,
      fast: source.motion === 'fast',
      glow: world.direction.colors[0] ?? world.light.glow,
    });
    return { leg, weather: makeWeather(world), first: ends[index] ?? 0, last: ends[index + 1] ?? frames - 1 };
  });
  return {
    scene: parts.map(({ leg }) => leg.kind).join('+'),
    sound(rate, samples) {
      const track = recordSound(worlds[0] as World, rate, samples);
      addWhooshes(
        track,
        rate,
        parts.map(part => whooshOf(part, fps)),
        source.seed,
      );
      return track;
    },
    paint(index, { context }) {
      const { leg, weather, first, last } = parts.find(part => index <= part.last) ?? (parts.at(-1) as Part);
      const frameCount = Math.max(1, last - first);
      const progress = (index - first) / frameCount;
      leg.paint(context, progress, 1 / frameCount);
      context.save();
      context.globalAlpha = Math.sin(Math.PI * progress) ** 0.7;
      if (progress > 0 && progress < 1)
        weather.paint(context, { time: index / fps, progress, camera: { x: 0, y: 0, zoom: 1, roll: 0, stretch: 0 } });
      context.restore();
    },
  };
}

/** The frames on which the pictures stand alone: the first, where parts meet by their seconds, the last. */
function meetings({ legs }: TransitionSource, frames: number): number[] {
  const total = legs.reduce((sum, { seconds }) => sum + seconds, 0);
  const passedAfter = (count: number): number => legs.slice(0, count).reduce((sum, { seconds }) => sum + seconds, 0);
  return [...legs.keys(), legs.length].map(count => Math.round((passedAfter(count) / total) * (frames - 1)));
}

function worldFor(source: TransitionSource, prompt: string, still: Still, width: number, height: number): World {
  const direction = readPrompt({ ...source, prompt });
  return pictureWorld(width, height, new Random(source.seed, 'transition'), direction, still.picture);
}

function whooshOf({ leg, first, last }: Part, fps: number): { at: number; seconds: number } {
  const [begins, ends] = leg.changes;
  const long = (last - first) / fps;
  return { at: first / fps + begins * long, seconds: (ends - begins) * long };
}
