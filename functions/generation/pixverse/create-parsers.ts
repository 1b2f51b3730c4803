/** Parsers of bodies that make a clip of a prompt, of an image, by a template or with speech; and the switches of every clip. */
import type { z } from 'zod';
import { checkQuality, LONGEST_SOURCE_SECONDS, SOURCE_GRACE_SECONDS } from '../../catalogue/functions.ts';
import { type CapabilityQuery, checkCapability } from '../../catalogue/models.ts';
import type { PriceInput } from '../../catalogue/prices.ts';
import { speechSeconds } from '../../catalogue/speech-length.ts';
import { TEMPLATES, type Template } from '../../catalogue/templates.ts';
import type { AspectRatio, VideoRequest } from '../../catalogue/video-request.ts';
import {
  assertValid,
  type BodyParser,
  type Lookups,
  missing,
  type ParsedRequest,
  priceInputOf,
  type ResolvedInputs,
  refuse,
  requestOf,
  speechLookups,
  speechOf,
  voiceLookups,
  voiceOf,
} from './body-parser.ts';
import type { avatar, generateFromImage, generateFromText, imageTemplate } from './create-contract.ts';
import type { appearance, clip, switches } from './members-contract.ts';

type Members = z.output<z.ZodObject<typeof clip & typeof switches>> & Partial<z.output<z.ZodObject<typeof appearance>>>;

const THINKING = ['enabled', 'disabled', 'auto'];

export function switchLookups(body: Members): Lookups {
  return body.lip_sync_tts_switch || body.lip_sync_switch ? speechLookups(body) : {};
}

/** What the switches require of the model, what they add to the request, and what its price depends on. */
export function parseSwitches(
  made: NonNullable<CapabilityQuery['function']>,
  body: Members,
  inputs: ResolvedInputs,
): { query: CapabilityQuery; members: Partial<VideoRequest>; priceInput: Omit<PriceInput, 'model' | 'quality'> } {
  const audio = body.generate_audio_switch ?? false;
  const soundEffect = body.sound_effect_switch ?? false;
  const speech = body.lip_sync_tts_switch || body.lip_sync_switch || false;
  // The newest model passes the switch over; the others that do not know it are refused it.
  const multiClip = (body.generate_multi_clip_switch ?? false) && body.model !== 'c1';
  const thinking = body.thinking_type || 'auto';
  const motion = (body.motion_mode || 'normal') as 'normal' | 'fast';
  if (!THINKING.includes(thinking)) refuse('thinking_type', `must be one of ${THINKING.join(', ')}`);
  return {
    query: {
      function: made,
      model: body.model,
      quality: body.quality,
      duration: body.duration,
      audio,
      soundEffect,
      speech,
      multiClip,
      thinking: thinking === 'enabled',
      motion,
      camera: body.camera_movement ?? '',
      style: body.style ?? '',
    },
    members: {
      audio: audio || soundEffect || speech,
      motion,
      ...(soundEffect && { sound: { prompt: body.sound_effect_content ?? '', keepOriginal: false } }),
      ...(speech && { voice: speechOf(body, inputs) }),
      ...(multiClip && { multiClip }),
    },
    priceInput: { durationSeconds: body.duration, audio, soundEffect, motion, ...(speech && { speech }) },
  };
}

function parseClip(
  made: 'text_to_video' | 'image_to_video',
  body: z.output<typeof generateFromText.input> | z.output<typeof generateFromImage.input>,
  inputs: ResolvedInputs,
  more: Pick<VideoRequest, 'seed'> & Partial<VideoRequest>,
): ParsedRequest {
  const { query, members, priceInput } = parseSwitches(made, body, inputs);
  // A template brings its own sound to every model.
  const soundEffect = query.soundEffect && more.templateId === undefined;
  const { model, quality } = assertValid(checkCapability({ ...query, soundEffect, aspectRatio: more.aspectRatio }));
  const request = requestOf(made, {
    model: model.name,
    quality,
    durationSeconds: body.duration,
    prompt: body.prompt ?? '',
    style: query.style,
    cameraMovement: query.camera,
    negativePrompt: body.negative_prompt ?? '',
    ...members,
    ...more,
  });
  return { request, priceInput: { ...priceInput, model: model.name, quality } };
}

