import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import type { Job } from '../../functions/generation/job.ts';
import { WATCH_SECONDS } from '../../functions/generation/videos/contract.ts';
import { conditionOf } from '../../functions/generation/videos/video-content-command.ts';
import { LONGEST_MS, progressEvents } from '../../functions/generation/videos/watch-video-command.ts';
import { jobOf } from './sample-job.ts';

const API = 'https://api.example.com';

/** What is said of a job that goes through these states, one at each look, and how long it took. */
async function watch(states: readonly Partial<Job>[], seen?: string) {
  const jobs = states.map(jobOf);
  let at = 0;
  let looks = 0;
  const find = async (): Promise<Job | undefined> => jobs[Math.min(++looks, jobs.length - 1)];
  const pause = async (ms: number): Promise<void> => {
    at += ms;
  };
  const said: string[] = [];
  for await (const part of progressEvents({ baseUrl: API, find, now: () => at, pause }, jobs[0] ?? jobOf(), seen))
    said.push(part);
  return { said, ms: at };
}

const ids = (said: readonly string[]): string[] => said.flatMap(part => /^id: (.+)$/m.exec(part)?.[1] ?? []);
const making = (progress: number): Partial<Job> => ({ state: 'generating', attempt: 1, progress });

describe('the events of a video', () => {
  it('are one for each change, in order, and end with its end', async () => {
    const { said } = await watch([{}, {}, making(0), making(40), making(40), { ...making(100), state: 'failed' }]);
    expect(ids(said)).toEqual(['queued.0.0', 'generating.1.0', 'generating.1.40', 'failed.1.100']);
    expect(said.length).toBe(4);
  });

  it('begin after the one that was seen', async () => {
    const { said } = await watch([making(40), making(60), { ...making(100), state: 'cancelled' }], 'generating.1.40');
    expect(ids(said)).toEqual(['generating.1.60', 'cancelled.1.100']);
  });

  it('are held together by a comment every 15 seconds of silence, for two minutes', async () => {
    const { said, ms } = await watch([making(1)]);
    expect(said.slice(1)).toEqual(Array.from({ length: 8 }, () => ': nothing new\n\n'));
    expect(ms).toBe(LONGEST_MS);
    expect(ms / 1000).toBeLessThan(WATCH_SECONDS);
  });

  it('end where the video is gone', async () => {
    const gone = progressEvents(
      { baseUrl: API, find: async () => undefined, now: () => 0, pause: async () => {} },
      jobOf(),
      undefined,
    );
    let said = 0;
    for await (const _ of gone) said++;
    expect(said).toBe(1);
  });
});

describe('what of a file is wanted', () => {
  const given = (headers: Record<string, string>) => conditionOf(name => headers[name]);

  it('is one range, in any of its three forms', () => {
    for (const range of ['bytes=0-', 'bytes=5-9', 'bytes=-4']) expect(given({ range })).toEqual({ range });
    expect(given({ range: 'bytes= 5-9' })).toEqual({ range: 'bytes=5-9' });
  });

  it('is all of it where the range has another form, or is of a file that only a date names', () => {
    fc.assert(
      fc.property(fc.string(), range => {
        const { range: passed } = given({ range });
        if (passed !== undefined) expect(passed).toMatch(/^bytes=(\d+-\d*|-\d+)$/);
      }),
    );
    for (const range of ['bytes=0-1,4-5', 'items=0-1', 'bytes=-', 'bytes=a-b']) expect(given({ range })).toEqual({});
    expect(given({ range: 'bytes=0-1', 'if-range': 'Sat, 01 Aug 2026 00:00:00 GMT' })).toEqual({});
    expect(given({ range: 'bytes=0-1', 'if-range': 'W/"a"' })).toEqual({});
  });

  it('is a range of the file that it names, and nothing that is there already', () => {
    const range = { range: 'bytes=0-1', 'if-range': '"a"', 'if-none-match': '"b"' };
    expect(given(range)).toEqual({ range: 'bytes=0-1', ifRange: '"a"', ifNoneMatch: '"b"' });
  });
});

it('no account may hold more than a tenth of the 1,000 functions that an AWS account has', () => {
  for (const { openStreams, concurrency } of Object.values(PLANS)) {
    expect(openStreams).toBeGreaterThanOrEqual(Math.min(concurrency, 50));
    expect(openStreams).toBeLessThanOrEqual(100);
  }
});
