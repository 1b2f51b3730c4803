/** Parsers of bodies that work on a video: what is made of it, finding masks in it, and changing it within them. */
import type { z } from 'zod';
import { checkQuality, FUNCTIONS, qualityOf } from '../../catalogue/functions.ts';
import { checkCapability } from '../../catalogue/models.ts';
import { LOOKS } from '../../catalogue/styles.ts';
import type { Quality } from '../../catalogue/video-request.ts';
import {
  assertValid,
  type BodyParser,
  priceInputOf,
  type ResolvedInputs,
  type ResolvedVideo,
  refuse,
  requestOf,
  type SourceMembers,
  sourceOf,
  sourceVideoOf,
  voiceLookups,
  voiceOf,
} from './body-parser.ts';
import { keyframesOf } from './masks.ts';
import type {
  extend,
  lipSync,
  maskSelection,
  mimic,
  modify,
  restyle,
  soundEffect,
  swap,
  upscale,
} from './video-contract.ts';

const sourceLookups = (body: SourceMembers) => ({ source: sourceOf(body) });

export const extendParser: BodyParser<z.output<typeof extend.input>> = {
  lookups: sourceLookups,
  parse(body, inputs, drawnSeed) {
    sourceVideoOf(body, inputs);
    const audio = body.generate_audio_switch ?? false;
    const motion = (body.motion_mode || 'normal') as 'normal' | 'fast';
    const style = body.style ?? '';
    const query = { model: body.model, quality: body.quality, duration: body.duration, motion, style, audio };
    const { model, quality } = assertValid(
      checkCapability({ ...query, function: 'extend', soundEffect: false, camera: '' }),
    );
    const priceInput = {
      model: model.name,
      quality,
      durationSeconds: body.duration,
      audio,
      soundEffect: false,
      motion,
    };
    const request = requestOf('extend', {
      model: model.name,
      quality,
      durationSeconds: body.duration,
      motion,
      style,
      audio,
      prompt: body.prompt,
      negativePrompt: body.negative_prompt ?? '',
      source: sourceOf(body),
      seed: body.seed ?? drawnSeed,
    });
    return { request, priceInput };
  },
};

export const lipSyncParser: BodyParser<z.output<typeof lipSync.input>> = {
  lookups: body => ({ ...sourceLookups(body), ...voiceLookups(body) }),
  parse(body, inputs, drawnSeed) {
    const video = sourceVideoOf(body, inputs);
    const quality = qualityOf(video);
    const voice = voiceOf(body, inputs);
    const spoken = voice.kind === 'speaker' ? { text: voice.text } : { seconds: inputs.audioSeconds ?? 0 };
    return {
      request: requestOf('lip_sync', {
        quality,
        durationSeconds: video.durationSeconds,
        audio: true,
        voice,
        source: sourceOf(body),
        seed: body.seed ?? drawnSeed,
      }),
      priceInput: { ...priceInputOf('lip_sync', quality, video.durationSeconds), voice: spoken },
    };
  },
};

export const soundEffectParser: BodyParser<z.output<typeof soundEffect.input>> = {
  lookups: sourceLookups,
  parse(body, inputs, drawnSeed) {
    const video = sourceVideoOf(body, inputs);
    const quality = qualityOf(video);
    const prompt = body.sound_effect_content?.trim() || body.prompt || '';
    return {
      request: requestOf('sound_effect', {
        quality,
        durationSeconds: video.durationSeconds,
        audio: true,
        prompt,
        sound: { prompt, keepOriginal: body.original_sound_switch ?? false },
        source: sourceOf(body),
        seed: body.seed ?? drawnSeed,
      }),
      priceInput: priceInputOf('sound_effect', quality, video.durationSeconds),
    };
  },
};

export const restyleParser: BodyParser<z.output<typeof restyle.input>> = {
  lookups: sourceLookups,
  parse(body, inputs, drawnSeed) {
    const { restyle_id: id, restyle_prompt: prompt } = body;
    if (id !== undefined && prompt) refuse('restyle_id', 'and restyle_prompt are two looks: send one of them');
    if (id === undefined && !prompt) refuse('restyle_id', 'is required, or restyle_prompt');
    if (id !== undefined && !LOOKS.some(style => style.id === id)) {
      refuse('restyle_id', `${id} is no look; /openapi/v2/video/restyle/list lists them`);
    }
    const video = sourceVideoOf(body, inputs);
    const quality = qualityOf(video);
    return {
      request: requestOf('restyle', {
        ...likeSource(video, quality),
        prompt: prompt ?? '',
        look: id === undefined ? { prompt: prompt ?? '' } : { id },
        source: sourceOf(body),
        seed: body.seed ?? drawnSeed,
      }),
      priceInput: priceInputOf('restyle', quality, video.durationSeconds),
    };
  },
};

export const mimicParser: BodyParser<z.output<typeof mimic.input>> = {
  lookups: sourceLookups,
  parse(body, inputs, drawnSeed) {
    const video = sourceVideoOf(body, inputs);
    const quality = assertValid(checkQuality('mimic', body.quality));
    return {
      request: requestOf('mimic', {
        ...likeSource(video, quality),
        images: [{ id: body.img_id }],
        source: sourceOf(body),
        seed: body.seed ?? drawnSeed,
      }),
      priceInput: priceInputOf('mimic', quality, video.durationSeconds),
    };
  },
};

