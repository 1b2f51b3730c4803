/** Reads what is made of a film. */
import type { z } from 'zod';
import { checkQuality, qualityOf } from '../../catalogue/functions.ts';
import { checkCapability } from '../../catalogue/models.ts';
import { LOOKS } from '../../catalogue/styles.ts';
import type { Quality } from '../../catalogue/video-request.ts';
import type { extend, lipSync, mimic, restyle, soundEffect, upscale } from './film-contract.ts';
import { type FilmFacts, filmOf, plainPrice, plainRequest, type Reader, refuse, sound, sourceOf } from './reading.ts';
import { voiceNeeds, voiceOf } from './voices.ts';

const sourceNeeds = (body: Parameters<typeof sourceOf>[0]) => ({ source: sourceOf(body) });

export const readExtend: Reader<z.output<typeof extend.input>> = {
  needs: sourceNeeds,
  read(body, facts, drawnSeed) {
    filmOf(body, facts);
    if (body.template_id !== undefined) refuse('template_id', 'is not offered here; leave it out');
    const audio = body.generate_audio_switch ?? false;
    const motion = (body.motion_mode || 'normal') as 'normal' | 'fast';
    const style = body.style ?? '';
    const asked = { model: body.model, quality: body.quality, duration: body.duration, motion, style, audio };
    const { model, quality } = sound(checkCapability({ ...asked, function: 'extend', soundEffect: false, camera: '' }));
    const priced = { model: model.name, quality, durationSeconds: body.duration, audio, soundEffect: false, motion };
    const request = plainRequest('extend', {
      ...{ model: model.name, quality, durationSeconds: body.duration, motion, style, audio, prompt: body.prompt },
      ...{ negativePrompt: body.negative_prompt ?? '', source: sourceOf(body), seed: body.seed ?? drawnSeed },
    });
    return { request, priced };
  },
};

export const readLipSync: Reader<z.output<typeof lipSync.input>> = {
  needs: body => ({ ...sourceNeeds(body), ...voiceNeeds(body) }),
  read(body, facts, drawnSeed) {
    const film = filmOf(body, facts);
    const quality = qualityOf(film);
    const voice = voiceOf(body, facts);
    const said = voice.kind === 'speaker' ? { text: voice.text } : { seconds: facts.recordingSeconds ?? 0 };
    return {
      request: plainRequest('lip_sync', {
        ...{ quality, durationSeconds: film.durationSeconds, audio: true, voice },
        ...{ source: sourceOf(body), seed: body.seed ?? drawnSeed },
      }),
      priced: { ...plainPrice('lip_sync', quality, film.durationSeconds), voice: said },
    };
  },
};

export const readSoundEffect: Reader<z.output<typeof soundEffect.input>> = {
  needs: sourceNeeds,
  read(body, facts, drawnSeed) {
    const film = filmOf(body, facts);
    const quality = qualityOf(film);
    const prompt = body.sound_effect_content?.trim() || body.prompt || '';
    return {
      request: plainRequest('sound_effect', {
        ...{ quality, durationSeconds: film.durationSeconds, audio: true, prompt },
        sound: { prompt, keepOriginal: body.original_sound_switch ?? false },
        ...{ source: sourceOf(body), seed: body.seed ?? drawnSeed },
      }),
      priced: plainPrice('sound_effect', quality, film.durationSeconds),
    };
  },
};

export const readRestyle: Reader<z.output<typeof restyle.input>> = {
  needs: sourceNeeds,
  read(body, facts, drawnSeed) {
    const { restyle_id: id, restyle_prompt: words } = body;
    if (id !== undefined && words) refuse('restyle_id', 'and restyle_prompt are two looks: send one of them');
    if (id === undefined && !words) refuse('restyle_id', 'is required, or restyle_prompt');
    if (id !== undefined && !LOOKS.some(look => look.id === id)) {
      refuse('restyle_id', `${id} is no look; /openapi/v2/video/restyle/list lists them`);
    }
    const film = filmOf(body, facts);
    const quality = qualityOf(film);
    return {
      request: plainRequest('restyle', {
        ...{ ...ofFilm(film, quality), prompt: words ?? '', look: id === undefined ? { prompt: words ?? '' } : { id } },
        ...{ source: sourceOf(body), seed: body.seed ?? drawnSeed },
      }),
      priced: plainPrice('restyle', quality, film.durationSeconds),
    };
  },
};

export const readMimic: Reader<z.output<typeof mimic.input>> = {
  needs: sourceNeeds,
  read(body, facts, drawnSeed) {
    const film = filmOf(body, facts);
    const quality = sound(checkQuality('mimic', body.quality));
    return {
      request: plainRequest('mimic', {
        ...{ ...ofFilm(film, quality), images: [{ id: body.img_id }] },
        ...{ source: sourceOf(body), seed: body.seed ?? drawnSeed },
      }),
      priced: plainPrice('mimic', quality, film.durationSeconds),
    };
  },
};

export const readUpscale: Reader<z.output<typeof upscale.input>> = {
  needs: sourceNeeds,
  read(body, facts, drawnSeed) {
    const film = filmOf(body, facts);
    const lines = Math.min(film.width, film.height);
    const larger = (['540p', '720p', '1080p'] as const).find(name => Number.parseInt(name, 10) > lines);
    const quality = sound(checkQuality('upscale', body.quality || larger || '1080p'));
    if (Number.parseInt(quality, 10) <= lines) refuse('quality', `must be more than the ${lines} lines of the film`);
    return {
      request: plainRequest('upscale', {
        ...{ ...ofFilm(film, quality), source: sourceOf(body), seed: body.seed ?? drawnSeed },
      }),
      priced: plainPrice('upscale', quality, film.durationSeconds),
    };
  },
};

/** As long as the film, and with its sound. */
function ofFilm({ durationSeconds, hasAudio }: FilmFacts, quality: Quality) {
  return { quality, durationSeconds, audio: hasAudio };
}
