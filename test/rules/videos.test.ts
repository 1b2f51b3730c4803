/** The pure rules of the Videos dialect. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIZES, sizeOf } from '../../functions/catalogue/frame-size.ts';
import { FUNCTIONS } from '../../functions/catalogue/functions.ts';
import { JOB_STATES, OPEN_STATES } from '../../functions/catalogue/job-states.ts';
import { checkCapability, MODEL_FUNCTIONS, MODELS } from '../../functions/catalogue/models.ts';
import { priceOf } from '../../functions/catalogue/prices.ts';
import { REFUSALS, Refusal } from '../../functions/catalogue/refusal.ts';
import {
  ASPECT_RATIOS,
  QUALITIES,
  type VideoFunction,
  type VideoRequest,
} from '../../functions/catalogue/video-request.ts';
import { estimateStart, SECONDS_A_JOB } from '../../functions/generation/fair-queue.ts';
import type { Job } from '../../functions/generation/job.ts';
import { createVideo, extendVideo } from '../../functions/generation/videos/contract.ts';
import {
  creationOf,
  extensionOf,
  readDeadline,
  sourceOf,
  wantsDryRun,
} from '../../functions/generation/videos/creation.ts';
import { videoObject } from '../../functions/generation/videos/object-contract.ts';
import {
  contentOf,
  describeVideo,
  eventIdOf,
  eventOf,
  jobIdOf,
  shownJob,
  videoId,
} from '../../functions/generation/videos/video-object.ts';
import { requestHash, tokenOfKey } from '../../functions/http/idempotency-key.ts';
import { refusalOf } from './refusal-of.ts';
import { jobOf, REQUEST as SAMPLE } from './sample-job.ts';

const API = 'https://api.example.com';
const REQUEST: VideoRequest = {
  ...SAMPLE,
  model: 'v6',
  prompt: 'a hill',
  durationSeconds: 4,
  quality: '720p',
  aspectRatio: '9:16',
  audio: true,
};
const MADE = {
  videoKey: 'v.mp4',
  thumbnailKey: 't.jpg',
  bytes: 1,
  sha256: '',
  width: 720,
  height: 1280,
  durationSeconds: 4.04,
  hasAudio: true,
  engine: 'preview',
};
const job = (more: Partial<Job> = {}) => jobOf({ request: REQUEST, credits: 48, ...more });

describe.each([
  ['retrieved', (deleted: Job) => shownJob(deleted, 'video_5')],
  ['started from', (deleted: Job) => sourceOf(deleted, 'video_5', 'id')],
] as const)('a video that was deleted and is %s', (_how, read) => {
  it('is a 404 of its own, and one that never was another', () => {
    expect(refusalOf(() => read(job({ state: 'deleted' })))).toMatchObject({ kind: 'video_deleted', field: 'id' });
    expect(refusalOf(() => read(undefined as never))).toMatchObject({ kind: 'not_found', field: 'id' });
    expect(REFUSALS.video_deleted.http).toBe(404);
  });
});

describe('a creation', () => {
  const plan = (body: object) => creationOf(createVideo.input.parse(body), 7);

  it('by prompt alone is as the original made it: four seconds upright at 720p, with sound', () => {
    expect(plan({ prompt: 'a hill' }).request).toEqual(REQUEST);
  });

  it.each(['sora-2', 'sora-2-pro', 'sora-2-2025-10-06', 'sora-2-pro-2025-10-06', 'sora-2-2025-12-08'])(
    'with the model %s is made by the one that stands in for it',
    model => expect(plan({ prompt: 'a hill', model }).request.model).toBe('v6'),
  );

  it('takes the size of a response back that is not decided yet, as if it were left out', () => {
    const { size } = describeVideo(
      API,
      job({ request: { ...REQUEST, function: 'extend', aspectRatio: undefined as never } }),
    );
    expect(size).toBe('auto');
    expect(plan({ prompt: 'a hill', size })).toEqual(plan({ prompt: 'a hill' }));
  });

  it('takes the model of every response back', () => {
    for (const made of Object.keys(FUNCTIONS) as VideoFunction[]) {
      const modelled = (MODEL_FUNCTIONS as readonly string[]).includes(made);
      const { model } = describeVideo(
        API,
        job({ request: { ...REQUEST, function: made, model: modelled ? 'v5.6' : '' } }),
      );
      expect(plan({ prompt: 'a hill', seconds: 5, model }).request.model).toBe(modelled ? 'v5.6' : 'v6');
    }
  });

  it.each(['sora', 'sora-3', 'sora-2-max', ''])('with the model %j is refused', model => {
    expect(refusalOf(() => plan({ prompt: 'a hill', model }))).toMatchObject({ field: 'model' });
  });

  it('takes what the matrix allows at its price and refuses everything else, whatever the function', () => {
    const sizes = [...SIZES].filter(([size, format]) => sizeOf(format) === size);
    const seconds = fc.integer({ min: 1, max: 20 });
    const asked = fc.record({
      model: fc.constantFrom(...MODELS.map(({ name }) => name)),
      size: fc.constantFrom(...sizes),
      seconds,
      audio: fc.boolean(),
      pictured: fc.boolean(),
    });
    let allowed = 0;
    fc.assert(
      fc.property(asked, ({ model, size: [size, { quality, aspectRatio }], audio, pictured, ...rest }) => {
        const picture = pictured && { input_reference: { file_id: '1' } };
        const attempt = () => plan({ prompt: 'a hill', model, size, seconds: String(rest.seconds), audio, ...picture });
        const made = pictured ? 'image_to_video' : 'text_to_video';
        const ask = { function: made, model, quality, duration: rest.seconds, aspectRatio, audio } as const;
        const plain = { soundEffect: false, motion: 'normal' as const };
        const found = checkCapability({ ...ask, ...plain, camera: '', style: '' });
        if ('rule' in found) {
          expect(refusalOf(attempt)?.field).toMatch(/^(model|seconds|size|audio)$/);
          return;
        }
        allowed++;
        const { request, credits } = attempt();
        expect(request).toMatchObject({
          function: made,
          model,
          quality,
          aspectRatio,
          durationSeconds: rest.seconds,
          audio,
        });
        expect(credits).toBe(
          priceOf({ ...plain, function: made, model, quality, durationSeconds: rest.seconds, audio }),
        );
      }),
      { numRuns: 2000 },
    );
    expect(allowed).toBeGreaterThan(200);
  });

  it('without seconds takes four, or the next that the model makes', () => {
    expect(plan({ prompt: 'a hill', model: 'v5' }).request.durationSeconds).toBe(5);
    expect(plan({ prompt: 'a hill', model: 'c1' }).request.durationSeconds).toBe(4);
  });

  it('of a size of the original that is not made as such is made larger, and says so', () => {
    expect(sizeOf(plan({ prompt: 'a hill', size: '1792x1024' }).request as Required<VideoRequest>)).toBe('1920x1080');
  });
});

describe('an extension', () => {
  const source = { model: 'c1', quality: '720p', durationSeconds: 5, hasAudio: true } as const;
  const plan = (model: string, body: object = {}) =>
    extensionOf(
      extendVideo.input.parse({ prompt: 'on', seconds: '5', video: { id: 'video_1' }, ...body }),
      { ...source, model, reference: { kind: 'video', id: 1 } },
      7,
    ).request;

  it("is made by the source's own model where that extends, else by the usual one", () => {
    expect(plan('v5').model).toBe('v5');
    expect(plan('c1').model).toBe('v6');
    expect(plan('', { model: 'v5.5' }).model).toBe('v5.5');
  });

  it("has the source's quality and follows its aspect", () => {
    expect(plan('v6')).toMatchObject({ quality: '720p', durationSeconds: 5, source: { kind: 'video', id: 1 } });
    expect(plan('v6').aspectRatio).toBeUndefined();
  });
});

describe('sizes', () => {
  it('name each quality and aspect once', () => {
    expect(SIZES.size).toBe(QUALITIES.length * ASPECT_RATIOS.length + 2);
  });

  it('have those of the original', () => {
    for (const size of ['720x1280', '1280x720', '1024x1792', '1792x1024']) expect(SIZES.has(size)).toBe(true);
  });
});

describe('a job as a Video', () => {
  it.each(JOB_STATES)('in state %s keeps the contract, and has one of the four statuses', state => {
    const made = state === 'succeeded' ? { deliverable: MADE } : {};
    const video = describeVideo(API, job({ state, ...made }));
    expect(videoObject.strict().parse(video)).toEqual(video);
    expect(video.stage).toBe(state);
    expect(video.credits_held).toBe((OPEN_STATES as readonly string[]).includes(state) ? 48 : 0);
    expect(video.error === null).toBe(video.status !== 'failed');
    expect(video.completed_at === null).toBe(
      video.status === 'queued' || video.status === 'in_progress' || state === 'deleted',
    );
  });

  it('says how each end came', () => {
    const code = (more: Partial<Job>) => describeVideo(API, job(more)).error?.code;
    expect(code({ state: 'failed' })).toBe('generation_failed');
    expect(code({ state: 'failed', failureCode: 'bad_image', failure: 'no' })).toBe('bad_image');
    expect(code({ state: 'rejected' })).toBe('moderation_blocked');
    expect(code({ state: 'cancelled' })).toBe('cancelled');
    expect(code({ state: 'deleted' })).toBe('deleted');
  });

  it('was paid for where it succeeded, also when it is deleted since', () => {
    const charged = (more: Partial<Job>) => describeVideo(API, job(more)).credits_charged;
    expect(charged({ state: 'succeeded', deliverable: MADE })).toBe(48);
    expect(charged({ state: 'deleted', endedAs: 'succeeded' })).toBe(48);
    expect(charged({ state: 'deleted', endedAs: 'failed' })).toBe(0);
    expect(charged({ state: 'failed' })).toBe(0);
  });

  it('calls only what a model made the work of a model', () => {
    const type = (engine: string) =>
      describeVideo(API, job({ state: 'succeeded', deliverable: { ...MADE, engine } })).provenance.digital_source_type;
    expect(type('preview')).toMatch(/\/algorithmicMedia$/);
    expect(type('vllm-omni')).toMatch(/\/trainedAlgorithmicMedia$/);
  });

  it('has the second of its id as its beginning', () => {
    expect(describeVideo(API, job({ createdAt: '2020-01-01T00:00:00.000Z' })).created_at).toBe(
      describeVideo(API, job()).created_at,
    );
  });

  it('offers the content that there is', () => {
    const done = job({ state: 'succeeded', deliverable: MADE });
    expect(contentOf(done)).toMatchObject({ key: 'v.mp4' });
    expect(contentOf(done, 'thumbnail')).toMatchObject({ key: 't.jpg' });
    expect(refusalOf(() => contentOf(done, 'spritesheet'))).toMatchObject({ kind: 'not_found', field: 'variant' });
    expect(describeVideo(API, done).links).not.toHaveProperty('spritesheet');
    const sprites = job({ state: 'succeeded', deliverable: { ...MADE, spritesheetKey: 's.jpg' } });
    expect(contentOf(sprites, 'spritesheet')).toMatchObject({ key: 's.jpg' });
    expect(describeVideo(API, sprites).links).toHaveProperty('spritesheet');
  });
});

describe('ids', () => {
  it('come back as they went out', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), id => jobIdOf(videoId(id)) === id));
  });

  it.each(['', 'video_', 'video_0', 'video_-1', 'video_1.5', 'video_9007199254740993', 'task_1', 'video_1 '])(
    '%j is no id, and reads like a video that never was',
    id => expect(refusalOf(() => jobIdOf(id))).toMatchObject({ kind: 'not_found' }),
  );
});

describe('an Idempotency-Key', () => {
  it('is any printable text of up to 255 characters', () => {
    const printable = fc.string({ unit: fc.constantFrom(...' !"#az09~/'), minLength: 1, maxLength: 255 });
    fc.assert(
      fc.property(printable, text => {
        if (text.trim() === '') expect(refusalOf(() => tokenOfKey(text))).toMatchObject({ field: 'Idempotency-Key' });
        else expect(tokenOfKey(text)).toBe(`v1:${text.trim()}`);
      }),
    );
    expect(tokenOfKey(undefined)).toBeUndefined();
    for (const bad of ['', 'a\tb', 'ü', 'x'.repeat(256)])
      expect(refusalOf(() => tokenOfKey(bad))).toBeInstanceOf(Refusal);
  });

  it('compares files by their bytes', () => {
    const hash = (text: string) => requestHash('/v1/videos/edits', { prompt: 'a', video: Buffer.from(text) });
    expect(hash('one')).toEqual(hash('one'));
    expect(hash('one')).not.toEqual(hash('two'));
    expect(hash('one')).toHaveLength(64);
  });
});

describe('what headers request', () => {
  it('is a dry run among other preferences', () => {
    expect(wantsDryRun(undefined, 'respond-async, Dry-Run')).toBe(true);
    expect(wantsDryRun(true, undefined)).toBe(true);
    expect(wantsDryRun(false, undefined)).toBe(false);
    expect(wantsDryRun(undefined, 'no-dry-run')).toBe(false);
  });

  it('is a deadline, unless a member says another', () => {
    expect(readDeadline(undefined, '120')).toBe(120);
    expect(readDeadline(undefined, '120s')).toBe(120);
    expect(readDeadline(60, '120')).toBe(60);
    expect(readDeadline(undefined, undefined)).toBeUndefined();
    for (const bad of ['9', '3601', '1m', '', '-5']) {
      expect(refusalOf(() => readDeadline(undefined, bad))).toMatchObject({ field: 'Cancel-After' });
    }
  });
});

describe('the estimate of a start', () => {
  it('is now where a worker is idle, and later the longer the queue', () => {
    expect(estimateStart({ waiting: 0, inFlight: 0 }, 1000)).toEqual({ position: 1, startAt: 1000 });
    const depth = fc.record({ waiting: fc.nat(10_000), inFlight: fc.nat(100) });
    fc.assert(
      fc.property(depth, ({ waiting, inFlight }) => {
        const here = estimateStart({ waiting, inFlight }, 0);
        const longer = estimateStart({ waiting: waiting + 100, inFlight }, 0);
        expect(here.position).toBeGreaterThanOrEqual(1);
        expect(longer.startAt).toBeGreaterThan(here.startAt);
        expect(here.startAt).toBeLessThanOrEqual((waiting + 1) * SECONDS_A_JOB * 1000);
      }),
    );
  });
});

describe('an event', () => {
  it('has another id for whatever it tells', () => {
    const ids = [job(), job({ progress: 5 }), job({ attempt: 1 }), job({ state: 'generating' })].map(eventIdOf);
    expect(new Set(ids).size).toBe(4);
  });

  it('is one line of data, whatever the prompt', () => {
    const text = eventOf(API, job({ request: { ...REQUEST, prompt: 'a\n\ndata: b\r\nid: c' } }));
    expect(text.split('\n').filter(line => line.startsWith('data: '))).toHaveLength(1);
    expect(text).toMatch(/^retry: \d+\nid: \S+\nevent: video\.queued\ndata: .+\n\n$/);
  });
});
