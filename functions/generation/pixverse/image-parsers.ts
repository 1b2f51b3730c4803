/** Parsers of bodies that make a clip between images: transition, multi-transition and fusion. */
import type { z } from 'zod';
import { type CapabilityQuery, checkCapability, checkModel, checkMotion } from '../../catalogue/models.ts';
import type { AspectRatio, ImageReference } from '../../catalogue/video-request.ts';
import { assertValid, type BodyParser, refuse, requestOf } from './body-parser.ts';
import type { fusion, multiTransition, transition } from './create-contract.ts';
import { parseSwitches, switchLookups } from './create-parsers.ts';

export const transitionParser: BodyParser<z.output<typeof transition.input>> = {
  lookups: switchLookups,
  parse(body, inputs, drawnSeed) {
    const { query, members, priceInput } = parseSwitches('transition', body, inputs);
    const { model, quality } = assertValid(checkCapability(query));
    const request = requestOf('transition', {
      model: model.name,
      quality,
      durationSeconds: body.duration,
      prompt: body.prompt,
      ...members,
      negativePrompt: body.negative_prompt ?? '',
      images: [{ id: body.first_frame_img }, { id: body.last_frame_img }],
      seed: body.seed ?? drawnSeed,
    });
    return { request, priceInput: { ...priceInput, model: model.name, quality } };
  },
};

const MOST_IMAGES = 7;
const MOST_SECONDS = 30;

export const multiTransitionParser: BodyParser<z.output<typeof multiTransition.input>> = {
  parse(body, _inputs, drawnSeed) {
    const motion = (body.motion_mode || 'normal') as 'normal' | 'fast';
    const { model, quality } = assertValid(checkModel({ ...body, function: 'multi_transition' }));
    const images = partsOf(body.multi_transition);
    const lengths = images.map(({ durationSeconds = 0 }) => durationSeconds);
    const seconds = lengths.reduce((sum, length) => sum + length, 0);
    if (seconds > MOST_SECONDS) {
      refuse('multi_transition', `lasts ${seconds} seconds: all parts together may last ${MOST_SECONDS}`);
    }
    const slowest = motion === 'fast' && Math.max(...lengths) <= 5 ? 5 : Math.max(...lengths);
    const wrong = checkMotion({ motion, duration: slowest, quality }, model);
    if (wrong) refuse(wrong.field, wrong.rule);
    const request = requestOf('multi_transition', {
      model: model.name,
      quality,
      durationSeconds: seconds,
      motion,
      images,
      negativePrompt: body.negative_prompt ?? '',
      prompt: images.flatMap(({ prompt }) => prompt ?? []).join('. '),
      seed: body.seed ?? drawnSeed,
    });
    const priceInput = {
      model: model.name,
      quality,
      durationSeconds: seconds,
      audio: false,
      soundEffect: false,
      motion,
    };
    return { request, priceInput: { ...priceInput, function: 'multi_transition' } };
  },
};

/** The images with the way to the next; the last has none. */
function partsOf(parts: z.output<typeof multiTransition.input>['multi_transition']): ImageReference[] {
  if (parts.length < 2 || parts.length > MOST_IMAGES) {
    refuse('multi_transition', `must be 2 to ${MOST_IMAGES} images, and is ${parts.length}`);
  }
  const longest = parts.length === 2 ? 8 : 5;
  return parts.map(({ img_id, duration, prompt }, index) => {
    const field = `multi_transition.${index}.duration`;
    const said = { id: img_id, ...(prompt && { prompt }) };
    if (index === parts.length - 1) {
      return duration ? refuse(field, 'must be 0 or left out: nothing comes after the last image') : said;
    }
    if (!duration || duration < 1 || duration > longest) {
      refuse(field, `must be 1 to ${longest} seconds where there are ${parts.length} images`);
    }
    return { ...said, durationSeconds: duration };
  });
}

const NAME_BYTES = 30;

export const fusionParser: BodyParser<z.output<typeof fusion.input>> = {
  parse(body, _inputs, drawnSeed) {
    const audio = body.generate_audio_switch ?? false;
    const motion = (body.motion_mode || 'normal') as 'normal' | 'fast';
    const query: CapabilityQuery = {
      function: 'fusion',
      model: body.model,
      quality: body.quality,
      duration: body.duration,
      motion,
      audio,
      aspectRatio: body.aspect_ratio,
      soundEffect: false,
      camera: '',
      style: '',
    };
    const { model, quality } = assertValid(checkCapability(query));
    const request = requestOf('fusion', {
      model: model.name,
      quality,
      durationSeconds: body.duration,
      prompt: body.prompt,
      audio,
      motion,
      aspectRatio: body.aspect_ratio as AspectRatio,
      negativePrompt: body.negative_prompt ?? '',
      images: referencesOf(body, model.fusionImages, model.name),
      seed: body.seed ?? drawnSeed,
    });
    const priceInput = {
      model: model.name,
      quality,
      durationSeconds: body.duration,
      audio,
      soundEffect: false,
      motion,
    };
    return { request, priceInput };
  },
};

function referencesOf(
  { image_references: references, prompt }: z.output<typeof fusion.input>,
  most: number,
  model: string,
): ImageReference[] {
  if (references.length < 1 || references.length > most) {
    refuse('image_references', `must be 1 to ${most} images for model ${model}, and are ${references.length}`);
  }
  const images = references.map(({ img_id, type, ref_name }, index): ImageReference => {
    const field = `image_references.${index}`;
    const name = ref_name || `image${index + 1}`;
    if (Buffer.byteLength(name) > NAME_BYTES) refuse(`${field}.ref_name`, `must be ${NAME_BYTES} bytes or fewer`);
    const role = type || 'subject';
    if (role !== 'subject' && role !== 'background') refuse(`${field}.type`, 'must be subject or background');
    return { id: img_id, name, role };
  });
  const names = images.map(({ name = '' }) => name);
  const doubled = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (doubled >= 0) refuse(`image_references.${doubled}.ref_name`, `must be unique, and ${names[doubled]} is not`);
  for (const { 1: said = '' } of prompt.matchAll(/(?<=^|\s)@(?=([\p{L}\p{N}_].*))/gsu)) {
    if (!names.some(name => said.startsWith(name))) {
      refuse('prompt', `mentions @${/^\S{0,30}/.exec(said)?.[0]}, which is no ref_name of image_references`);
    }
  }
  return images;
}
