/**
 * Every fault of the fake engine on the whole platform: queue, worker, state machine, settling, ledger. Each fault has
 * a customer whose prompt brings it on; all are submitted at once, as the engine's bad day meets a full queue. One
 * platform for each kind of engine, at the same time, as most of it is waiting. A platform of its own: its stage has
 * another engine, with deadlines of seconds.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineKind } from '../../functions/catalogue/engine-models.ts';
import { jobKey } from '../../functions/data/item-keys.ts';
import type { Job } from '../../functions/generation/job.ts';
import { SMALL, type Video } from '../support/api-client.ts';
import { creditsOf } from '../support/credits.ts';
import { tinyMp4 } from '../support/fake-engine/clips.ts';
import { type FakeEngine, startFakeEngine } from '../support/fake-engine/fake-engine.ts';
import { LOST, RECOVERED } from '../support/fake-engine/faults.ts';
import type { Plan } from '../support/fake-engine/plan.ts';
import { type Customer, Platform } from '../support/platform.ts';

const KINDS = ['vllm-omni', 'sglang'] as const satisfies EngineKind[];
const DEADLINE_SECONDS = 3;
const TRIAL_SECONDS = 2;
/** Of one attempt: the deadline, the goodbye, and a busy machine. */
const ATTEMPT_MS = DEADLINE_SECONDS * 1000 + 1_500;
/** From the submission of all to the end of the last: the one worker takes them in turn, on a busy machine. */
const ALL_MS = 150_000;
/** Thirty-six jobs are waited for at once: asked more often, the waiting is most of the work. */
const POLL_MS = 1_500;
const GRANT = 1_000;

interface Fault {
  readonly name: string;
  readonly plans: readonly Plan[];
  readonly ends: 'succeeded' | 'failed';
  /** Absent where it depends on the machine's pace. */
  readonly attempts?: number;
  readonly failureCode?: string;
}

const FAULTS: readonly Fault[] = [
  ...RECOVERED.map(([name, plans]): Fault => ({ name, plans: [...plans, {}], ends: 'succeeded', attempts: 1 })),
  // Forty looks take a busy machine longer than the deadline here; then the second attempt is the one that succeeds.
  { name: 'errors with good answers between them', plans: [{ run: 'flicker' }, {}], ends: 'succeeded' },
  ...LOST.map(
    ([name, [plan = {}], , again]): Fault => ({
      name: `${name}, again and again`,
      plans: [plan],
      ends: 'failed',
      ...(again
        ? { attempts: 3, failureCode: 'attempts_exhausted' }
        : { attempts: 1, failureCode: 'generation_failed' }),
    }),
  ),
  {
    name: 'clips that are kept in a cloud',
    plans: [{ content: ['cloud'] }],
    ends: 'failed',
    attempts: 1,
    failureCode: 'generation_failed',
  },
];
const kindOf = (fault: Fault): EngineKind => KINDS[FAULTS.indexOf(fault) % KINDS.length] ?? 'vllm-omni';

/** A platform on an engine of this kind, with a customer for each of its faults. */
interface World {
  readonly engine: FakeEngine;
  readonly platform: Platform;
  readonly jobs: ReadonlyMap<Fault, Submitted>;
  readonly end: () => Promise<void>;
}
interface Submitted {
  readonly customer: Customer;
  readonly videoId: number;
  readonly ended: Promise<Ended>;
}
interface Ended {
  readonly video: Video;
  readonly credits: Awaited<ReturnType<typeof creditsOf>>;
  readonly next: Video;
}

const worlds = new Map<EngineKind, World>();

