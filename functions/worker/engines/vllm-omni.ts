/**
 * vLLM-Omni's server (docs/serving/videos_api.md, 0.26): create takes multipart alone, `seconds` is a string, DELETE is
 * also the cancel, an error's code is a Python exception's class. `num_frames` is always sent: left out, it may be 1.
 */
import type { EngineClient, EngineImage, EngineRequest } from './engine-client.ts';
import { download, type EngineAddress, type HttpLimits, sender } from './engine-http.ts';
import { attach } from './input-reference.ts';
import { fine, jobOf, settled, stateOf, videoPath } from './video-reply.ts';

export function vllmOmni(address: EngineAddress, limits: HttpLimits): EngineClient {
  const send = sender(address, limits);
  const remove = async (id: string, signal: AbortSignal): Promise<void> => {
    const reply = await send('DELETE', videoPath(id), signal);
    // 409: the cancel was taken and is under way.
    if (reply.status !== 409) settled(reply);
  };
  return {
    async create(request, image, signal) {
      return jobOf(fine(await send('POST', '/v1/videos', signal, formOf(request, image))));
    },
    async get(id, signal) {
      return stateOf(id, await send('GET', videoPath(id), signal));
    },
    async content(id, path, signal) {
      const reply = await download(address, limits, videoPath(id, '/content'), path, signal);
      if (reply === 'saved') return reply;
      if (reply.status !== 404) fine(reply);
      return 'not_ready';
    },
    cancel: remove,
    remove: remove,
    async health(signal) {
      fine(await send('GET', '/health', signal));
    },
  };
}

function formOf(request: EngineRequest, image: EngineImage | undefined): FormData {
  const form = new FormData();
  form.set('model', request.model);
  form.set('prompt', request.prompt);
  if (request.negativePrompt !== '') form.set('negative_prompt', request.negativePrompt);
  form.set('seconds', String(request.seconds));
  form.set('size', `${request.width}x${request.height}`);
  form.set('num_frames', String(request.frames));
  form.set('fps', String(request.fps));
  form.set('seed', String(request.seed));
  if (request.audio) form.set('generate_sound', 'true');
  if (image) attach(form, image);
  return form;
}
