/**
 * A film, and then its last frame moved on. Invariants:
 * - up to the film's end every frame and every sound is the film's own;
 * - at the seam nothing jumps: the camera starts from rest exactly where the last frame stands, and what the words bring (weather, light,
 *   sound) comes in over a second.
 */

import type { ClipFormat, FrameSource } from '../../../media/frame-source.ts';
import { framePainter } from '../../../media/plain-video.ts';
import type { VideoReader } from '../../../media/video-reader.ts';
import { smoothstep } from '../../curves.ts';
import type { ExtendSource } from '../../source.ts';
import { type Continuation, continueFrame } from './continuation.ts';
import { continueSound } from './continued-sound.ts';

/** Seconds over which weather and light come in; half the extension where that is shorter. */
const COMING_IN = 1.2;

/** `film` must have been opened at the size of the frames that are painted. */
export function extendFilm(source: ExtendSource, film: VideoReader, format: ClipFormat): FrameSource {
  const { fps, durationSeconds } = format;
  const frames = Math.max(1, Math.round(durationSeconds * fps));
  const own = Math.min(frames - 1, Math.max(1, Math.round(source.videoSeconds * fps)));
  const added = frames - own;
  const comingIn = Math.min(COMING_IN, added / fps / 2);
  const show = framePainter();
  let next: Continuation | undefined;
  return {
    scene: 'extended film',
    sound: async (rate, samples) =>
      continueSound(await film.sound(rate), { source, rate, samples, seam: Math.round((own / fps) * rate) }),
    async paint(index, frame) {
      if (index < own) {
        // The last own frame is the very last of the film, so that the continuation starts from what was just seen.
        show(frame, index === own - 1 ? await film.lastFrame() : await film.readFrame(index));
        return;
      }
      next ??= continueFrame(source, format, await film.lastFrame());
      const step = index - own + 1;
      next.paint(frame.context, {
        seconds: step / fps,
        progress: step / added,
        arrived: smoothstep(0, comingIn, step / fps),
      });
    },
  };
}
