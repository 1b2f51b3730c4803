// A process of its own: the media pipeline blocks loaders that its pictures are made with.
/** What the drivers send, whatever a caller wrote. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ASPECT_RATIOS, QUALITIES, type VideoRequest } from '../../functions/catalogue/video-request.ts';
import { EngineTrouble } from '../../functions/worker/engines/engine-client.ts';
import { engineRequest } from '../../functions/worker/engines/engine-request.ts';
import { tinyMp4 } from '../support/fake-engine/clips.ts';
import { clientOf, MODEL, REQUEST } from '../support/fake-engine/driven.ts';
import { startFakeEngine } from '../support/fake-engine/fake-engine.ts';
import { picture } from '../support/pictures.ts';

/** All that may ever be sent. What is not here cannot write a file, fetch a URL, or load weights and code. */
const SENT = ['model', 'prompt', 'negative_prompt', 'seconds', 'size', 'num_frames', 'fps', 'seed', 'generate_sound'];
const DANGEROUS = [
  'output_path',
  'diffusers_kwargs',
  'reference_url',
  'input_reference',
  'image_reference',
  'video_reference',
  'audio_reference',
  'control_reference',
  'source_video',
  'lora',
  'frame_interpolation_model_path',
  'extra_params',
  'extra_body',
  'extra_json',
  'upscaling_model_path',
  'perf_dump_path',
  'generator_device',
];

const part = (name: string): string =>
  `\r\n------formdata-undici-0\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n/etc/passwd\r\n`;
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.constantFrom(...DANGEROUS).map(part),
  fc.constantFrom(...DANGEROUS).map(name => `", "${name}": "/etc/passwd`),
  fc.constantFrom(...DANGEROUS).map(name => JSON.stringify({ [name]: 'http://169.254.169.254/' })),
);
const requests: fc.Arbitrary<VideoRequest> = fc
  .tuple(
    fc.record({
      prompt: words,
      negativePrompt: words,
      style: words,
      cameraMovement: words,
      motion: fc.constantFrom('normal' as const, 'fast' as const),
      quality: fc.constantFrom(...QUALITIES),
      aspectRatio: fc.constantFrom(...ASPECT_RATIOS),
      durationSeconds: fc.integer({ min: 1, max: 15 }),
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      audio: fc.boolean(),
    }),
    fc.dictionary(fc.constantFrom(...DANGEROUS), words),
  )
  .map(([asked, smuggled]) => ({ ...smuggled, ...REQUEST, ...asked }));

/** As a form carries it: its line ends are those of the web. */
const asSent = (text: string): string => text.toWellFormed().replace(/\r\n|\r|\n/g, '\r\n');

let clip: Buffer;
beforeAll(async () => {
  clip = await tinyMp4();
});

describe.each(['vllm-omni', 'sglang'] as const)('%s', kind => {
  test.each([
    ['without an image', undefined],
    ['with one', 'image/png' as const],
  ])('nothing but the closed list is sent %s, and the prompt arrives as it was written', async (_, type) => {
    await using fake = await startFakeEngine(kind, { clip });
    const client = clientOf(kind, { url: fake.url });
    const image = type && { type, bytes: new Uint8Array(await picture(16, 16)) };
    await fc.assert(
      fc.asyncProperty(requests, async request => {
        const wanted = engineRequest(MODEL, request, undefined);
        await client.create(wanted, image, new AbortController().signal).catch((error: unknown) => {
          // An empty prompt, say. What counts is what was sent.
          if (!(error instanceof EngineTrouble && error.kind === 'refused')) throw error;
        });
        const call = fake.calls.at(-1);
        expect(Object.keys(call?.members ?? {}).filter(name => !SENT.includes(name))).toEqual([]);
        expect(call?.files.map(({ field, name }) => [field, name])).toEqual(
          image ? [['input_reference', 'input.png']] : [],
        );
        expect(asSent(String(call?.members.prompt))).toBe(asSent(wanted.prompt));
        expect(wanted.prompt.startsWith(request.prompt)).toBe(true);
        expect(call?.path).toBe('/v1/videos');
      }),
      { numRuns: 100 },
    );
  });

  test('numbers are what the server takes at every quality, aspect and length', async () => {
    await using fake = await startFakeEngine(kind, { clip });
    const client = clientOf(kind, { url: fake.url });
    for (const quality of QUALITIES)
      for (const aspectRatio of ASPECT_RATIOS) {
        const wanted = engineRequest(MODEL, { ...REQUEST, quality, aspectRatio }, undefined);
        const job = await client.create(wanted, undefined, new AbortController().signal);
        expect(job.status).toBe('queued');
      }
  });

  test('an id that could leave its path is no id', async () => {
    const client = clientOf(kind, { url: 'http://127.0.0.1:9' });
    const original = globalThis.fetch;
    globalThis.fetch = async () => Response.json({ id: '../../admin', status: 'queued' });
    try {
      const created = client.create(engineRequest(MODEL, REQUEST, undefined), undefined, new AbortController().signal);
      await expect(created).rejects.toMatchObject({ kind: 'garbled' });
    } finally {
      globalThis.fetch = original;
    }
  });
});

test('style, camera and motion are said in the prompt', () => {
  const asked = { ...REQUEST, style: '3d_animation', cameraMovement: 'zoom_in', motion: 'fast' as const };
  expect(engineRequest(MODEL, asked, undefined).prompt).toBe(
    'a lighthouse in a storm Style: 3d animation. Camera: zoom in. Fast motion.',
  );
  expect(engineRequest(MODEL, { ...REQUEST, cameraMovement: 'auto_camera' }, undefined).prompt).toBe(REQUEST.prompt);
});

test('an image decides the shape where the caller chose none', () => {
  const { aspectRatio: _, ...shapeless } = REQUEST;
  expect(engineRequest(MODEL, shapeless, { width: 600, height: 900 })).toMatchObject({ width: 704, height: 1088 });
  expect(engineRequest(MODEL, REQUEST, { width: 600, height: 900 })).toMatchObject({ width: 1280, height: 704 });
});
