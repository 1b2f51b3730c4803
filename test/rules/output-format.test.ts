import { expect, test } from 'vitest';
import { digitalSourceTypeOf } from '../../functions/catalogue/source-type.ts';
import { VIDEO_FUNCTIONS, type VideoRequest } from '../../functions/catalogue/video-request.ts';
import type { Inputs } from '../../functions/worker/inputs.ts';
import { outputFormat } from '../../functions/worker/output-format.ts';

const video = (width: number, height: number, hasAudio = false) => ({
  path: '',
  width,
  height,
  durationSeconds: 4.5,
  hasAudio,
});
const image = { id: 1, path: '', width: 600, height: 800 };

function format(wanted: VideoRequest['function'], inputs: Partial<Inputs> = {}, change: Partial<VideoRequest> = {}) {
  const request: VideoRequest = {
    function: wanted,
    model: '',
    prompt: '',
    negativePrompt: '',
    durationSeconds: 5,
    quality: '540p',
    seed: 1,
    audio: false,
    style: '',
    cameraMovement: '',
    motion: 'normal',
    ...change,
  };
  return outputFormat(request, { images: [], ...inputs });
}

test('what changes a video in place keeps its size, in even numbers and not above 1080p', () => {
  for (const wanted of ['lip_sync', 'sound_effect', 'restyle'] as const) {
    expect(format(wanted, { video: video(641, 359) })).toMatchObject({ width: 642, height: 360 });
    expect(format(wanted, { video: video(3840, 2160) })).toMatchObject({ width: 1920, height: 1080 });
  }
});

test('what makes a new video of a video has the quality asked for and the aspect of the video', () => {
  for (const wanted of ['extend', 'swap', 'modify', 'upscale'] as const)
    expect(format(wanted, { video: video(640, 360) })).toMatchObject({ width: 960, height: 540 });
});

test('what moves or speaks an image has the aspect of the image', () => {
  for (const wanted of ['mimic', 'avatar'] as const)
    expect(format(wanted, { video: video(640, 360), images: [image] })).toMatchObject({ width: 540, height: 720 });
  expect(format('image_to_video', { images: [image] })).toMatchObject({ width: 540, height: 720 });
  expect(format('image_to_video', { images: [image] }, { aspectRatio: '1:1' })).toMatchObject({
    width: 540,
    height: 540,
  });
});

test('an extended video lasts as long as the video and its extension', () => {
  expect(format('extend', { video: video(640, 360) }).durationSeconds).toBe(9.5);
  expect(format('restyle', { video: video(640, 360) }).durationSeconds).toBe(5);
});

test("a video's own sound is kept; a sound effect always sounds", () => {
  expect(format('restyle', { video: video(640, 360, true) }).audio).toBe(true);
  expect(format('restyle', { video: video(640, 360) }).audio).toBe(false);
  expect(format('sound_effect', { video: video(640, 360) }).audio).toBe(true);
});

test('a video whose size nobody knows gets the size of a clip made from words', () => {
  expect(format('restyle', { video: video(0, 0) })).toMatchObject({ width: 960, height: 540 });
});

test('what is made on the ground of a video or an image never says that it is all made', () => {
  for (const wanted of VIDEO_FUNCTIONS) {
    for (const engine of ['algorithmicMedia', 'trainedAlgorithmicMedia'] as const) {
      const term = digitalSourceTypeOf(wanted, engine).split('/').at(-1);
      if (wanted === 'text_to_video') expect(term).toBe(engine);
      else expect(term, wanted).toMatch(/^composite|^algorithmicallyEnhanced$/);
    }
    expect(digitalSourceTypeOf(wanted, 'algorithmicMedia')).not.toMatch(/trained/i);
  }
});
