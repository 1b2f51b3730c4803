/** What a list of videos shows: by status, function, model, time and metadata, alone and together. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_STATES } from '../../functions/catalogue/job-states.ts';
import { VIDEO_FUNCTIONS } from '../../functions/catalogue/video-request.ts';
import type { Job } from '../../functions/generation/job.ts';
import { takes } from '../../functions/generation/job-filter.ts';
import { listVideos } from '../../functions/generation/videos/contract.ts';
import { VIDEO_STATUSES } from '../../functions/generation/videos/object-contract.ts';
import { filterOf } from '../../functions/generation/videos/video-filter.ts';
import { describeVideo } from '../../functions/generation/videos/video-object.ts';
import { validate } from '../../functions/http/input.ts';
import { numericId } from '../../functions/runtime/ids.ts';
import { refusalOf } from './refusal-of.ts';
import { jobOf, REQUEST } from './sample-job.ts';

const SECOND = Date.UTC(2026, 10, 30) / 1000;
const filter = (members: object) => filterOf(validate(listVideos.input, members));
const shown = (members: object, job: Job): boolean => {
  const { first, last } = filter(members);
  return job.jobId >= first && job.jobId <= last && takes(filter(members), job);
};

const job = fc
  .record({
    second: fc.integer({ min: SECOND - 3, max: SECOND + 3 }),
    bits: fc.uint8Array({ minLength: 3, maxLength: 3 }),
    state: fc.constantFrom(...JOB_STATES),
    made: fc.constantFrom(...VIDEO_FUNCTIONS),
    model: fc.constantFrom('', 'v6', 'v5'),
    metadata: fc.option(fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')), { nil: undefined }),
  })
  .map(({ second, bits, state, made, model, metadata }) =>
    jobOf({
      jobId: numericId(second * 1000 + 999, () => bits),
      state,
      request: { ...REQUEST, function: made, model },
      ...(metadata && { metadata }),
    }),
  );

describe('the filter of a list', () => {
  it('shows what it names as the video itself shows it, and nothing that is deleted', () => {
    const members = fc.record(
      {
        status: fc.constantFrom(...VIDEO_STATUSES),
        function: fc.constantFrom(...VIDEO_FUNCTIONS),
        created_after: fc.integer({ min: SECOND - 4, max: SECOND }),
        created_before: fc.integer({ min: SECOND + 1, max: SECOND + 4 }),
        metadata: fc.dictionary(fc.constantFrom('a', 'b', 'constructor'), fc.constantFrom('1', '2')),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(members, job, (wanted, one) => {
        const video = describeVideo('https://api.example.com', one);
        const { status, created_after = 0, created_before = Infinity, metadata = {} } = wanted;
        expect(shown(wanted, one)).toBe(
          one.state !== 'deleted' &&
            (status === undefined || video.status === status) &&
            (wanted.function === undefined || video.function === wanted.function) &&
            video.created_at >= created_after &&
            video.created_at < created_before &&
            Object.entries(metadata).every(
              ([key, value]) => new Map(Object.entries(video.metadata)).get(key) === value,
            ),
        );
      }),
    );
  });

  it('takes a model by the name that the video shows, and by those that stand for it', () => {
    const modelled = jobOf({ request: { ...REQUEST, model: 'v6' } });
    const unmodelled = jobOf({ request: { ...REQUEST, function: 'modify', model: '' } });
    const models = ['v6', 'sora-2', 'v5', 'modify', 'upscale'];
    expect(models.filter(model => shown({ model }, modelled))).toEqual(['v6', 'sora-2']);
    expect(models.filter(model => shown({ model }, unmodelled))).toEqual(['modify']);
    expect(describeVideo('https://api.example.com', unmodelled).model).toBe('modify');
  });

  it('has times that follow each other without a gap and without a video in two', () => {
    fc.assert(
      fc.property(job, fc.integer({ min: SECOND - 4, max: SECOND + 4 }), (one, second) => {
        const parts = [{ created_before: second }, { created_after: second }].filter(part => shown(part, one));
        expect(parts.length).toBe(one.state === 'deleted' ? 0 : 1);
      }),
    );
  });

  it('takes any whole number for a time, also of before and after all ids', () => {
    for (const created_after of [0, 1, 9_999_999_999]) {
      const { first, last } = filter({ created_after });
      expect(Number.isSafeInteger(first) || first === Number.MAX_SAFE_INTEGER + 1).toBe(true);
      expect(first <= last).toBe(created_after < 9_999_999_999);
    }
    expect(filter({ created_before: 0 }).last).toBe(-1);
  });

  it.each<[string, object]>([
    ['status', { status: 'succeeded' }],
    ['function', { function: 'juggling' }],
    ['created_after', { created_after: 'yesterday' }],
    ['created_before', { created_before: -1 }],
    ['created_after', { created_after: SECOND, created_before: SECOND }],
    ['metadata.customer', { metadata: { customer: 42 } }],
    ['metadata', { metadata: 'customer' }],
  ])('is refused by %s: %j', (field, members) => {
    expect(refusalOf(() => filter(members))?.field).toBe(field);
  });
});
