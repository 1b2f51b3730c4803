/** Lip sync: the caller's film with a mouth that says what the voice says, and the voice for its sound. The film decides the length. */
import { ImageData } from '@napi-rs/canvas';
import { openFilm } from '../../studio/film-reader.ts';
import type { FrameSource } from '../../studio/frame-source.ts';
import type { LipSyncSource, StudioJob } from '../../studio/job.ts';
import { openUnlabelled } from '../../studio/unlabelled-film.ts';
import { paintMouth } from '../face/mouth-painter.ts';
import { LOOKS_PER_SECOND, trackFace } from '../face/track-face.ts';
import { hearVoice } from './hear-voice.ts';
import { voiceOver } from './voice-over.ts';

/** Short side of the film while the face is sought. */
const SEARCH_SIDE = 180;

export async function previewLipSync(
  source: LipSyncSource,
  job: Pick<StudioJob, 'output' | 'directory' | 'label' | 'metadata'>,
): Promise<FrameSource> {
  const { output, directory } = job;
  const { width, height, fps } = output;
  const voice = voiceOver(await hearVoice(source.voice, directory), output);
  const scale = Math.min(1, SEARCH_SIDE / Math.min(width, height));
  const small = { width: even(width * scale), height: even(height * scale) };
  const search = await openFilm(source.filmPath, { ...small, fps: LOOKS_PER_SECOND });
  const places = await trackFace(search, small).finally(() => search.close());
  const film = await openUnlabelled(source.filmPath, { width, height, fps }, job);
  const image = new ImageData(width, height);
  return {
    scene: 'lip_sync',
    sound: (_rate, samples) => voice.alone(samples),
    async paint(index, { context }) {
      image.data.set(await film.readFrame(index));
      const shape = voice.mouths[index];
      if (shape) paintMouth(image.data, width, height, places(index / fps, width, height), shape);
      context.putImageData(image, 0, 0);
    },
  };
}

function even(length: number): number {
  return Math.max(2, 2 * Math.round(length / 2));
}
