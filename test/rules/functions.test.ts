/**
 * The whole matrix, function by function, through the contracts and the readers as the API uses them: what a row allows is
 * accepted with a price, and one step outside is refused by the member that is wrong.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { FUNCTIONS } from '../../functions/catalogue/functions.ts';
import { MODEL_FUNCTIONS, MODELS, type ModelFunction } from '../../functions/catalogue/models.ts';
import { FUNCTION_PRICES } from '../../functions/catalogue/price-table.ts';
import { priceOf } from '../../functions/catalogue/prices.ts';
import { LOOKS } from '../../functions/catalogue/styles.ts';
import { TEMPLATES } from '../../functions/catalogue/templates.ts';
import {
  QUALITIES,
  type Quality,
  VIDEO_FUNCTIONS,
  type VideoFunction,
} from '../../functions/catalogue/video-request.ts';
import type { BodyParser, ParsedRequest, ResolvedInputs } from '../../functions/generation/pixverse/body-parser.ts';
import {
  avatar,
  fusion,
  generateFromImage,
  generateFromText,
  imageTemplate,
  multiTransition,
  transition,
} from '../../functions/generation/pixverse/create-contract.ts';
import {
  avatarParser,
  imageParser,
  imageTemplateParser,
  textParser,
} from '../../functions/generation/pixverse/create-parsers.ts';
import {
  fusionParser,
  multiTransitionParser,
  transitionParser,
} from '../../functions/generation/pixverse/image-parsers.ts';
import { publicMaskId, readMaskId } from '../../functions/generation/pixverse/masks.ts';
import * as videoRoutes from '../../functions/generation/pixverse/video-contract.ts';
import { maskSelection, modify, swap } from '../../functions/generation/pixverse/video-contract.ts';
import * as videoParsers from '../../functions/generation/pixverse/video-parsers.ts';
import { maskSelectionParser, modifyParser, swapParser } from '../../functions/generation/pixverse/video-parsers.ts';
import { validate } from '../../functions/http/input.ts';
import { refusalOf } from './refusal-of.ts';

const VIDEO = { width: 640, height: 360, durationSeconds: 5, hasAudio: true };
const SOURCE = { kind: 'video' as const, id: 42 };
const INPUTS: ResolvedInputs = {
  video: VIDEO,
  audioSeconds: 3,
  masks: [{ id: '7-1-1', maskId: '1-1', source: SOURCE, keyframe: 1 }],
};
const TEMPLATE = TEMPLATES.find(({ kind }) => kind === 'image');

interface Offered {
  /** The least body that is accepted; a model's function gets its clip besides. */
  readonly body: object;
  readonly read: (body: object, inputs?: ResolvedInputs) => ParsedRequest;
}

const offered = <Input extends z.ZodType>(
  route: { readonly input: Input },
  parser: BodyParser<z.output<Input>>,
  body: object,
): Offered => ({
  body,
  read: (sent, inputs = INPUTS) => {
    const read = validate(route.input, sent);
    parser.lookups?.(read);
    return parser.parse(read, inputs, 7);
  },
});

const images = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const parts = (count: number, duration = 1) =>
  images(count).map((img_id, index) => ({ img_id, ...(index < count - 1 && { duration }) }));
const references = (count: number) =>
  images(count).map(img_id => ({ img_id, type: 'subject', ref_name: `r${img_id}` }));
const prompt = 'a lighthouse';
const source_video_id = 42;

const OFFERED: Readonly<Record<VideoFunction, Offered>> = {
  text_to_video: offered(generateFromText, textParser, { prompt, aspect_ratio: '16:9' }),
  image_to_video: offered(generateFromImage, imageParser, { prompt, img_id: 1 }),
  transition: offered(transition, transitionParser, { prompt, first_frame_img: 1, last_frame_img: 2 }),
  multi_transition: offered(multiTransition, multiTransitionParser, { multi_transition: parts(2, 5) }),
  fusion: offered(fusion, fusionParser, { prompt, aspect_ratio: '16:9', image_references: references(2) }),
  extend: offered(videoRoutes.extend, videoParsers.extendParser, { prompt, source_video_id }),
  lip_sync: offered(videoRoutes.lipSync, videoParsers.lipSyncParser, { source_video_id, audio_media_id: 5 }),
  sound_effect: offered(videoRoutes.soundEffect, videoParsers.soundEffectParser, { source_video_id }),
  restyle: offered(videoRoutes.restyle, videoParsers.restyleParser, { source_video_id, restyle_id: LOOKS[0]?.id }),
  mask_selection: offered(maskSelection, maskSelectionParser, { source_video_id }),
  swap: offered(swap, swapParser, { source_video_id, mask_id: '7-1-1', img_id: 1 }),
  mimic: offered(videoRoutes.mimic, videoParsers.mimicParser, { source_video_id, img_id: 1 }),
  modify: offered(modify, modifyParser, { source_video_id, prompt }),
  upscale: offered(videoRoutes.upscale, videoParsers.upscaleParser, { source_video_id }),
  avatar: offered(avatar, avatarParser, { img_id: 1, audio_media_id: 5 }),
  image_template: offered(imageTemplate, imageTemplateParser, {
    template_id: TEMPLATE?.id,
    img_ids: images(TEMPLATE?.images ?? 0),
  }),
};

