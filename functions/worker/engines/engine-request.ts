/** From what a caller bought to what the engine is asked for, in its model's terms. Pure. */
import { type EngineModel, framesFor, sizeFor } from '../../catalogue/engine-models.ts';
import type { VideoRequest } from '../../catalogue/video-request.ts';
import type { EngineImage, EngineRequest } from './engine-client.ts';

/** The image decides the shape where there is one and the caller chose none. */
export function engineRequest(
  model: EngineModel,
  request: VideoRequest,
  image: { readonly width: number; readonly height: number } | undefined,
): EngineRequest {
  const shape = request.aspectRatio ?? image ?? '16:9';
  return {
    model: model.id,
    prompt: promptOf(request),
    negativePrompt: request.negativePrompt,
    ...sizeFor(model, request.quality, shape),
    frames: framesFor(model, request.durationSeconds),
    fps: model.fps,
    seconds: request.durationSeconds,
    seed: request.seed,
    audio: request.audio,
  };
}

/** These models have no parameters for style, camera and motion: they read them in the prompt. */
function promptOf({ prompt, style, cameraMovement, motion }: VideoRequest): string {
  const said = [
    prompt,
    style !== '' && `Style: ${words(style)}.`,
    cameraMovement !== '' && cameraMovement !== 'auto_camera' && `Camera: ${words(cameraMovement)}.`,
    motion === 'fast' && 'Fast motion.',
  ];
  return said.filter(part => part !== false).join(' ');
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}

/** The smallest thing that shows that an engine can still make a clip: one step of frames at its smallest size. */
export function probeRequest(model: EngineModel): EngineRequest {
  return {
    model: model.id,
    prompt: 'a red ball on a white table',
    negativePrompt: '',
    ...sizeFor(model, '360p', '1:1'),
    frames: model.frameStep + 1,
    fps: model.fps,
    seconds: 1,
    seed: 1,
    audio: false,
  };
}

/** The image for a canary of a model that needs one: 64x64 pixels of grey, as PNG. */
export const PROBE_IMAGE: EngineImage = {
  bytes: Uint8Array.from(
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAKUlEQVR42u3MQREAAAwCIKMb3RD77SAA6VEEAoFAIBAIBAKBQCAQfA8G320AeXC6efoAAAAASUVORK5CYII=',
      'base64',
    ),
  ),
  type: 'image/png',
};
