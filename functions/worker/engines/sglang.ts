/**
 * SGLang-Diffusion's server (runtime/entrypoints/openai/video_api.py and its API page): JSON without an image, multipart
 * with one, as older builds ask for the image in every form; `seconds` is an integer; a job is cancelled by POST, and
 * by DELETE where the build is older than that route. It echoes a model of OpenAI's where none was sent.
 */
import { type EngineClient, type EngineRequest, EngineTrouble } from './engine-client.ts';
import { download, type EngineAddress, type HttpLimits, sender } from './engine-http.ts';
import { attach } from './input-reference.ts';
import { fine, jobOf, settled, stateOf, videoPath } from './video-reply.ts';

export function sglang(address: EngineAddress, limits: HttpLimits): EngineClient {
  const send = sender(address, limits);
  const remove = async (id: string, signal: AbortSignal): Promise<void> =>
    settled(await send('DELETE', videoPath(id), signal));
  return {
    async create(request, image, signal) {
      const members = membersOf(request);
      if (!image) return jobOf(fine(await send('POST', '/v1/videos', signal, { json: members })));
      const form = new FormData();
      for (const [name, value] of Object.entries(members)) form.set(name, String(value));
      attach(form, image);
      return jobOf(fine(await send('POST', '/v1/videos', signal, form)));
    },
    async get(id, signal) {
      return stateOf(id, await send('GET', videoPath(id), signal));
    },
    async content(id, path, signal) {
      const reply = await download(address, limits, videoPath(id, '/content'), path, signal);
      if (reply === 'saved') return reply;
      if (reply.status === 400) {
        // It names the cloud's URL. That is the server's word for an address, and we fetch from the engine alone.
        throw new EngineTrouble('refused', 'the engine keeps its clips in cloud storage: start it without');
      }
      if (reply.status !== 404) fine(reply);
      return 'not_ready';
    },
    async cancel(id, signal) {
      const reply = await send('POST', videoPath(id, '/cancel'), signal);
      if (reply.status === 404 || reply.status === 405) return remove(id, signal);
      settled(reply);
    },
    remove,
    async health(signal) {
      fine(await send('GET', '/models', signal));
    },
  };
}

function membersOf(request: EngineRequest): Record<string, string | number> {
  return {
    model: request.model,
    prompt: request.prompt,
    ...(request.negativePrompt !== '' && { negative_prompt: request.negativePrompt }),
    seconds: request.seconds,
    size: `${request.width}x${request.height}`,
    num_frames: request.frames,
    fps: request.fps,
    seed: request.seed,
  };
}
