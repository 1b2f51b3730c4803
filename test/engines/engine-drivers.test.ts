// A process of its own: the media pipeline blocks loaders that its pictures are made with.
/** Both drivers against servers that speak as the real ones do, and misbehave as they do. */
import { readFile } from 'node:fs/promises';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../functions/worker/engines/engine-error.ts';
import { held } from '../rules/sample-images.ts';
import { cutScan } from '../support/cut-images.ts';
import { tinyMp4 } from '../support/fake-engine/clips.ts';
import { drive, LIMITS, MODEL, modelNamed } from '../support/fake-engine/driven.ts';
import { LOST, RECOVERED } from '../support/fake-engine/faults.ts';

let clip: Buffer;
beforeAll(async () => {
  clip = await tinyMp4();
});

/** The error that the job ends with, and how long that took. */
async function failing(job: Promise<unknown>): Promise<{ error: EngineError; ms: number }> {
  const began = performance.now();
  const error = await job.then(
    () => expect.fail('the job succeeded'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(EngineError);
  return { error: error as EngineError, ms: performance.now() - began };
}

describe.each(['vllm-omni', 'sglang'] as const)('%s', kind => {
  test('makes the clip, says what it cost and leaves nothing on the engine', async () => {
    await using driven = await drive(kind, clip);
    expect(await readFile(await driven.produce())).toEqual(clip);
    expect(driven.observed.map(({ status }) => status)).toEqual(['in_progress', 'completed']);
    expect(driven.observed.at(-1)?.timings).toEqual(
      kind === 'sglang'
        ? { inferenceSeconds: 630.4, peakMemoryMb: 64_102.4 }
        : { inferenceSeconds: 12.5, peakMemoryMb: 61_440.5, stageSeconds: { denoise: 10.25, decode: 1.5 } },
    );
    expect(driven.fake.called('DELETE', /./)).toHaveLength(1);
    expect(driven.engine).toMatchObject({ name: kind, digitalSourceType: 'trainedAlgorithmicMedia' });
  });

  test.each(RECOVERED)('lives through %s', async (_, plans, created) => {
    await using driven = await drive(kind, clip);
    driven.fake.script(...plans);
    expect(await readFile(await driven.produce())).toEqual(clip);
    expect(driven.fake.created()).toHaveLength(created);
  });

  test.each(LOST)(
    'ends in time with the right code at %s, and the next job succeeds',
    async (_, plans, code, again) => {
      const deadlineMs = code === 'engine_timeout' ? 300 : LIMITS.deadlineMs;
      await using driven = await drive(kind, clip, { limits: { deadlineMs, retryMs: 150 } });
      driven.fake.script(...plans);
      const { error, ms } = await failing(driven.produce());
      expect([error.code, error.retryable], error.message).toEqual([code, again]);
      expect(ms).toBeLessThan(deadlineMs + LIMITS.cleanupMs);
      // Lost answers leave jobs whose ids nobody knows.
      if (plans[0]?.create !== 'reply_lost') expect(driven.fake.running()).toEqual([]);
      expect(driven.fake.calls.map(({ path }) => path)).not.toContain('/elsewhere');
      driven.fake.recycle();
      expect(await readFile(await driven.produce())).toEqual(clip);
    },
  );

  test('errors with good answers between them do not wear the retry window out', async () => {
    await using driven = await drive(kind, clip, { limits: { retryMs: 100 } });
    driven.fake.script({ run: 'flicker' });
    expect(await readFile(await driven.produce())).toEqual(clip);
  });

  test('an engine whose memory ran out must make a tiny clip first, and is replaced where it cannot', async () => {
    await using driven = await drive(kind, clip, { limits: { probeMs: 400 } });
    driven.fake.script({ run: 'out_of_memory' });
    expect((await failing(driven.produce())).error.code).toBe('engine_out_of_memory');
    const { error } = await failing(driven.produce());
    expect([error.code, error.retryable]).toEqual(['engine_unreachable', true]);
    expect(driven.recycled).toEqual([expect.stringMatching(/health probe was not done in 400 ms/)]);
    expect(driven.fake.created().map(({ members }) => String(members.num_frames))).toEqual(['121', '5']);
    expect(await readFile(await driven.produce())).toEqual(clip);
    expect(driven.recycled).toHaveLength(1);
    expect(driven.fake.created().map(({ members }) => String(members.num_frames))).toEqual(['121', '5', '5', '121']);
  });

  test('a job that went well is followed by another without a health probe', async () => {
    await using driven = await drive(kind, clip, { warmUp: true });
    await driven.produce();
    await driven.produce();
    expect(driven.fake.created().map(({ members }) => String(members.num_frames))).toEqual(['5', '121', '121']);
  });

  test('the health probe of a model that needs an image brings its own', async () => {
    await using driven = await drive(kind, clip, { warmUp: true, model: { ...MODEL, functions: ['image_to_video'] } });
    await driven.engine.ready(new AbortController().signal);
    expect(driven.fake.created()[0]?.files).toMatchObject([{ field: 'input_reference', type: 'image/png' }]);
  });

  test('a server that is not there is an error once the retry window ends', async () => {
    await using driven = await drive(kind, clip, { limits: { retryMs: 120 } });
    await driven.fake[Symbol.asyncDispose]();
    const { error, ms } = await failing(driven.produce());
    expect([error.code, error.retryable]).toEqual(['engine_unreachable', true]);
    expect(ms).toBeGreaterThanOrEqual(120);
    expect(driven.recycled).toEqual([]);
  });

  test('a server that dies while a job runs is an error once the retry window ends', async () => {
    await using driven = await drive(kind, clip, { limits: { retryMs: 120 } });
    driven.fake.script({ run: 'hang' });
    const job = failing(driven.produce());
    await expect.poll(() => driven.observed.length, { interval: 2 }).toBeGreaterThan(0);
    await driven.fake[Symbol.asyncDispose]();
    expect((await job).error.code).toBe('engine_unreachable');
  });

  test('a server that does not come up is replaced', async () => {
    await using driven = await drive(kind, clip, { warmUp: true, limits: { startMs: 150 } });
    await driven.fake[Symbol.asyncDispose]();
    const { error } = await failing(driven.engine.ready(new AbortController().signal));
    expect(error.code).toBe('engine_unreachable');
    expect(driven.recycled).toEqual([expect.stringMatching(/waiting for the engine was not done in 150 ms/)]);
  });

  test('giving up cancels the job on the engine', async () => {
    await using driven = await drive(kind, clip);
    driven.fake.script({ run: 'hang' });
    const caller = new AbortController();
    const job = failing(driven.produce({}, caller.signal));
    await expect.poll(() => driven.observed.length, { interval: 2 }).toBeGreaterThan(0);
    caller.abort();
    const { error, ms } = await job;
    expect([error.code, error.retryable]).toEqual(['aborted', false]);
    expect(ms).toBeLessThan(LIMITS.deadlineMs);
    expect(driven.fake.running()).toEqual([]);
    const said = driven.fake.calls
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => [method, path.split('/')[4]]);
    expect(said.slice(1)).toEqual([kind === 'sglang' ? ['POST', 'cancel'] : ['DELETE', undefined]]);
  });

  test('giving up while the job is being created cancels it too', async () => {
    await using driven = await drive(kind, clip);
    const caller = new AbortController();
    const job = failing(driven.produce({}, caller.signal));
    await expect.poll(() => driven.fake.created().length, { interval: 0 }).toBe(1);
    caller.abort();
    expect((await job).error.code).toBe('aborted');
    expect(driven.fake.running()).toEqual([]);
  });

  test('a caller who gave up before creates nothing', async () => {
    await using driven = await drive(kind, clip);
    expect((await failing(driven.produce({}, AbortSignal.abort()))).error.code).toBe('aborted');
    expect(driven.fake.calls).toEqual([]);
  });

  test('a request that its model cannot meet never reaches the engine', async () => {
    await using driven = await drive(kind, clip, { warmUp: true });
    const { error } = await failing(driven.produce({ durationSeconds: 8 }));
    expect(error).toMatchObject({
      code: 'engine_failed',
      retryable: false,
      message: expect.stringMatching(/^duration /),
    });
    expect(driven.fake.calls).toEqual([]);
  });

  test('an image goes as bytes, under a name of ours', async () => {
    await using driven = await drive(kind, clip);
    await driven.produce({ function: 'image_to_video' });
    const [call] = driven.fake.created();
    expect(call?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(call?.files).toMatchObject([{ field: 'input_reference', name: 'input.png', type: 'image/png' }]);
    expect(call?.files[0]?.bytes.subarray(1, 4).toString()).toBe('PNG');
  });

  test('an image goes upright and on a ground on which it is seen: a model reads neither Exif nor alpha', async () => {
    const canvas = createCanvas(90, 60);
    canvas.getContext('2d').fillRect(0, 0, 30, 60);
    const sign = held(canvas.toBuffer('image/png'), { width: 90, height: 60 }, 6, 'MM');
    await using driven = await drive(kind, clip, { image: sign });
    await driven.produce({ function: 'image_to_video' });
    const sent = await loadImage(driven.fake.created()[0]?.files[0]?.bytes ?? expect.fail('nothing was sent'));
    expect([sent.width, sent.height]).toEqual([60, 90]);
    const context = createCanvas(60, 90).getContext('2d');
    context.drawImage(sent, 0, 0);
    // What was black on the left is black above, and what was nothing is white.
    expect([...context.getImageData(30, 10, 1, 1).data]).toEqual([0, 0, 0, 255]);
    expect([...context.getImageData(30, 80, 1, 1).data]).toEqual([255, 255, 255, 255]);
  });

  test('an image that is cut short is bad_image, and the engine is not asked', async () => {
    const canvas = createCanvas(300, 200);
    canvas.getContext('2d').fillRect(0, 0, 200, 150);
    const image = cutScan(canvas.toBuffer('image/jpeg'), 0.4);
    await using driven = await drive(kind, clip, { image });
    await expect(driven.produce({ function: 'image_to_video' })).rejects.toMatchObject({ code: 'bad_image' });
    expect(driven.fake.created()).toEqual([]);
  });
});

describe('vllm-omni alone', () => {
  test('create is a form of strings', async () => {
    await using driven = await drive('vllm-omni', clip);
    await driven.produce({ negativePrompt: 'blur' });
    const [call] = driven.fake.created();
    expect(call?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(call?.members).toEqual({
      model: 'Wan-AI/Wan2.2-TI2V-5B-Diffusers',
      prompt: 'a lighthouse in a storm',
      negative_prompt: 'blur',
      seconds: '5',
      size: '1280x704',
      num_frames: '121',
      fps: '24',
      seed: '42',
    });
  });

  test('sound is asked for of a model that makes it', async () => {
    await using driven = await drive('vllm-omni', clip, { model: modelNamed('Lightricks/LTX-2') });
    await driven.produce({ audio: true, quality: '540p' });
    expect(driven.fake.created()[0]?.members).toMatchObject({ generate_sound: 'true', size: '1280x704' });
  });

  test('the key goes as a bearer token; the wrong one ends the attempt at once and the trust in it', async () => {
    await using right = await drive('vllm-omni', clip, { apiKey: 'secret' });
    await right.produce();
    expect(new Set(right.fake.calls.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer secret']));
    await using wrong = await drive('vllm-omni', clip, { apiKey: 'secret', sentKey: 'guess' });
    const { error } = await failing(wrong.produce());
    expect(error).toMatchObject({
      code: 'engine_key_refused',
      retryable: true,
      message: expect.stringMatching(/401: Unauthorized/),
    });
    expect(error.message).not.toContain('guess');
    expect(wrong.recycled).toEqual([]);
    await failing(wrong.engine.ready(new AbortController().signal));
    expect(wrong.recycled).toEqual([expect.stringMatching(/401: Unauthorized/)]);
  });
});

describe('sglang alone', () => {
  test('create is JSON with numbers', async () => {
    await using driven = await drive('sglang', clip);
    await driven.produce({ negativePrompt: 'blur' });
    const [call] = driven.fake.created();
    expect(call?.headers['content-type']).toBe('application/json');
    expect(call?.members).toEqual({
      model: 'Wan-AI/Wan2.2-TI2V-5B-Diffusers',
      prompt: 'a lighthouse in a storm',
      negative_prompt: 'blur',
      seconds: 5,
      size: '1280x704',
      num_frames: 121,
      fps: 24,
      seed: 42,
    });
  });

  test('an older build without the cancel route is told by DELETE', async () => {
    await using driven = await drive('sglang', clip, { withoutCancelRoute: true, limits: { deadlineMs: 200 } });
    driven.fake.script({ run: 'hang' });
    expect((await failing(driven.produce())).error.code).toBe('engine_timeout');
    expect(driven.fake.called('DELETE', /./)).toHaveLength(1);
    expect(driven.fake.running()).toEqual([]);
  });

  test("the cloud URL of a server that uploads its clips is not followed, and the server's set-up is named", async () => {
    await using driven = await drive('sglang', clip);
    driven.fake.script({ content: ['cloud'] });
    const { error } = await failing(driven.produce());
    expect(error).toMatchObject({
      code: 'engine_failed',
      retryable: false,
      message: expect.stringMatching(/cloud storage/),
    });
  });
});
