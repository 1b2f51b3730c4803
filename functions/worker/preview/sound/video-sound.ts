/** A video with new sound under the same picture. */
import type { FrameSource } from '../../media/frame-source.ts';
import { fittedStereo, plainVideo } from '../../media/plain-video.ts';
import { openVideo, type VideoReader } from '../../media/video-reader.ts';
import { clamp, smoothstep } from '../drawing/curves.ts';
import { Random } from '../drawing/random.ts';
import type { EffectsOverSource, SoundEffectSource } from '../source.ts';
import { askedVoices, type Levels, mixTracks, playScore } from './score.ts';

const FADE_SECONDS = 0.15;
/** The video's own sound stays in front of what is laid under it. */
const OWN_LEVEL = 0.9;
const UNDER_LEVEL = 0.6;

/** `video` must have been opened at the size of the frames that are painted. */
export function videoWithSound(source: SoundEffectSource, video: VideoReader): FrameSource {
  return {
    ...plainVideo('film with sound', video, undefined),
    async sound(rate, samples) {
      const mood = await readMood(source.videoPath);
      const asked = askedVoices(source.prompt);
      const levels = Object.keys(asked).length > 0 ? asked : suggestedVoices(mood);
      // Words that name no voice still choose among the ways in which the same voices can sound.
      const random = new Random(source.seed, `sound effect ${source.prompt}`);
      const made = playScore(levels, random, { rate, samples, fade: FADE_SECONDS }, mood.loudness);
      const own = source.keepOriginal ? await video.sound(rate) : undefined;
      return own === undefined ? made : mixTracks(fittedStereo(own, samples), OWN_LEVEL, made, UNDER_LEVEL);
    },
  };
}

/** `clip` with the sounds that the words name in front of its own; where they name none, it sounds as it did. */
export function effectsOver({ prompt, seed }: EffectsOverSource, clip: FrameSource): FrameSource {
  const asked = askedVoices(prompt);
  if (Object.keys(asked).length === 0) return clip;
  return {
    scene: clip.scene,
    paint: (index, frame) => clip.paint(index, frame),
    async sound(rate, samples) {
      const made = playScore(asked, new Random(seed, `effects ${prompt}`), { rate, samples, fade: FADE_SECONDS });
      const own = await clip.sound?.(rate, samples);
      return own === undefined ? made : mixTracks(made, OWN_LEVEL, own, UNDER_LEVEL);
    },
  };
}

// What a video's picture suggests to the ear: its light, its colours, and how much moves when.

/** Each 0 to 1, means over the video. */
export interface VideoMood {
  readonly light: number;
  readonly saturation: number;
  readonly blue: number;
  readonly green: number;
  readonly warm: number;
  readonly motion: number;
  /** How loud what happens at `seconds` would be: about 0.5 where all is still to 1.5 where most moves. */
  loudness(seconds: number): number;
}

/** Small and slow: colours and motion in the large are all that is wanted. */
const LOOK = { width: 48, height: 28, fps: 6 };
const MOST_SAMPLES = 400;
/** Mean change of a pixel between two looks that counts as a video full of motion. */
const FULL_MOTION = 0.06;

export async function readMood(path: string): Promise<VideoMood> {
  const video = await openVideo(path, LOOK);
  try {
    return await measure(video);
  } finally {
    await video.close();
  }
}

async function measure(video: VideoReader): Promise<VideoMood> {
  const sums = { light: 0, saturation: 0, blue: 0, green: 0, warm: 0 };
  const pixels = LOOK.width * LOOK.height;
  const moves: number[] = [];
  let before: Uint8ClampedArray | undefined;
  const frames = Math.min(MOST_SAMPLES, video.frames);
  for (let index = 0; index < frames; index++) {
    const now = await video.readFrame(index);
    let moved = 0;
    for (let at = 0; at < now.length; at += 4) {
      const [r, g, b] = [now[at] as number, now[at + 1] as number, now[at + 2] as number];
      sums.light += (0.3 * r + 0.59 * g + 0.11 * b) / 255;
      sums.saturation += (Math.max(r, g, b) - Math.min(r, g, b)) / 255;
      sums.blue += clamp((b - r) / 90);
      sums.green += clamp((g - Math.max(r, b)) / 40);
      sums.warm += clamp((r - b) / 90);
      if (before !== undefined) moved += Math.abs(g - (before[at + 1] as number)) / 255;
    }
    moves.push(moved / pixels);
    before = now.slice();
  }
  moves[0] = moves[1] ?? 0;
  const share = 1 / (frames * pixels);
  const mean = moves.reduce((sum, moved) => sum + moved, 0) / moves.length;
  const most = Math.max(1e-4, ...moves);
  return {
    light: sums.light * share,
    saturation: sums.saturation * share,
    blue: sums.blue * share,
    green: sums.green * share,
    warm: sums.warm * share,
    motion: clamp(mean / FULL_MOTION),
    loudness(seconds) {
      const at = seconds * LOOK.fps;
      const first = moves[Math.min(moves.length - 1, Math.floor(at))] ?? 0;
      const next = moves[Math.min(moves.length - 1, Math.floor(at) + 1)] ?? 0;
      return 0.5 + (first + (next - first) * (at - Math.floor(at))) / most;
    },
  };
}

/** The voices that go with the picture. What is hardly suggested is left out. */
export function suggestedVoices(mood: VideoMood): Levels {
  const dark = 1 - smoothstep(0.16, 0.36, mood.light);
  const grey = 1 - smoothstep(0.08, 0.22, mood.saturation);
  const levels = {
    waves: mood.blue * (1 - dark),
    birds: smoothstep(0.03, 0.3, mood.green) * (1 - dark),
    wind: 0.15 + 0.5 * mood.motion + 0.3 * mood.warm * (1 - dark),
    fire: mood.warm * dark * 1.3,
    crickets: dark * (1 - mood.warm) * (1 - mood.motion) * 0.8,
    city: grey * (0.3 + 0.6 * mood.motion),
    pad: 0.2 + 0.4 * dark,
  };
  return Object.fromEntries(Object.entries(levels).filter(([, level]) => level > 0.1));
}
