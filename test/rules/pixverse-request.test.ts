import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOf } from '../../functions/catalogue/prices.ts';
import { generateFromImage, generateFromText } from '../../functions/generation/pixverse/create-contract.ts';
import { imageParser, textParser } from '../../functions/generation/pixverse/create-parsers.ts';
import { validate } from '../../functions/http/input.ts';
import { refusalOf } from './refusal-of.ts';
import { REQUEST } from './sample-job.ts';

const TEXT = { prompt: 'a lighthouse', model: 'v5', duration: 5, quality: '540p', aspect_ratio: '16:9' };
const fromText = (members: object = {}, seed = 7) =>
  textParser.parse(validate(generateFromText.input, { ...TEXT, ...members }), {}, seed);
const fromImage = (members: object = {}, seed = 7) =>
  imageParser.parse(validate(generateFromImage.input, { ...TEXT, img_id: 42, ...members }), {}, seed);

describe('a text-to-video body', () => {
  it('becomes a request with every default filled in', () => {
    expect(fromText().request).toEqual(REQUEST);
  });

  it.each([0, 'junk', 42, {}, ''])(
    'stays text-to-video where it brings a member of the other route: img_id %j',
    img_id => {
      expect(fromText({ img_id }).request).toEqual(fromText().request);
    },
  );

  it('is refused for an aspect ratio that the model does not offer, whatever else it brings', () => {
    expect(refusalOf(() => fromText({ aspect_ratio: '21:9', img_id: 42 }))?.message).toMatch(
      /^aspect_ratio must be one of /,
    );
  });
});

describe('an image-to-video body', () => {
  it('names its image and has no aspect ratio, even where the client sent one', () => {
    const { request } = fromImage({ aspect_ratio: 'whatever' });
    expect(request).toMatchObject({ function: 'image_to_video', images: [{ id: 42 }] });
    expect(request).not.toHaveProperty('aspectRatio');
  });

  it('may quote the image id', () => {
    expect(fromImage({ img_id: '42' }).request).toEqual(fromImage().request);
  });
});

describe('the seed', () => {
  const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

  it('is the one that was sent, 0 included, and the drawn one where none was', () => {
    fc.assert(
      fc.property(seed, seed, (sent, drawn) => {
        expect(fromText({ seed: sent }, drawn).request.seed).toBe(sent);
        expect(fromText({}, drawn).request.seed).toBe(drawn);
      }),
    );
    expect(fromText({ seed: 0 }).request.seed).toBe(0);
  });
});

describe('speech over a clip', () => {
  const spoken = { lip_sync_tts_content: 'hello there', lip_sync_tts_speaker_id: '3' };

  it.each(['lip_sync_tts_switch', 'lip_sync_switch'])('is switched on by %s, and costs 4 a second', name => {
    const { request, priceInput } = fromText({ [name]: true, ...spoken });
    expect(request).toMatchObject({ audio: true, voice: { kind: 'speaker', speakerId: '3', text: 'hello there' } });
    expect(priceOf(priceInput)).toBe(45 + 20);
  });

  it('is refused without a text, and by models that have sound of their own', () => {
    expect(refusalOf(() => fromText({ lip_sync_tts_switch: true }))).toMatchObject({
      kind: 'missing_parameter',
      field: 'lip_sync_tts_content',
    });
    expect(refusalOf(() => fromText({ model: 'v6', lip_sync_tts_switch: true, ...spoken }))?.message).toBe(
      'lip_sync_tts_switch is not offered by model v6; v3.5, v4, v4.5, v5 offer it',
    );
  });

  it('is passed over where it is switched off, in both spellings', () => {
    const off = { lip_sync_tts_switch: false, lip_sync_switch: false, lip_sync_tts_content: 'hello' };
    expect(fromText(off)).toEqual(fromText());
  });
});

describe('sound', () => {
  const sounds = (members: object) => {
    const { request, priceInput } = fromText(members);
    return {
      made: request.audio,
      audio: priceInput.audio,
      soundEffect: priceInput.soundEffect,
      price: priceOf(priceInput),
    };
  };

  it('is made with the video where the model can and the switch says so', () => {
    expect(sounds({ model: 'v5.5', generate_audio_switch: true })).toEqual({
      made: true,
      audio: true,
      soundEffect: false,
      price: 55,
    });
    expect(sounds({ model: 'v5.5', generate_audio_switch: false })).toEqual({
      made: false,
      audio: false,
      soundEffect: false,
      price: 45,
    });
  });

  it('is laid under the video for older models, and priced as an effect', () => {
    const effect = { model: 'v5', sound_effect_switch: true, sound_effect_content: 'waves' };
    expect(sounds(effect)).toEqual({ made: true, audio: false, soundEffect: true, price: 55 });
  });

  it('is off unless a switch is on: a description alone makes none', () => {
    expect(sounds({ sound_effect_content: 'waves' })).toEqual({
      made: false,
      audio: false,
      soundEffect: false,
      price: 45,
    });
  });

  it('is refused by the name of the switch where the model has none', () => {
    expect(refusalOf(() => fromText({ generate_audio_switch: true }))?.message).toMatch(
      /^generate_audio_switch is not offered by model v5; v5.5, /,
    );
    expect(refusalOf(() => fromText({ model: 'v6', sound_effect_switch: true }))?.message).toMatch(
      /^sound_effect_switch is not offered by model v6; v3.5, /,
    );
  });
});

describe('other members', () => {
  it('that ask for nothing are passed over: motion_mode "", style "", camera_movement "", water_mark and unknown ones', () => {
    const idle = {
      motion_mode: '',
      style: '',
      camera_movement: '',
      water_mark: false,
      play_bgm: true,
      template_name: 'x',
    };
    expect(fromText(idle)).toEqual(fromText());
    expect(fromText({ model: 'v6', motion_mode: 'normal' }).request.motion).toBe('normal');
  });

  it.each([
    ['style', ['realistic', 'Realistic', 'none', 'default', '']],
    ['camera_movement', ['default', 'None', '']],
    ['motion_mode', ['default', 'none', '']],
    ['thinking_type', ['default', 'none', '']],
  ] as const)(
    'that say in words of clients that there is no %s are as good as left out, with every model',
    (member, none) => {
      for (const model of ['v3.5', 'v4', 'v5', 'v6']) {
        for (const value of none) expect(fromText({ model, [member]: value })).toEqual(fromText({ model }));
      }
    },
  );

  it('reach the request where the model offers them', () => {
    expect(
      fromText({ model: 'v4', motion_mode: 'fast', camera_movement: 'zoom_in', negative_prompt: 'fog' }).request,
    ).toMatchObject({
      motion: 'fast',
      cameraMovement: 'zoom_in',
      negativePrompt: 'fog',
    });
    expect(fromText({ model: 'v3.5', style: 'clay' }).request.style).toBe('clay');
  });

  it('that ask for what is not there are refused by name: template_id of a route without images', () => {
    expect(refusalOf(() => fromText({ template_id: '302325299692608' }))).toMatchObject({
      kind: 'invalid_parameter',
      field: 'template_id',
    });
  });

  it('that break the matrix are refused with the member first and what would be right', () => {
    expect(refusalOf(() => fromText({ duration: 6 }))).toMatchObject({
      kind: 'invalid_parameter',
      message: 'duration must be 5, 8 seconds for model v5 at 540p',
    });
    expect(refusalOf(() => fromText({ motion_mode: 'fast' }))?.message).toBe(
      'motion_mode fast is not offered by model v5; v3.5, v4, v4.5 offer it',
    );
  });
});
