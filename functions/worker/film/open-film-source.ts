/** Sources made of a film: what becomes of its frames and its sound. */
import type { FrameSource } from '../studio/frame-source.ts';
import type { FilmSource, StudioJob } from '../studio/job.ts';
import { SAMPLE_RATE } from '../studio/sound-encoder.ts';
import { openUnlabelled } from '../studio/unlabelled-film.ts';
import { extendFilm } from './extension/extended-film.ts';
import { filmWithSound } from './film-sound.ts';
import { plainFilm } from './plain-film.ts';
import { restyleFilm } from './restyle/restyled-film.ts';
import { sharpened } from './sharpen.ts';

/** Throws StudioError `bad_media` where the film cannot be read. */
export async function openFilmSource(source: FilmSource, job: Omit<StudioJob, 'source'>): Promise<FrameSource> {
  const open = (path: string) => openUnlabelled(path, job.output, job);
  switch (source.kind) {
    case 'file': {
      const film = await open(source.path);
      return plainFilm('film', film, await film.sound(SAMPLE_RATE));
    }
    case 'upscale': {
      const film = await open(source.filmPath);
      return plainFilm('upscaled film', sharpened(film, job.output), await film.sound(SAMPLE_RATE));
    }
    case 'sound_effect':
      return filmWithSound(source, await open(source.filmPath));
    case 'restyle':
      return restyleFilm(source, job);
    case 'extend':
      return extendFilm(source, await open(source.filmPath), job.output);
  }
}
