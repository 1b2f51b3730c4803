/** What a request that works on a film, or wants sounds, asks of the studio. Pure. */
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { Inputs } from './inputs.ts';
import { type FilmSource, type PreviewSource, StudioError } from './studio/job.ts';

/** Undefined for every other function. Throws StudioError `bad_media` where there is no film to work on. */
export function filmSource(request: VideoRequest, { film }: Pick<Inputs, 'film'>): FilmSource | undefined {
  const { prompt, seed, motion, cameraMovement, style } = request;
  const found = (): NonNullable<Inputs['film']> => {
    if (!film) throw new StudioError('bad_media', `${request.function} without a film`);
    return film;
  };
  switch (request.function) {
    case 'extend': {
      const { path, durationSeconds } = found();
      const moved = { prompt, seed, motion, style, ...(cameraMovement !== '' && { cameraMovement }) };
      return { kind: 'extend', filmPath: path, filmSeconds: durationSeconds, ...moved };
    }
    case 'restyle':
      return { kind: 'restyle', filmPath: found().path, look: request.look ?? { prompt }, seed };
    case 'upscale':
      return { kind: 'upscale', filmPath: found().path };
    case 'sound_effect': {
      const { sound = { prompt, keepOriginal: false } } = request;
      return { kind: 'sound_effect', filmPath: found().path, seed, ...sound };
    }
    default:
      return undefined;
  }
}

/** The clip with the sounds over it that the request names, where it names some. */
export function withEffects(clip: PreviewSource, { sound, seed }: VideoRequest): PreviewSource {
  if (sound === undefined || sound.prompt.trim() === '') return clip;
  return { kind: 'effects_over', clip, prompt: sound.prompt, seed };
}
