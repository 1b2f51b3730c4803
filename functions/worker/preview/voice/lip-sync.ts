/** Lip sync: the caller's film with a mouth that says what the voice says, and the voice for its sound. The film decides the length. */
import { ImageData } from '@napi-rs/canvas';
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { openVideo } from '../../media/video-reader.ts';
import { paintMouth } from '../face/mouth-painter.ts';
import { LOOKS_PER_SECOND, trackFace } from '../face/track-face.ts';
import type { LipSyncSource } from '../source.ts';
import { hearVoice } from './hear-voice.ts';
import { voiceOver } from './voice-over.ts';

/** Short side of the film while the face is sought. */
const SEARCH_SIDE = 180;

export async function previewLipSync(source: LipSyncSource, output: RenderOutput): Promise<FrameSource> {
  const { format, directory } = output;
  const { width, height, fps } = format;
  const voice = voiceOver(await hearVoice(source.voice, directory), format);
  const scale = Math.min(1, SEARCH_SIDE / Math.min(width, height));
  const small = { width: even(width * scale), height: even(height * scale) };
  const search = await openVideo(source.videoPath, { ...small, fps: LOOKS_PER_SECOND });
  const places = await trackFace(search, small).finally(() => search.close());
  const film = await output.openVideo(source.videoPath, { width, height, fps });
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
