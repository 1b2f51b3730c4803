import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificateOf, LATE_UPLOAD_MS, mayStillUpload, traceOf } from '../../functions/generation/deletion.ts';
import type { Step } from '../../functions/generation/job.ts';
import { jobOf, REQUEST } from './sample-job.ts';

const AT = Date.parse('2026-11-30T09:00:00.000Z');
const at = (ms: number): string => new Date(AT + ms).toISOString();
const step = (state: Step['state'], ms: number, reason?: string): Step => ({
  state,
  at: at(ms),
  ...(reason && { reason }),
});

describe('the trace of a deleted video', () => {
  it('has not a word of what was asked for, and nothing that was given for it', () => {
    const word = fc.string({ minLength: 12 }).map(text => `said ${text}`);
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1e14, max: 1e15 }), (text, other, id) => {
        const said = JSON.stringify(
          traceOf({
            ...REQUEST,
            prompt: text,
            negativePrompt: other,
            style: text,
            cameraMovement: other,
            images: [{ id, name: text, prompt: other }],
            source: { kind: 'video', id },
            voice: { kind: 'speaker', speakerId: text, text: other, sampleId: id },
            sound: { prompt: text, keepOriginal: true },
            look: { prompt: other },
            selection: { keyframe: 1, masks: [text] },
          }),
        );
        for (const gone of [JSON.stringify(text), JSON.stringify(other), String(id)]) expect(said).not.toContain(gone);
        expect(JSON.parse(said)).toMatchObject({
          function: REQUEST.function,
          model: REQUEST.model,
          quality: REQUEST.quality,
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('a worker may still be uploading', () => {
  const begun = [step('queued', 0), step('generating', 1)];
  it.each([
    [
      'not where the one that ever began has delivered',
      'succeeded',
      [...begun, step('generating', 2, 'made'), step('succeeded', 3)],
      false,
    ],
    ['where another began after it', 'succeeded', [...begun, step('generating', 2), step('succeeded', 3)], true],
    ['where it was cancelled while one worked on it', 'cancelled', [...begun, step('cancelled', 3)], true],
    ['not where none ever began', 'cancelled', [step('queued', 0), step('cancelled', 3)], false],
    ['where it failed while one worked on it', 'failed', [...begun, step('failed', 3)], true],
    ['where nothing is known of its life', 'succeeded', undefined, true],
  ] as const)('%s', (_, endedAs, timeline, expected) => {
    const job = jobOf({ state: 'deleted', endedAs, updatedAt: at(4), ...(timeline && { timeline }) });
    expect(mayStillUpload(job, AT + 5)).toBe(expected);
    expect(mayStillUpload(job, AT + 4 + LATE_UPLOAD_MS)).toBe(false);
  });
});

describe('the certificate of a video', () => {
  const object = { key: 'accounts/acct_1/videos/1/1/video.mp4', versionId: 'v1', bytes: 10, sha256: null };
  const deleted = jobOf({ state: 'deleted', certificateId: 'cert_1', createdAt: at(0) });
  const deletion = { startedAt: at(1), objects: [object] };

  it('is not issued before everything is gone, nor of a video that is there, nor of one that was deleted before there were any', () => {
    expect(certificateOf({ ...deleted, deletion })).toBeUndefined();
    expect(certificateOf(deleted)).toBeUndefined();
    expect(certificateOf(jobOf({ state: 'succeeded', deletion: { ...deletion, endedAt: at(2) } }))).toBeUndefined();
  });

  it('names each version once, however often it was noted, and says what stays', () => {
    const said = certificateOf({
      ...deleted,
      deletion: { ...deletion, objects: [object, object], endedAt: at(2), hadMetadata: true },
    });
    expect(
      [...((said?.items ?? []) as Iterable<{ kind: string }>)].filter(({ kind }) => kind === 'object'),
    ).toHaveLength(1);
    expect(said?.stayed.map(({ what }) => what)).toEqual([
      expect.stringContaining('the trace of the video'),
      expect.stringContaining('ledger'),
      expect.stringContaining('audit trail'),
      expect.stringContaining('lines of logs'),
      expect.stringContaining('masks'),
      expect.stringContaining('metadata'),
      expect.stringContaining('repetition'),
    ]);
    const late = certificateOf({ ...deleted, deletion: { ...deletion, endedAt: at(25 * 3_600_000) } });
    expect(late?.stayed.map(({ what }) => what).join()).not.toMatch(/repetition|metadata/);
  });
});