const accepted = (name: VideoFunction, change: object, inputs?: ResolvedInputs): ParsedRequest => {
  const parsed = OFFERED[name].read({ ...OFFERED[name].body, ...change }, inputs);
  const price = priceOf(parsed.priceInput);
  expect(Number.isSafeInteger(price) && price > 0, `${name} ${JSON.stringify(change)}`).toBe(true);
  expect(parsed.request.function).toBe(name);
  return parsed;
};
const refused = (name: VideoFunction, change: object, field: string, inputs?: ResolvedInputs): void => {
  const refusal = refusalOf(() => OFFERED[name].read({ ...OFFERED[name].body, ...change }, inputs));
  expect(refusal?.field, `${name} ${JSON.stringify(change)}: ${refusal?.message}`).toBe(field);
  expect(refusal?.message.startsWith(field)).toBe(true);
};

const clipOf = (model: string, quality: Quality, duration: number) => ({ model, quality, duration });
const rows = MODELS.flatMap(model => MODEL_FUNCTIONS.map(name => ({ model, name })));
const makers = rows.filter(({ model, name }) => model.functions.includes(name));
const strangers = rows.filter(({ model, name }) => !model.functions.includes(name));
const anyClip = fc.constantFrom(...makers.filter(({ name }) => name !== 'multi_transition')).chain(({ model, name }) =>
  fc.constantFrom(...QUALITIES).chain(quality =>
    fc.record({
      model: fc.constant(model),
      name: fc.constant(name as ModelFunction),
      quality: fc.constant(quality),
      duration: fc.constantFrom(...model.durations[quality]),
    }),
  ),
);

describe('a function that a model makes', () => {
  it('is accepted with every quality and duration of the model', () => {
    fc.assert(
      fc.property(anyClip, ({ model, name, quality, duration }) => {
        const { request } = accepted(name, clipOf(model.name, quality, duration));
        expect(request).toMatchObject({ model: model.name, quality, durationSeconds: duration });
      }),
      { numRuns: 400 },
    );
  });

  it('is refused by duration one second outside', () => {
    const step = fc.constantFrom(-1, 1, 100);
    fc.assert(
      fc.property(anyClip, step, ({ model, name, quality, duration }, away) => {
        fc.pre(!model.durations[quality].includes(duration + away));
        refused(name, clipOf(model.name, quality, duration + away), 'duration');
      }),
      { numRuns: 400 },
    );
  });

  it('is refused by quality or model where there is no such thing', () => {
    fc.assert(
      fc.property(anyClip, ({ model, name, duration }) => {
        refused(name, { model: model.name, quality: '480p', duration }, 'quality');
        refused(name, { model: 'v7', quality: '540p', duration }, 'model');
      }),
    );
  });

  it.each(strangers.map(({ model, name }) => [name, model.name] as const))(
    '%s is refused by model with %s',
    (name, model) => {
      refused(name, clipOf(model, '540p', 5), 'model');
    },
  );

  it('is refused each switch that its model does not have', () => {
    const switches = [
      ['generate_audio_switch', 'audio', { generate_audio_switch: true }],
      ['sound_effect_switch', 'soundEffect', { sound_effect_switch: true }],
      ['lip_sync_tts_switch', 'speech', { lip_sync_tts_switch: true, lip_sync_tts_content: 'hello' }],
      ['generate_multi_clip_switch', 'multiClip', { generate_multi_clip_switch: true }],
      ['thinking_type', 'thinking', { thinking_type: 'enabled' }],
    ] as const;
    for (const { model, name } of makers.filter(row =>
      ['text_to_video', 'image_to_video', 'transition'].includes(row.name),
    )) {
      for (const [field, column, sent] of switches) {
        const change = { ...clipOf(model.name, '540p', 5), ...sent };
        // The newest model passes this one over.
        if (model[column] || (column === 'multiClip' && model.name === 'c1')) accepted(name, change);
        else refused(name, change, field);
      }
    }
  });
});