/** The route says which function it is: a body may bring members of the other. */
export const textParser: BodyParser<z.output<typeof generateFromText.input>> = {
  lookups: switchLookups,
  parse(body, inputs, drawnSeed) {
    const aspectRatio = body.aspect_ratio as AspectRatio;
    return parseClip('text_to_video', body, inputs, { aspectRatio, seed: body.seed ?? drawnSeed });
  },
};

export const imageParser: BodyParser<z.output<typeof generateFromImage.input>> = {
  lookups: switchLookups,
  parse(body, inputs, drawnSeed) {
    const template = body.template_id === undefined ? undefined : templateOf(body.template_id, 'video');
    const images = imageIdsOf(body, template).map(id => ({ id }));
    if (!template && !body.prompt) missing('prompt');
    if (template && body.camera_movement) refuse('camera_movement', 'cannot be sent with template_id');
    return parseClip('image_to_video', body, inputs, {
      images,
      ...(template && { templateId: template.id }),
      seed: body.seed ?? drawnSeed,
    });
  },
};

/** The template of this id that makes what the route makes. */
export function templateOf(id: number, kind: Template['kind']): Template {
  const template = TEMPLATES.find(found => found.id === id);
  if (!template) refuse('template_id', `${id} is no template; /openapi/v2/video/effects/templates/list lists them`);
  if (template.kind === kind) return template;
  const route = template.kind === 'video' ? '/openapi/v2/video/img/generate' : '/openapi/v2/image/template/generate';
  return refuse('template_id', `${id} makes a ${template.kind === 'video' ? 'video' : 'picture'}: send it to ${route}`);
}

/** One image, or as many as the template takes. The same one under both names is one. */
function imageIdsOf(body: z.output<typeof generateFromImage.input>, template: Template | undefined): number[] {
  const { img_id: one, img_ids: several = [] } = body;
  if (one !== undefined && several.length > 0 && !(several.length === 1 && several[0] === one)) {
    refuse('img_id', 'and img_ids are two choices of images: send one of them');
  }
  const ids = several.length > 0 ? several : one === undefined ? [] : [one];
  const wanted = template?.images ?? 1;
  if (ids.length === 0) missing(wanted > 1 ? 'img_ids' : 'img_id');
  if (ids.length === wanted) return ids;
  const why = template ? `template ${template.id} takes` : 'without template_id a video is made of';
  return refuse(several.length > 0 ? 'img_ids' : 'img_id', `must be ${wanted}, not ${ids.length}: ${why} ${wanted}`);
}

export const avatarParser: BodyParser<z.output<typeof avatar.input>> = {
  lookups: voiceLookups,
  parse(body, inputs, drawnSeed) {
    const quality = assertValid(checkQuality('avatar', body.quality));
    const voice = voiceOf(body, inputs);
    const seconds = voice.kind === 'speaker' ? speechSeconds(voice.text) : (inputs.audioSeconds ?? 0);
    if (seconds > LONGEST_SOURCE_SECONDS + SOURCE_GRACE_SECONDS) {
      refuse('audio_media_id', `is ${seconds.toFixed(1)} seconds long: at most ${LONGEST_SOURCE_SECONDS} are taken`);
    }
    return {
      request: requestOf('avatar', {
        quality,
        durationSeconds: seconds,
        audio: true,
        voice,
        images: [{ id: body.img_id }],
        prompt: body.prompt ?? '',
        seed: body.seed ?? drawnSeed,
      }),
      priceInput: priceInputOf('avatar', quality, seconds),
    };
  },
};

/** An image has no seconds and the best quality there is. */
export const imageTemplateParser: BodyParser<z.output<typeof imageTemplate.input>> = {
  parse({ template_id, img_ids, seed }, _inputs, drawnSeed) {
    const template = templateOf(template_id, 'image');
    if (img_ids.length !== template.images) {
      refuse('img_ids', `must be ${template.images} for template ${template_id}, and are ${img_ids.length}`);
    }
    const quality = '1080p';
    return {
      request: requestOf('image_template', {
        quality,
        durationSeconds: 1,
        images: img_ids.map(id => ({ id })),
        templateId: template_id,
        seed: seed ?? drawnSeed,
      }),
      priceInput: priceInputOf('image_template', quality, 1),
    };
  },
};
