/**
 * The preview engine: the studio draws its frames on the CPU from the words of the prompt, or moves the caller's picture.
 * It shows that the platform works and what was asked for; it is not a neural model and is never called one.
 */
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { EngineInputs, VideoEngine } from './engine.ts';
import { filmSource, withEffects } from './film-source.ts';
import { pictureSource } from './picture-source.ts';
import { spokenSource, withSpeech } from './spoken-source.ts';
import { studiedSource } from './studied-source.ts';
import type { PreviewSource } from './studio/job.ts';

export const previewEngine: VideoEngine = {
  name: 'preview',
  digitalSourceType: 'algorithmicMedia',
  async produce(request, inputs) {
    return (
      spokenSource(request, inputs) ??
      filmSource(request, inputs) ??
      studiedSource(request, inputs) ??
      withSpeech(
        withEffects(withShots(pictureSource(request, inputs) ?? clipOf(request, inputs), request), request),
        request,
        inputs,
      )
    );
  },
};

/** Several shots where the request wants them. A template has its own course, which no cut belongs in. */
function withShots(clip: PreviewSource, { multiClip }: VideoRequest): PreviewSource {
  const cuttable = clip.kind === 'text' || clip.kind === 'image' || clip.kind === 'transition';
  return multiClip && cuttable ? { kind: 'shots', clip } : clip;
}

function clipOf(request: VideoRequest, { pictures: [picture] }: EngineInputs): PreviewSource {
  const { prompt, seed, motion, style, cameraMovement } = request;
  const moved = { prompt, seed, motion, ...(cameraMovement !== '' && { cameraMovement }) };
  if (picture) return { kind: 'image', imagePath: picture.path, ...moved };
  return { kind: 'text', ...moved, ...(style !== '' && { style }) };
}