describe('multi-transition', () => {
  const clip = { model: 'v5', quality: '540p' };
  const way = (...durations: number[]) => ({
    ...clip,
    multi_transition: [...durations.map((duration, index) => ({ img_id: index + 1, duration })), { img_id: 99 }],
  });

  it('takes two images with 1 to 8 seconds between them, or up to seven with 1 to 5, 30 in all', () => {
    for (const durations of [[1], [8], [1, 5], [5, 5, 5, 5, 5, 5], [1, 1, 1, 1, 1, 1]]) {
      const { request, priceInput } = accepted('multi_transition', way(...durations));
      const total = durations.reduce((sum, seconds) => sum + seconds, 0);
      expect(request).toMatchObject({ durationSeconds: total, images: { length: durations.length + 1 } });
      expect(priceOf(priceInput)).toBe(45 * Math.ceil(total / 5));
    }
  });

  it('is refused one step outside, by the part that is wrong', () => {
    refused('multi_transition', way(), 'multi_transition');
    refused('multi_transition', way(1, 1, 1, 1, 1, 1, 1), 'multi_transition');
    refused('multi_transition', way(9), 'multi_transition.0.duration');
    refused('multi_transition', way(0), 'multi_transition.0.duration');
    refused('multi_transition', way(1, 6), 'multi_transition.1.duration');
    refused(
      'multi_transition',
      { ...clip, multi_transition: [{ img_id: 1 }, { img_id: 2 }] },
      'multi_transition.0.duration',
    );
    const last = [
      { img_id: 1, duration: 5 },
      { img_id: 2, duration: 3 },
    ];
    refused('multi_transition', { ...clip, multi_transition: last }, 'multi_transition.1.duration');
    refused('multi_transition', { ...way(6), model: 'v4', motion_mode: 'fast' }, 'motion_mode');
    accepted('multi_transition', { ...way(5), model: 'v4', motion_mode: 'fast' });
    accepted('multi_transition', { ...way(2), model: 'v4', motion_mode: 'fast' });
  });
});

describe('fusion', () => {
  it.each(MODELS.filter(({ fusionImages }) => fusionImages > 0))(
    'takes as many images as $name can, and not one more',
    model => {
      const clip = clipOf(model.name, '540p', 5);
      accepted('fusion', { ...clip, image_references: references(model.fusionImages) });
      refused('fusion', { ...clip, image_references: references(model.fusionImages + 1) }, 'image_references');
      refused('fusion', { ...clip, image_references: [] }, 'image_references');
    },
  );

  const clip = clipOf('v5', '540p', 5);
  const named = (...names: (string | null)[]) =>
    names.map((ref_name, index) => ({ img_id: index + 1, type: index ? null : 'background', ref_name }));

  it('keeps names and parts, and gives a name to an image without one', () => {
    const said = { ...clip, image_references: named('sea', null), prompt: '@sea at dusk with @image2 ' };
    expect(accepted('fusion', said).request.images).toEqual([
      { id: 1, name: 'sea', role: 'background' },
      { id: 2, name: 'image2', role: 'subject' },
    ]);
  });

  it('is refused where a name is doubled, too long or unknown, or a part is none', () => {
    refused('fusion', { ...clip, image_references: named('a', 'a') }, 'image_references.1.ref_name');
    refused('fusion', { ...clip, image_references: named('灯'.repeat(11)) }, 'image_references.0.ref_name');
    accepted('fusion', { ...clip, image_references: named('灯'.repeat(10)) });
    refused('fusion', { ...clip, image_references: named('sea'), prompt: 'the @see at dusk' }, 'prompt');
    accepted('fusion', { ...clip, image_references: named('sea'), prompt: 'mail me@example.com, @sea and @ home' });
    refused('fusion', { ...clip, image_references: [{ img_id: 1, type: 'hero' }] }, 'image_references.0.type');
    refused('fusion', { ...clip, video_references: [{}] }, 'video_references');
  });
});

const WITHOUT_MODEL = VIDEO_FUNCTIONS.filter(name => FUNCTIONS[name].qualities !== 'model');

