/** Reads clips from words and from images, and the switches that every clip of a model may have. */
import type { z } from 'zod';
import { type Ask, checkCapability } from '../../catalogue/models.ts';
import type { Priced } from '../../catalogue/prices.ts';
import { TEMPLATES, type Template } from '../../catalogue/templates.ts';
import type { AspectRatio, VideoRequest } from '../../catalogue/video-request.ts';
import type { generateFromImage, generateFromText } from './create-contract.ts';
import type { clip, look, switches } from './members-contract.ts';
import { type Facts, missing, type Needs, plainRequest, type Reader, type Reading, refuse, sound } from './reading.ts';
import { speechNeeds, speechOf } from './voices.ts';

type Members = z.output<z.ZodObject<typeof clip & typeof switches>> & Partial<z.output<z.ZodObject<typeof look>>>;

const THINKING = ['enabled', 'disabled', 'auto'];

export function switchNeeds(body: Members): Needs {
  return body.lip_sync_tts_switch || body.lip_sync_switch ? speechNeeds(body) : {};
}

/** What the switches ask of the model, what they add to the request, and what its price depends on. */
export function readSwitches(
  made: NonNullable<Ask['function']>,
  body: Members,
  facts: Facts,
): { asked: Ask; members: Partial<VideoRequest>; priced: Omit<Priced, 'model' | 'quality'> } {
  const audio = body.generate_audio_switch ?? false;
  const soundEffect = body.sound_effect_switch ?? false;
  const speech = body.lip_sync_tts_switch || body.lip_sync_switch || false;
  // The newest model passes the switch over; the others that do not know it are refused it.
  const multiClip = (body.generate_multi_clip_switch ?? false) && body.model !== 'c1';
  const thinking = body.thinking_type || 'auto';
  const motion = (body.motion_mode || 'normal') as 'normal' | 'fast';
  if (!THINKING.includes(thinking)) refuse('thinking_type', `must be one of ${THINKING.join(', ')}`);
  return {
    asked: {
      ...{ function: made, model: body.model, quality: body.quality, duration: body.duration },
      ...{ audio, soundEffect, speech, multiClip, thinking: thinking === 'enabled', motion },
      ...{ camera: body.camera_movement ?? '', style: body.style ?? '' },
    },
    members: {
      ...{ audio: audio || soundEffect || speech, motion },
      ...(soundEffect && { sound: { prompt: body.sound_effect_content ?? '', keepOriginal: false } }),
      ...(speech && { voice: speechOf(body, facts) }),
      ...(multiClip && { multiClip }),
    },
    priced: { durationSeconds: body.duration, audio, soundEffect, motion, ...(speech && { speech }) },
  };
}

function readClip(
  made: 'text_to_video' | 'image_to_video',
  body: z.output<typeof generateFromText.input> | z.output<typeof generateFromImage.input>,
  facts: Facts,
  more: Pick<VideoRequest, 'seed'> & Partial<VideoRequest>,
): Reading {
  const { asked, members, priced } = readSwitches(made, body, facts);
  // A template brings its own sound to every model.
  const soundEffect = asked.soundEffect && more.templateId === undefined;
  const { model, quality } = sound(checkCapability({ ...asked, soundEffect, aspectRatio: more.aspectRatio }));
  const request = plainRequest(made, {
    ...{ model: model.name, quality, durationSeconds: body.duration, prompt: body.prompt ?? '' },
    ...{ style: asked.style, cameraMovement: asked.camera, negativePrompt: body.negative_prompt ?? '' },
    ...members,
    ...more,
  });
  return { request, priced: { ...priced, model: model.name, quality } };
}

/** The route says which function it is: a body may bring members of the other. */
export const readText: Reader<z.output<typeof generateFromText.input>> = {
  needs: switchNeeds,
  read(body, facts, drawnSeed) {
    if (body.template_id !== undefined) {
      refuse('template_id', 'works on images: send it to /openapi/v2/video/img/generate with img_id or img_ids');
    }
    const aspectRatio = body.aspect_ratio as AspectRatio;
    return readClip('text_to_video', body, facts, { aspectRatio, seed: body.seed ?? drawnSeed });
  },
};

export const readImage: Reader<z.output<typeof generateFromImage.input>> = {
  needs: switchNeeds,
  read(body, facts, drawnSeed) {
    const template = body.template_id === undefined ? undefined : templateOf(body.template_id, 'video');
    const images = imageIdsOf(body, template).map(id => ({ id }));
    if (!template && !body.prompt) missing('prompt');
    if (template && body.camera_movement) refuse('camera_movement', 'cannot be sent with template_id');
    return readClip('image_to_video', body, facts, {
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
