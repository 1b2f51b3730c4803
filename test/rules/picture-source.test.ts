import { describe, expect, it } from 'vitest';
import { TEMPLATES } from '../../functions/catalogue/templates.ts';
import type { VideoRequest } from '../../functions/catalogue/video-request.ts';
import type { ImageInput } from '../../functions/worker/inputs.ts';
import { MediaError } from '../../functions/worker/media/media-error.ts';
import { outputFormat } from '../../functions/worker/output-format.ts';
import { imagesSource } from '../../functions/worker/preview/engine.ts';

const request = (change: Partial<VideoRequest>): VideoRequest => ({
  function: 'transition',
  model: 'v6',
  prompt: 'a wave',
  negativePrompt: '',
  durationSeconds: 5,
  quality: '540p',
  seed: 7,
  audio: false,
  style: '',
  cameraMovement: '',
  motion: 'normal',
  ...change,
});
const image = (id: number, change: Partial<ImageInput> = {}): ImageInput => ({
  id,
  path: `/tmp/${id}`,
  width: 800,
  height: 600,
  ...change,
});
const moved = { seed: 7, motion: 'normal' };

describe('the source of', () => {
  it('a transition is its two images with the prompt between them', () => {
    expect(imagesSource(request({}), { images: [image(1), image(2)] })).toEqual({
      kind: 'transition',
      imagePaths: ['/tmp/1', '/tmp/2'],
      ...moved,
      legs: [{ seconds: 5, prompt: 'a wave' }],
    });
  });

  it('a multi-transition has the seconds and words of each part; the last image has none', () => {
    const images = [image(1, { durationSeconds: 3, prompt: 'fire' }), image(2, { durationSeconds: 2 }), image(3)];
    expect(imagesSource(request({ function: 'multi_transition' }), { images })).toMatchObject({
      imagePaths: ['/tmp/1', '/tmp/2', '/tmp/3'],
      legs: [
        { seconds: 3, prompt: 'fire' },
        { seconds: 2, prompt: '' },
      ],
    });
  });

  it('a fusion is its references by name and role; one without a name or role is a subject by its number', () => {
    const images = [image(1, { name: 'cat', role: 'background' }), image(2)];
    expect(imagesSource(request({ function: 'fusion', cameraMovement: 'zoom_in' }), { images })).toEqual({
      kind: 'fusion',
      prompt: 'a wave',
      cameraMovement: 'zoom_in',
      ...moved,
      references: [
        { imagePath: '/tmp/1', name: 'cat', role: 'background' },
        { imagePath: '/tmp/2', name: 'image2', role: 'subject' },
      ],
    });
  });

  it('a template is known by its id, from either route', () => {
    for (const { id, images: count, kind } of TEMPLATES) {
      const images = Array.from({ length: count }, (_, index) => image(index));
      const wanted = kind === 'video' ? 'image_to_video' : 'image_template';
      const found = imagesSource(request({ function: wanted, templateId: id, prompt: '' }), { images });
      expect(found).toMatchObject({ kind: 'template', templateId: id, imagePaths: images.map(({ path }) => path) });
    }
  });

  it('every other function is none of images, and an image without a template neither', () => {
    expect(imagesSource(request({ function: 'image_to_video' }), { images: [image(1)] })).toBeUndefined();
    expect(imagesSource(request({ function: 'restyle' }), { images: [] })).toBeUndefined();
  });

  it('too few images is refused as bad_image', () => {
    for (const wanted of ['transition', 'multi_transition'] as const)
      expect(() => imagesSource(request({ function: wanted }), { images: [image(1)] })).toThrow(MediaError);
    expect(() => imagesSource(request({ function: 'fusion' }), { images: [] })).toThrow(MediaError);
  });
});

describe('the format of', () => {
  it('a transition follows the first image, a fusion the aspect that was asked for', () => {
    const inputs = { images: [image(1, { width: 600, height: 800 }), image(2)] };
    expect(outputFormat(request({}), inputs)).toMatchObject({ width: 540, height: 720, durationSeconds: 5 });
    const fusion = request({ function: 'fusion', aspectRatio: '16:9' });
    expect(outputFormat(fusion, inputs)).toMatchObject({ width: 960, height: 540 });
  });

  it('an image template is one frame in the aspect of its first image', () => {
    const still = request({ function: 'image_template', quality: '1080p', durationSeconds: 1 });
    const format = outputFormat(still, { images: [image(1)] });
    expect(format).toMatchObject({ width: 1440, height: 1080 });
    expect(Math.round(format.durationSeconds * format.fps)).toBe(1);
  });
});