describe.each(WITHOUT_MODEL)('%s', name => {
  const { qualities, source } = FUNCTIONS[name];
  const least = qualities.length > 0 ? { quality: qualities[0] } : {};

  it('is accepted with each of its qualities, and refused another', () => {
    if (qualities === 'model') return;
    for (const quality of qualities) expect(accepted(name, { quality }).request.quality).toBe(quality);
    const others = [...QUALITIES.filter(quality => !qualities.includes(quality)), '480p'];
    for (const quality of qualities.length > 0 ? others : []) refused(name, { quality }, 'quality');
  });

  it('has a price for each of its qualities', () => {
    const prices = FUNCTION_PRICES.filter(row => row.function === name);
    expect(prices.length).toBeGreaterThan(0);
  });

  if (!source) return;

  it('works on exactly one video, of at most 30 seconds', () => {
    const inputs = {
      ...INPUTS,
      masks: [{ id: '7-1-1', maskId: '1-1', source: { kind: 'media' as const, id: 9 }, keyframe: 1 }],
    };
    const media = { source_video_id: 0, video_media_id: '9' };
    expect(accepted(name, { ...least, ...media }, inputs).request.source).toEqual({ kind: 'media', id: 9 });
    refused(name, { ...least, video_media_id: 9 }, 'source_video_id');
    refused(name, { ...least, source_video_id: undefined }, 'source_video_id');
    const lasting = (durationSeconds: number): ResolvedInputs => ({ ...INPUTS, video: { ...VIDEO, durationSeconds } });
    accepted(name, least, lasting(30.4));
    refused(name, least, 'source_video_id', lasting(30.6));
  });
});

describe('who speaks', () => {
  const none = { audio_media_id: undefined };
  const text = { ...none, lip_sync_tts_speaker_id: 3, lip_sync_tts_content: 'hello there' };

  it.each(['lip_sync', 'avatar'] as const)('in %s is uploaded audio, or a speaker with a text', name => {
    const quality = '360p';
    expect(accepted(name, { quality }).request.voice).toEqual({ kind: 'media', id: 5 });
    const spoken = { kind: 'speaker', speakerId: '3', text: 'hello there' };
    expect(accepted(name, { quality, ...text }).request.voice).toEqual(spoken);
    const auto = { ...text, lip_sync_tts_speaker_id: 'auto' };
    expect(accepted(name, { quality, ...auto }).request.voice).toEqual({ ...spoken, speakerId: 'Auto' });
    accepted(name, { quality, lip_sync_tts_speaker_id: 'auto' });
    refused(name, { quality, ...none }, 'audio_media_id');
    refused(name, { quality, lip_sync_tts_content: 'hello' }, 'audio_media_id');
    refused(name, { quality, ...text, lip_sync_tts_content: '' }, 'lip_sync_tts_content');
    accepted(name, { quality, ...text, lip_sync_tts_content: 'x'.repeat(200) });
    refused(name, { quality, ...text, lip_sync_tts_content: 'x'.repeat(201) }, 'lip_sync_tts_content');
  });

  it('costs 4 for each second begun, or for each 15 bytes begun', () => {
    const ofSeconds = (audioSeconds: number) =>
      priceOf(accepted('lip_sync', {}, { ...INPUTS, audioSeconds }).priceInput);
    expect([1, 3, 3.2, 4].map(ofSeconds)).toEqual([4, 12, 16, 16]);
    const ofText = (said: string) => priceOf(accepted('lip_sync', { ...text, lip_sync_tts_content: said }).priceInput);
    expect(['a', 'x'.repeat(15), 'x'.repeat(16), '灯'.repeat(6)].map(ofText)).toEqual([4, 4, 8, 8]);
  });
});