export const upscaleParser: BodyParser<z.output<typeof upscale.input>> = {
  lookups: sourceLookups,
  parse(body, inputs, drawnSeed) {
    const video = sourceVideoOf(body, inputs);
    const lines = Math.min(video.width, video.height);
    const larger = (['540p', '720p', '1080p'] as const).find(name => Number.parseInt(name, 10) > lines);
    const quality = assertValid(checkQuality('upscale', body.quality || larger || '1080p'));
    if (Number.parseInt(quality, 10) <= lines) refuse('quality', `must be more than the ${lines} lines of the film`);
    return {
      request: requestOf('upscale', {
        ...likeSource(video, quality),
        source: sourceOf(body),
        seed: body.seed ?? drawnSeed,
      }),
      priceInput: priceInputOf('upscale', quality, video.durationSeconds),
    };
  },
};

/** As long as the video, and with its sound. */
function likeSource({ durationSeconds, hasAudio }: ResolvedVideo, quality: Quality) {
  return { quality, durationSeconds, audio: hasAudio };
}

export const maskSelectionParser: BodyParser<z.output<typeof maskSelection.input>> = {
  lookups: sourceLookups,
  parse(body, inputs, drawnSeed) {
    const video = sourceVideoOf(body, inputs);
    const keyframe = body.keyframe_id || 1;
    const last = keyframesOf(video.durationSeconds);
    if (keyframe > last) refuse('keyframe_id', `must be 1 to ${last} for this film`);
    const quality = qualityOf(video);
    return {
      request: requestOf('mask_selection', {
        quality,
        durationSeconds: video.durationSeconds,
        selection: { keyframe, masks: [] },
        source: sourceOf(body),
        seed: body.seed ?? drawnSeed,
      }),
      priceInput: priceInputOf('mask_selection', quality, video.durationSeconds),
    };
  },
};

export const swapParser: BodyParser<z.output<typeof swap.input>> = {
  lookups: body => ({ source: sourceOf(body), masks: { field: 'mask_id', ids: [body.mask_id] } }),
  parse(body, inputs, drawnSeed) {
    const video = sourceVideoOf(body, inputs);
    const quality = assertValid(checkQuality('swap', body.quality));
    const keepOriginal = body.original_sound_switch ?? true;
    const selection = selectionOf(body, inputs, { mask: 'mask_id', keyframe: 'keyframe_id' }, [
      body.keyframe_id || undefined,
    ]);
    return {
      request: requestOf('swap', {
        quality,
        durationSeconds: video.durationSeconds,
        selection,
        images: [{ id: body.img_id }],
        audio: video.hasAudio && keepOriginal,
        sound: { prompt: '', keepOriginal },
        source: sourceOf(body),
        seed: body.seed ?? drawnSeed,
      }),
      priceInput: priceInputOf('swap', quality, video.durationSeconds),
    };
  },
};

const MOST_MASKS = 3;

export const modifyParser: BodyParser<z.output<typeof modify.input>> = {
  lookups({ mask_ids: ids = [], ...body }) {
    // Each is a read: too many are refused before any.
    if (ids.length > MOST_MASKS) refuse('mask_ids', `must be ${MOST_MASKS} or fewer, and are ${ids.length}`);
    return { source: sourceOf(body), ...(ids.length > 0 && { masks: { field: 'mask_ids', ids } }) };
  },
  parse(body, inputs, drawnSeed) {
    const { prompt, img_ids: images = [], mask_ids: masks = [] } = body;
    const mostImages = FUNCTIONS.modify.images[1];
    if (images.length > mostImages) refuse('img_ids', `must be ${mostImages} or fewer, and are ${images.length}`);
    checkMentions(prompt, 'img', images.length, 'img_ids');
    checkMentions(prompt, 'selection', masks.length, 'mask_ids');
    const video = sourceVideoOf(body, inputs);
    const quality = assertValid(checkQuality('modify', body.quality));
    const frames = [body.keyframe_ids ?? []].flat().map(frame => frame || undefined);
    const fields = { mask: 'mask_ids', keyframe: 'keyframe_ids' };
    return {
      request: requestOf('modify', {
        quality,
        prompt,
        durationSeconds: video.durationSeconds,
        audio: video.hasAudio,
        ...(images.length > 0 && { images: images.map(id => ({ id })) }),
        ...(masks.length > 0 && { selection: selectionOf(body, inputs, fields, frames) }),
        source: sourceOf(body),
        seed: body.seed ?? drawnSeed,
      }),
      priceInput: priceInputOf('modify', quality, video.durationSeconds),
    };
  },
};

/** In the prompt each reference is `@img0`, `@selection0` and so on: all that are there and none besides. */
function checkMentions(prompt: string, kind: 'img' | 'selection', count: number, field: string): void {
  const found = [...prompt.matchAll(new RegExp(`@${kind}(\\d+)`, 'g'))].map(([, digits]) => Number(digits));
  const beyond = found.find(index => index >= count);
  if (beyond !== undefined) refuse('prompt', `mentions @${kind}${beyond}, and ${field} has ${count}`);
  for (let index = 0; index < count; index++) {
    if (!found.includes(index)) refuse('prompt', `must mention @${kind}${index}, which ${field} has`);
  }
}

/** The masks, all found in one frame of this video. */
function selectionOf(
  body: SourceMembers,
  { masks: known = [] }: ResolvedInputs,
  fields: { mask: string; keyframe: string },
  frames: readonly (number | undefined)[],
) {
  const source = sourceOf(body);
  const foreign = known.find(found => found.source.kind !== source.kind || found.source.id !== source.id);
  if (foreign) refuse(fields.mask, `${foreign.id} was found in another film`);
  const [keyframe = 1, ...others] = [...new Set(known.map(found => found.keyframe))];
  if (others.length > 0) refuse(fields.mask, 'must all be of one keyframe');
  const wrong = frames.find(frame => frame !== undefined && frame !== keyframe);
  if (wrong !== undefined) refuse(fields.keyframe, `${wrong} is not the frame of these masks, which is ${keyframe}`);
  return { keyframe, masks: known.map(({ maskId }) => maskId) };
}
