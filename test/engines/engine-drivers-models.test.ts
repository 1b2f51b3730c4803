// A process of its own: the media pipeline blocks loaders that its pictures are made with.
/** What models can be asked for, which engine the environment means, and which files are clips. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configuredModel } from '../../functions/catalogue/configured-model.ts';
import { checkEngineModel, ENGINE_MODELS, framesFor, sizeFor } from '../../functions/catalogue/engine-models.ts';
import { ASPECT_RATIOS, QUALITIES } from '../../functions/catalogue/video-request.ts';
import { engineFromEnvironment } from '../../functions/worker/engines/configured-engine.ts';
import { checkMp4 } from '../../functions/worker/engines/mp4-check.ts';
import { tinyMp4, WEBM, withCodec } from '../support/fake-engine/clips.ts';
import { modelNamed, REQUEST } from '../support/fake-engine/driven.ts';

const wan = modelNamed('Wan-AI/Wan2.2-T2V-A14B-Diffusers');
const ltx = modelNamed('Lightricks/LTX-2');

describe('the registry', () => {
  test('knows what the projects publish: 81 frames of Wan, 121 of LTX and Hunyuan, for five seconds', () => {
    const hunyuan = modelNamed('hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-480p_t2v');
    expect([wan, ltx, hunyuan].map(model => framesFor(model, 5))).toEqual([81, 121, 121]);
  });

  test('frames follow the rule, last long enough, and not a step longer', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ENGINE_MODELS), fc.integer({ min: 1, max: 15 }), (model, seconds) => {
        const frames = framesFor(model, seconds);
        expect((frames - 1) % model.frameStep).toBe(0);
        expect(frames).toBeGreaterThanOrEqual(seconds * model.fps);
        expect(frames - model.frameStep).toBeLessThan(seconds * model.fps);
      }),
    );
  });

  test('sizes are multiples, within what the model holds, and of the shape asked for', () => {
    const sides = fc.record({
      width: fc.integer({ min: 1, max: 10_000 }),
      height: fc.integer({ min: 1, max: 10_000 }),
    });
    const shapes = fc.oneof(fc.constantFrom(...ASPECT_RATIOS), sides);
    fc.assert(
      fc.property(fc.constantFrom(...ENGINE_MODELS), fc.constantFrom(...QUALITIES), shapes, (model, quality, shape) => {
        const { width, height } = sizeFor(model, quality, shape);
        expect([width % model.sizeMultiple, height % model.sizeMultiple]).toEqual([0, 0]);
        expect(width * height).toBeLessThanOrEqual(model.maxPixels);
        const [across, down] = typeof shape === 'string' ? shape.split(':').map(Number) : [shape.width, shape.height];
        const aspect = Math.min(2.4, Math.max(1 / 2.4, (across ?? 1) / (down ?? 1)));
        // A multiple of 64 in 384 lines is a sixth.
        expect(Math.abs(Math.log(width / height / aspect))).toBeLessThan(0.25);
      }),
    );
  });

  test('sizes are those that the projects use', () => {
    expect(sizeFor(wan, '720p', '16:9')).toEqual({ width: 1280, height: 720 });
    expect(sizeFor(wan, '720p', '9:16')).toEqual({ width: 720, height: 1280 });
    expect(sizeFor(wan, '360p', '1:1')).toEqual({ width: 480, height: 480 });
    expect(sizeFor(modelNamed('Lightricks/LTX-2.3'), '1080p', '16:9')).toEqual({ width: 1920, height: 1088 });
    expect(sizeFor(ltx, '540p', '16:9')).toEqual({ width: 1280, height: 704 });
  });

  test.each([
    ['an image for a model of words', { function: 'image_to_video' }, wan, 'the request'],
    ['a function that no model has', { function: 'lip_sync' }, ltx, 'the request'],
    ['more seconds', { durationSeconds: 8 }, wan, 'duration'],
    ['more lines', { quality: '1080p' }, wan, 'quality'],
    ['several shots', { multiClip: true }, ltx, 'generate_multi_clip_switch'],
    ['a template', { function: 'image_to_video', templateId: 1 }, ltx, 'template_id'],
    ['a voice', { voice: { kind: 'media', id: 1 }, audio: true }, ltx, 'lip_sync_switch'],
    ['sounds by words', { sound: { prompt: 'rain', keepOriginal: false }, audio: true }, ltx, 'sound_effect_switch'],
    ['sound from a silent model', { audio: true }, wan, 'generate_audio_switch'],
  ] as const)('refuses %s and names the field', (_, asked, model, field) => {
    expect(checkEngineModel({ ...REQUEST, ...asked }, model)).toMatchObject({
      field,
      rule: expect.stringContaining(model.id),
    });
  });

  test('lets through what a model can do', () => {
    expect(checkEngineModel(REQUEST, wan)).toBeUndefined();
    expect(
      checkEngineModel({ ...REQUEST, audio: true, durationSeconds: 10, function: 'image_to_video' }, ltx),
    ).toBeUndefined();
  });

  test('names every model once, with its licence and territory', () => {
    expect(new Set(ENGINE_MODELS.map(({ id }) => id)).size).toBe(ENGINE_MODELS.length);
    for (const { licence, territory, lines } of ENGINE_MODELS) {
      expect([licence, territory]).not.toContain('');
      expect(lines.toSorted((a, b) => a - b)).toEqual(lines);
    }
  });
});

describe('the environment', () => {
  const REMOTE = { ENGINE: 'sglang', ENGINE_URL: 'http://127.0.0.1:30000/', ENGINE_MODEL: 'Lightricks/LTX-2.3' };

  test('means the preview engine where it says nothing', () => {
    expect(engineFromEnvironment({}).name).toBe('preview');
    expect(configuredModel({ ENGINE: 'preview' })).toBeUndefined();
  });

  test('means a neural engine where it names one', () => {
    expect(engineFromEnvironment(REMOTE)).toMatchObject({
      name: 'sglang',
      digitalSourceType: 'trainedAlgorithmicMedia',
    });
    expect(configuredModel(REMOTE)?.model.id).toBe('Lightricks/LTX-2.3');
  });

  test.each([
    ['ENGINE', 'sora', /^ENGINE is "sora"; it must be preview, vllm-omni or sglang/],
    ['ENGINE', 'constructor', /^ENGINE is "constructor"/],
    ['ENGINE_URL', '', /^ENGINE_URL is not set/],
    ['ENGINE_URL', 'ftp://host', /^ENGINE_URL is no http or https URL/],
    ['ENGINE_URL', 'http://user:secret@host', /^ENGINE_URL has a user name in it; use ENGINE_API_KEY/],
    ['ENGINE_URL', 'http://host/v1/', /^ENGINE_URL has more in it than a root/],
    ['ENGINE_MODEL', '', /^ENGINE_MODEL is not set; with ENGINE=sglang it must be one of .*LTX-2\.3/],
    ['ENGINE_MODEL', 'Lightricks/LTX-2', /^ENGINE_MODEL is "Lightricks\/LTX-2"/],
    ['ENGINE_DEADLINE_SECONDS', '1.5', /^ENGINE_DEADLINE_SECONDS is "1.5"/],
    ['ENGINE_TRIAL_SECONDS', '-1', /^ENGINE_TRIAL_SECONDS is "-1"/],
  ])('%s=%s is an error that names it', (name, value, message) => {
    expect(() => engineFromEnvironment({ ...REMOTE, [name]: value })).toThrow(message);
    expect(() => engineFromEnvironment({ ...REMOTE, [name]: value })).not.toThrow(/secret/);
  });
});

describe('a file', () => {
  let folder: string;
  let clip: Buffer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clips-'));
    clip = await tinyMp4();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const check = async (bytes: Uint8Array) => {
    const path = join(folder, 'clip');
    await writeFile(path, bytes);
    return checkMp4(path);
  };

  test('is a clip where it is a whole MP4 with an image', async () => {
    expect(await check(clip)).toEqual({ kind: 'whole' });
  });

  test('is cut wherever it ends too early', async () => {
    const ends = fc.integer({ min: 9, max: clip.length - 1 });
    await fc.assert(
      fc.asyncProperty(ends, async end => {
        expect(await check(clip.subarray(0, end))).toMatchObject({ kind: 'cut' });
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['WebM', () => WEBM, /does not begin as an MP4/],
    ['HTML', () => Buffer.from('<html><body>502 Bad Gateway</body></html>'), /does not begin/],
    ['an unusual codec', () => withCodec(clip, 'dvh1'), /its codec is "dvh1"/],
    ['sound alone', () => Buffer.from(clip.toString('latin1').replace('vide', 'soun'), 'latin1'), /no picture/],
  ])('is foreign where it is %s', async (_, bytes, why) => {
    expect(await check(bytes())).toEqual({ kind: 'foreign', why: expect.stringMatching(why) });
  });

  test('of any bytes gets a verdict, not an error', async () => {
    const begin = clip.subarray(0, 64);
    const noise = fc.uint8Array({ maxLength: 400 }).map(bytes => Buffer.concat([begin, bytes]));
    const damaged = fc
      .tuple(fc.integer({ min: 0, max: clip.length - 1 }), fc.integer({ min: 0, max: 255 }))
      .map(([at, value]) => Buffer.from(clip).fill(value, at, Math.min(at + 4, clip.length)));
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, damaged), async bytes => {
        expect(['whole', 'cut', 'foreign']).toContain((await check(bytes)).kind);
      }),
      { numRuns: 300 },
    );
  });
});
