/** How long what is stored stays, whom it is shown to after, and who may take all of it along. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAN_NAMES, PLANS } from '../../functions/catalogue/plans.ts';
import {
  endOfRetention,
  isOver,
  LIFECYCLE_GRACE_DAYS,
  LONGEST_RETENTION_DAYS,
  RETENTION_PERIODS,
  retentionTag,
} from '../../functions/catalogue/retention.ts';
import { dueToEnd, RETAINED_SHARDS } from '../../functions/data/retained.ts';
import { seenAt } from '../../functions/generation/job.ts';
import { refuseBeyondRetention } from '../../functions/generation/request-checks.ts';
import { describeVideo, shownJob } from '../../functions/generation/videos/video-object.ts';
import {
  type AccountExport,
  BEGINNING,
  describeExport,
  isReadable,
  manifestOf,
} from '../../functions/retention/export.ts';
import { jobOf } from './sample-job.ts';

const DAY = 24 * 3600_000;
const moment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2060, 0, 1) });
const days = fc.integer({ min: 1, max: LONGEST_RETENTION_DAYS });

describe('what is kept for some days', () => {
  it('ends with a UTC day, never before its days and less than a day after them', () => {
    fc.assert(
      fc.property(moment, days, (from, count) => {
        const end = endOfRetention(from, count);
        expect(end % DAY).toBe(0);
        expect(end - from).toBeGreaterThanOrEqual(count * DAY);
        expect(end - from).toBeLessThan((count + 1) * DAY);
      }),
    );
  });

  it('is over from that moment on; what has no end never is', () => {
    const end = endOfRetention(Date.UTC(2026, 10, 30, 12), 7);
    expect(end).toBe(Date.UTC(2026, 11, 8));
    expect([isOver({ keptUntilMs: end }, end - 1), isOver({ keptUntilMs: end }, end)]).toEqual([false, true]);
    expect(isOver({}, Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  it('is never gone by the rules of the bucket before its own end, however long it took to be made', () => {
    // An hour is the longest that lies between the upload of a file and the end of its video.
    fc.assert(
      fc.property(moment, days, fc.integer({ min: 0, max: 3600_000 }), (uploaded, count, later) => {
        const [, tag] = /^retention=(\d+)$/.exec(retentionTag(count) ?? '') ?? [];
        expect(RETENTION_PERIODS).toContain(Number(tag));
        const byRule = Math.ceil((uploaded + (Number(tag) + LIFECYCLE_GRACE_DAYS) * DAY) / DAY) * DAY;
        expect(byRule).toBeGreaterThan(endOfRetention(uploaded + later, count));
      }),
    );
    expect(retentionTag(undefined)).toBeUndefined();
  });

  it('is found in one of the places that the night looks at, under its end', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), moment, (id, end) => {
        const { openShard, dueAt } = dueToEnd(id, end);
        expect(RETAINED_SHARDS).toContain(openShard);
        expect(dueAt).toBe(end);
      }),
    );
    expect(new Set(RETAINED_SHARDS).size).toBe(16);
  });
});

describe('a plan', () => {
  it('keeps longer than the one before, and no longer than a call may ask for', () => {
    const kept = PLAN_NAMES.map(name => PLANS[name].retentionDays);
    expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
    expect(kept.at(-1)).toBe(LONGEST_RETENTION_DAYS);
    for (const own of kept) expect(RETENTION_PERIODS).toContain(own);
  });

  it('refuses more days than it keeps by the name of the member, and takes fewer', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PLAN_NAMES), days, (name, wanted) => {
        const refusal = refuseBeyondRetention(PLANS[name], wanted);
        expect(refusal === undefined).toBe(wanted <= PLANS[name].retentionDays);
        if (refusal) expect([refusal.kind, refusal.field]).toEqual(['invalid_parameter', 'retention']);
      }),
    );
    expect(refuseBeyondRetention(PLANS.trial, undefined)).toBeUndefined();
  });
});

describe('a video', () => {
  const end = Date.UTC(2026, 11, 8);
  const keys = { videoKey: 'v', thumbnailKey: 't', bytes: 1, sha256: '', width: 2, height: 2 };
  const deliverable = { ...keys, durationSeconds: 1, hasAudio: false, engine: 'preview' };
  const job = jobOf({ state: 'succeeded', deliverable, keptUntilMs: end });

  it('says until when it is kept, in Unix seconds', () => {
    expect(describeVideo('', job).expires_at).toBe(end / 1000);
    expect(describeVideo('', jobOf()).expires_at).toBeNull();
  });

  it('is deleted for whoever reads it from its end on, with no way to its files, and says why', () => {
    expect(seenAt(job, end - 1)).toBe(job);
    const gone = seenAt(job, end);
    expect(gone).toMatchObject({ state: 'deleted', endedAs: 'succeeded', updatedAt: '2026-12-08T00:00:00.000Z' });
    expect(gone).not.toHaveProperty('deliverable');
    expect(() => shownJob(gone, 'video_1')).toThrow('video video_1 was kept until 2026-12-08T00:00:00.000Z');
    const early = { ...job, state: 'deleted', updatedAt: '2026-12-01T00:00:00.000Z' } as const;
    expect(() => shownJob(early, 'video_1')).toThrow('video video_1 was deleted');
    expect(seenAt(undefined, end)).toBeUndefined();
  });

  it('that is not finished, or has no end, is as it is', () => {
    const open = jobOf({ state: 'generating', keptUntilMs: end });
    const { keptUntilMs: _, ...old } = job;
    expect(seenAt(open, end)).toBe(open);
    expect(seenAt(old, end + 1e12)).toBe(old);
  });
});

describe("an owner's export", () => {
  const NOW = Date.UTC(2026, 10, 30, 12);
  const made: AccountExport = {
    exportId: 'exp_1',
    accountId: 'acct_1',
    state: 'ready',
    requestedBy: 'user_1',
    createdAt: new Date(NOW).toISOString(),
    place: { section: 1_000, page: 0 },
    volumes: [{ key: 'accounts/acct_1/exp_1/vol_1.zip', files: 3, bytes: 100, sha256: 'ab' }],
    manifest: { key: 'accounts/acct_1/exp_1/manifest.jws' },
  };
  const links = { volumes: ['https://v'], manifest: 'https://m' };

  it('can be fetched for a week, and is over then', () => {
    expect(describeExport(made, NOW, links)).toMatchObject({
      status: 'ready',
      expires_at: new Date(NOW + 7 * DAY).toISOString(),
      progress: { part: 'done', files: 3, bytes: 100 },
      volumes: [{ number: 1, url: 'https://v' }],
      manifest: { url: 'https://m' },
    });
    expect(describeExport(made, NOW + 7 * DAY).status).toBe('expired');
    expect([isReadable(made, NOW + 7 * DAY - 1), isReadable(made, NOW + 7 * DAY)]).toEqual([true, false]);
    expect(isReadable({ ...made, state: 'preparing' }, NOW)).toBe(false);
  });

  it('says where it is, and its manifest what each volume is', () => {
    const begun = { ...made, state: 'preparing', place: BEGINNING, volumes: [] } as const;
    expect(describeExport(begun, NOW)).toMatchObject({
      status: 'preparing',
      progress: { part: 'account', files: 0 },
      manifest: null,
    });
    expect(manifestOf(made, 'now').volumes).toEqual([
      { name: 'volume-0001.zip', object: 'vol_1.zip', files: 3, bytes: 100, sha256: 'ab' },
    ]);
  });
});