async function begin(kind: EngineKind): Promise<World> {
  const engine = await startFakeEngine(kind, { clip: await tinyMp4() });
  const platform = await Platform.start({
    engine: kind,
    engineUrl: engine.url,
    engineModel: 'Wan-AI/Wan2.2-TI2V-5B-Diffusers',
    engineDeadlineSeconds: String(DEADLINE_SECONDS),
    engineTrialSeconds: String(TRIAL_SECONDS),
  });
  const watch = recycleWithTheWorker(platform, engine);
  const jobs = new Map<Fault, Submitted>();
  const submitted: (Omit<Submitted, 'ended'> & { readonly fault: Fault; readonly video: Promise<Video> })[] = [];
  for (const fault of FAULTS.filter(found => kindOf(found) === kind)) {
    engine.afflict(fault.name, ...fault.plans);
    const customer = await platform.customer({ credits: GRANT });
    const { Resp } = await customer.api.generate({ ...SMALL, prompt: fault.name });
    const video = customer.api.ended(Resp.video_id, ALL_MS, POLL_MS).then(reply => reply.Resp);
    submitted.push({ fault, customer, videoId: Resp.video_id, video });
  }
  // Until then the next jobs would stand in the way of attempts.
  const all = Promise.allSettled(submitted.map(({ video }) => video));
  for (const { fault, customer, videoId, video } of submitted) {
    const ended = follow(platform, customer, video, all);
    // Its test hears of it.
    ended.catch(() => {});
    jobs.set(fault, { customer, videoId, ended });
  }
  const end = async (): Promise<void> => {
    clearInterval(watch);
    await platform.stop();
    await engine[Symbol.asyncDispose]();
  };
  return { engine, platform, jobs, end };
}

/** The job to its end, the money as it stands then, and the customer's next job. */
async function follow(
  platform: Platform,
  { api, accountId }: Customer,
  ending: Promise<Video>,
  all: Promise<unknown>,
): Promise<Ended> {
  const video = await ending;
  const credits = await creditsOf(platform, accountId);
  await all;
  const next = await api.generate();
  return { video, credits, next: (await api.ended(next.Resp.video_id, ALL_MS, POLL_MS)).Resp };
}

/** As ECS ends every container of a task with the one that ended: a worker that gives its engine up gets another. */
function recycleWithTheWorker(platform: Platform, engine: FakeEngine): NodeJS.Timeout {
  const log = join(platform.dataDir, 'logs', 'Worker.log');
  let seen = 0;
  return setInterval(() => {
    // It is there once the worker has said something.
    const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
    const given = said.split('the engine is not to be trusted').length - 1;
    if (given > seen) engine.recycle();
    seen = given;
  }, 50);
}

beforeAll(async () => {
  await Promise.all(KINDS.map(async kind => worlds.set(kind, await begin(kind))));
});
afterAll(async () => {
  await Promise.all([...worlds.values()].map(({ end }) => end()));
});

describe.each(KINDS)('on %s', kind => {
  it.each(FAULTS.filter(fault => kindOf(fault) === kind))(
    '$name: the job has $ends by its deadline, the money adds up, and the next job succeeds',
    async fault => {
      const { engine, platform, jobs } = worlds.get(kind) as World;
      const { customer, videoId, ended } = jobs.get(fault) as Submitted;
      const { video, credits, next } = await ended;
      expect(video.state, video.failure).toBe(fault.ends);
      expect(Math.max(...engine.spans(fault.name))).toBeLessThan(ATTEMPT_MS);
      const cost = fault.ends === 'succeeded' ? video.credits : 0;
      expect(credits.account).toMatchObject({ available: GRANT - cost, held: 0, running: 0 });
      const kinds = credits.entries.map(entry => entry.kind).sort();
      expect(kinds).toEqual(fault.ends === 'succeeded' ? ['capture', 'grant', 'hold'] : ['grant', 'hold', 'release']);
      const items = await platform.items<Job & { sk: string }>('Jobs', customer.accountId);
      const job = items.find(({ sk }) => sk === jobKey(customer.accountId, videoId).sk);
      expect(job?.failureCode).toBe(fault.failureCode);
      if (fault.attempts !== undefined) expect(job?.attempt).toBe(fault.attempts);
      expect(next).toMatchObject({ status: 1, engine: kind });
      expect((await creditsOf(platform, customer.accountId)).account).toMatchObject({
        available: GRANT - cost - next.credits,
        held: 0,
        running: 0,
      });
    },
  );
});
