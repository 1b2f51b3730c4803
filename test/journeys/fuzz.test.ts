/**
 * Calls as no client would make them, against every route, with a real key of an account that has spent its last
 * credit: no 5xx, no charge, no job, and each answer as the OpenAPI document says. 2,000 calls here; `npm run fuzz`
 * makes 20,000. FUZZ_SEED repeats a run, FUZZ_RUNS sets its length, and FUZZ_ONLY makes one call of it. A platform of
 * its own: nothing at all may have changed in it.
 */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { priceOf } from '../../functions/catalogue/prices.ts';
import { EXAMPLE_IDS as IDS } from '../../functions/generation/pixverse/members-contract.ts';
import { remixVideo } from '../../functions/generation/videos/contract.ts';
import { describeApi } from '../../functions/reference/openapi.ts';
import { ROUTES } from '../../functions/routes.ts';
import { SMALL } from '../support/api-client.ts';
import { Documented } from '../support/documented.ts';
import { type FuzzCall, fuzzCalls, type Place } from '../support/fuzz-calls.ts';
import { picture } from '../support/pictures.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { send } from '../support/raw-call.ts';
import { toneWav } from '../support/recordings.ts';
import { worldOf } from '../support/world.ts';

const RUNS = Number(process.env.FUZZ_RUNS || 2_000);
/** Another one each time, but not within `npm test`: what is red there has been changed. */
const SEED = Number(process.env.FUZZ_SEED || (process.env.FUZZ_RUNS ? Math.floor(Math.random() * 2 ** 31) : 1));
const ONLY = process.env.FUZZ_ONLY === undefined ? undefined : Number(process.env.FUZZ_ONLY);
/** At once: enough for two cores, and below what the plan allows a second. */
const LANES = 8;

let platform: Platform;
let customer: Customer;
let documented: Documented;
let place: Place;

beforeAll(async () => {
  // What it does is what a stranger with a key would do, and its keys are not to be stopped for it.
  platform = await Platform.start({ useRules: 'observe' });
  documented = new Documented(describeApi(platform.cloud.apiUrl));
  const { model, duration: durationSeconds } = SMALL;
  const clip = { model, durationSeconds, quality: '360p', motion: 'normal', audio: false, soundEffect: false } as const;
  customer = await platform.customer({ plan: 'enterprise', credits: priceOf(clip) });
  place = await furnish();
  expect(await customer.api.balance()).toBe(0);
});
afterAll(() => platform?.stop());

/** Gives the account a picture, a recording and a finished video, for which it spends all that it has. */
async function furnish(): Promise<Place> {
  const { api } = customer;
  const png = await picture(96, 64);
  const { Resp: image } = await api.upload(png);
  const { Resp: recording } = await api.uploadMedia(toneWav(1), 'tone.wav');
  const { Resp: started } = await api.generate();
  const video = String(started.video_id);
  expect((await api.ended(started.video_id)).Resp.status).toBe(1);
  const pictures = [IDS.hills, IDS.lake, IDS.portrait].map(id => [String(id), String(image.img_id)] as const);
  return {
    key: api.key,
    own: new Map([
      ...pictures,
      [String(IDS.audio), String(recording.media_id)],
      [String(IDS.video), video],
      [remixVideo.example.path.id, `video_${video}`],
      // A name would be looked up on the network.
      ['images.example.com', '127.0.0.1'],
      ['films.example.com', '127.0.0.1'],
    ]),
    pathIds: [video, `video_${video}`, '1', 'video_1', '9007199254740993'],
    picture: png,
  };
}

/** All that a call of this account may not change: everything but what it uploads, and that it had streams open, which have ended. */
async function settledWorld(): Promise<object> {
  const { jobs, core, objects: _, ...world } = await worldOf(platform);
  const ended = (item: Record<string, unknown>): boolean => item.sk === 'STREAMS' && isDeepStrictEqual(item.taken, {});
  return {
    ...world,
    core: core.filter(item => !ended(item)),
    jobs: jobs.filter(({ sk }) => !/^(IMAGE|MEDIA|SPEAKERS)/.test(String(sk))),
  };
}

it(
  `${RUNS} calls of strangers are answered as documented, and nothing is charged, started or broken`,
  async () => {
    const calls = fuzzCalls(place, SEED, RUNS).map((call, index) => ({ call, index }));
    const before = await settledWorld();
    const counts = new Map<string, number>();
    const reached = new Set<string>();
    const wrong: string[] = [];
    const wanted = calls.filter(({ index }) => ONLY === undefined || index === ONLY);
    // A lane makes all calls of a route before it takes the next: its function then starts once, and not whenever the
    // others have taken the room for it.
    const queue = Object.values(Object.groupBy(wanted, ({ call }) => `${call.method} ${call.path}`));
    const began = performance.now();
    await Promise.all(Array.from({ length: LANES }, lane));
    const seconds = (performance.now() - began) / 1000;

    const table = [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([said, count]) => `${String(count).padStart(7)}  ${said}`);
    process.stdout.write(`fuzz: seed ${SEED}, ${calls.length} calls in ${seconds.toFixed(1)} s\n${table.join('\n')}\n`);
    expect(wrong, `FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}`).toEqual([]);
    expect(await settledWorld()).toEqual(before);
    if (ONLY !== undefined) return;
    // The calls were not all turned away at the gate.
    const routes = Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`);
    expect(routes.filter(route => !reached.has(route))).toEqual([]);
    expect((counts.get('200 ErrCode 500090') ?? 0) + (counts.get('402 insufficient_credits') ?? 0)).toBeGreaterThan(
      RUNS / 100,
    );

    async function lane(): Promise<void> {
      for (let next = queue.shift(); next; next = queue.shift())
        for (const { call, index } of next) await judge(call, index);
    }

    async function judge({ method, path, call }: FuzzCall, index: number): Promise<void> {
      const where = `FUZZ_ONLY=${index}: ${method} ${path}`;
      try {
        const reply = await send(platform.cloud.apiUrl, call);
        const said = `${reply.status} ${kindOf(reply.text)}`.trim();
        counts.set(said, (counts.get(said) ?? 0) + 1);
        if (![401, 429].includes(reply.status)) reached.add(`${method} ${path}`);
        const fault = reply.status >= 500 ? 'a 5xx' : documented.wrong(method, path, reply);
        if (fault !== undefined && wrong.length < 10)
          wrong.push(`${where}\n${fault}\n${reply.text.slice(0, 500)}\n${shown(call)}`);
      } catch (error) {
        wrong.push(`${where}\nno answer: ${error}\n${shown(call)}`);
      }
    }
  },
  60_000 + RUNS * 60,
);

/** What the answer is, as far as it is counted. */
function kindOf(text: string): string {
  if (!text.startsWith('{')) return '';
  const { code, ErrCode } = JSON.parse(text);
  return code ?? (ErrCode === undefined ? '' : `ErrCode ${ErrCode}`);
}

function shown({ body, ...call }: FuzzCall['call']): string {
  return JSON.stringify({ ...call, body: body?.toString('latin1').slice(0, 600) });
}