describe('what is chosen inside a video', () => {
  const two = [...(INPUTS.masks ?? []), { id: '8-4-1', maskId: '4-1', source: SOURCE, keyframe: 4 }];
  const modified = { quality: '360p', prompt: 'change @selection0', mask_ids: ['7-1-1'] };

  it('is of the video and the frame of its masks', () => {
    expect(accepted('swap', { quality: '360p', keyframe_id: 0 }).request.selection).toEqual({
      keyframe: 1,
      masks: ['1-1'],
    });
    refused('swap', { quality: '360p', keyframe_id: 2 }, 'keyframe_id');
    refused('swap', { quality: '360p', source_video_id: 43 }, 'mask_id');
    refused('modify', { ...modified, keyframe_ids: [3] }, 'keyframe_ids');
    refused('modify', { ...modified, mask_ids: ['7-1-1', '8-4-1'], prompt: '@selection0 @selection1' }, 'mask_ids', {
      ...INPUTS,
      masks: two,
    });
    accepted('modify', { ...modified, keyframe_ids: 1 });
  });

  it('is mentioned in the prompt, all of it and nothing else', () => {
    refused('modify', { ...modified, prompt: 'change it' }, 'prompt');
    refused('modify', { ...modified, prompt: 'change @selection0 and @selection1' }, 'prompt');
    refused('modify', { ...modified, prompt: 'put @img0 at @selection0' }, 'prompt');
    accepted('modify', { ...modified, prompt: 'put @img0 at @selection0', img_ids: ['4'] });
    refused('modify', { quality: '360p', img_ids: [1, 2, 3, 4] }, 'img_ids');
    refused('modify', { quality: '360p', mask_ids: ['7-1-1', '7-1-2', '7-1-3', '7-1-4'] }, 'mask_ids');
    refused('modify', { quality: '360p', mask_urls: ['https://host/a.png'] }, 'mask_urls');
  });

  it('is a frame that the video has', () => {
    expect(accepted('mask_selection', { keyframe_id: '120' }).request.selection?.keyframe).toBe(120);
    refused('mask_selection', { keyframe_id: 121 }, 'keyframe_id');
  });
});

describe('other rules', () => {
  it('a style is a listed one or a prompt, not both', () => {
    refused('restyle', { restyle_prompt: 'oil' }, 'restyle_id');
    refused('restyle', { restyle_id: 0 }, 'restyle_id');
    refused('restyle', { restyle_id: 999_999 }, 'restyle_id');
    expect(accepted('restyle', { restyle_id: undefined, restyle_prompt: 'oil' }).request.look).toEqual({
      prompt: 'oil',
    });
  });

  it('upscaling goes upwards, to the next quality where none is named', () => {
    const film = (width: number, height: number): ResolvedInputs => ({ video: { ...VIDEO, width, height } });
    expect(accepted('upscale', {}, film(640, 360)).request.quality).toBe('540p');
    expect(accepted('upscale', {}, film(720, 1280)).request.quality).toBe('1080p');
    refused('upscale', { quality: '720p' }, 'quality', film(1280, 720));
    refused('upscale', {}, 'quality', film(1920, 1080));
  });

  it('an image template takes as many images as it says, and a video template is sent elsewhere', () => {
    refused('image_template', { img_ids: images((TEMPLATE?.images ?? 0) + 1) }, 'img_ids');
    refused('image_template', { template_id: 1 }, 'template_id');
    refused('image_template', { template_id: TEMPLATES.find(({ kind }) => kind === 'video')?.id }, 'template_id');
  });

  it.each(TEMPLATES.filter(({ kind }) => kind === 'video'))(
    'the video template $name takes its images and no prompt',
    template => {
      const sent = { ...clipOf('v6', '360p', 5), prompt: '', template_id: String(template.id), img_id: undefined };
      const { request } = accepted('image_to_video', {
        ...sent,
        img_ids: images(template.images),
        sound_effect_switch: true,
      });
      expect(request).toMatchObject({ templateId: template.id, images: images(template.images).map(id => ({ id })) });
      refused('image_to_video', { ...sent, img_ids: images(template.images + 1) }, 'img_ids');
    },
  );

  it('an image clip is made of one image, named once', () => {
    const clip = clipOf('v5', '540p', 5);
    accepted('image_to_video', { ...clip, img_ids: [1] });
    refused('image_to_video', { ...clip, img_ids: [2] }, 'img_id');
    refused('image_to_video', { ...clip, img_id: 0 }, 'img_id');
    refused('image_to_video', { ...clip, img_id: undefined, img_ids: [1, 2] }, 'img_ids');
    refused('image_to_video', { ...clip, prompt: '' }, 'prompt');
  });
});

describe('the id of a mask', () => {
  it('gives back the job that found it and its id within the video, and of anything else nothing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        fc.nat(9999),
        fc.nat(99),
        (jobId, frame, number) => {
          const maskId = `${frame}-${number}`;
          expect(readMaskId(publicMaskId(jobId, maskId))).toEqual({ jobId, maskId });
        },
      ),
    );
    for (const id of ['', '7', '7-', '-1', '07-1', '7-../x', 'person', '9007199254740993-1'])
      expect(readMaskId(id)).toBeUndefined();
  });
});
