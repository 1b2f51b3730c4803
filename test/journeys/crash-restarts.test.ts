/**
 * `npm run crash` kills the platform fifty times at random moments of its start, its use and its stop, and starts it
 * again on every data folder that this leaves; CRASH_SEED repeats a run, CRASH_KILLS sets its length. Within `npm test`
 * it is one kill of each kind. A platform of its own: it is killed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CrashCourse, MOMENTS } from '../support/crash-course.ts';

const KILLS = Number(process.env.CRASH_KILLS || MOMENTS.length);
const LONG = KILLS > MOMENTS.length;
/** Another one each time, but not within `npm test`: what is red there has been changed. */
const SEED = Number(process.env.CRASH_SEED || (LONG ? Math.floor(Math.random() * 2 ** 31) : 1));
/** Kills of one folder: some begin with a folder that is new. */
const OF_A_FOLDER = 10;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mutoscope-crashes-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

it(
  `starts again on every data folder that ${KILLS} kills during start, use and stop leave, with its account, its books and its jobs`,
  async () => {
    const random = randomOf(SEED);
    const kills = { start: 0, use: 0, stop: 0 };
    const ended: Record<string, number> = {};
    const startMs: number[] = [];
    let [folders, jobs] = [0, 0];
    for (let done = 0; done < KILLS; ) {
      const course = new CrashCourse(join(root, `folder-${++folders}`), random);
      for (let kill = 0; kill < OF_A_FOLDER && done < KILLS; kill++, done++) {
        const moment = MOMENTS[LONG ? Math.floor(random() * MOMENTS.length) : done] ?? 'use';
        await course.kill(moment);
        kills[moment] += 1;
        await course.start().catch(error => {
          throw new Error(`CRASH_SEED=${SEED} CRASH_KILLS=${KILLS}: kill ${done + 1}, during ${moment}`, {
            cause: error,
          });
        });
      }
      // The lease of a job that was at work lasts 45 seconds beyond its worker: crash.test.ts waits for one.
      const states = LONG ? await course.finish(300_000) : {};
      await course.abandon();
      for (const [state, count] of Object.entries(states)) ended[state] = (ended[state] ?? 0) + count;
      startMs.push(...course.startMs);
      jobs += course.jobs;
    }
    const slowest = Math.max(...startMs) / 1000;
    const told = Object.entries(kills).map(([moment, count]) => `${count} during ${moment}`);
    process.stdout.write(
      `crash: seed ${SEED}, ${KILLS} kills (${told.join(', ')}) of ${folders} folders, ${startMs.length} starts, ` +
        `the slowest ${slowest.toFixed(1)} s; ${jobs} jobs asked for ${JSON.stringify(ended)}\n`,
    );
    expect(startMs.length).toBeGreaterThanOrEqual(KILLS);
    expect(ended.failed ?? 0).toBe(0);
  },
  120_000 + KILLS * 60_000,
);
