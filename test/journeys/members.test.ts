/** Members of calls that start nothing: each that is done makes a difference. Those of creations: test/rules/member-effects.test.ts. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../functions/http/route.ts';
import { FAMILIES } from '../../functions/routes.ts';
import { SMALL } from '../support/api-client.ts';
import { membersOf } from '../support/member-tables.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { VideosClient } from '../support/videos-client.ts';

let customer: Customer;

beforeAll(async () => {
  const platform = await Platform.shared();
  customer = await platform.customer();
  for (const prompt of ['calm colours', 'waves']) {
    const { ErrCode, Resp } = await customer.api.generate({ ...SMALL, prompt });
    expect(ErrCode).toBe(0);
    videos.push(`video_${Resp.video_id}`);
  }
  // The order of a list: two of one second are in either.
  videos.sort();
  const { Resp } = await customer.api.post<{ next_cursor: string }>(DETAIL, { ...month(), limit: 1 });
  cursor = Resp.next_cursor;
});

const videos: string[] = [];
let cursor: string;
const DETAIL = '/openapi/v2/account/billing/usage-detail';
const LISTS = '/openapi/v2/video';

function month() {
  const moment = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
  return { start_time: moment(Date.now() - 86_400_000), end_time: moment(Date.now() + 60_000) };
}

const page = { page_num: ['1', '2'], page_size: ['1', '2'] };
/** Two values that are answered differently, and what else is sent. */
const READ: Readonly<Record<string, Readonly<Record<string, readonly [string, string] | string[]>>>> = {
  [`${LISTS}/lip_sync/tts_list`]: page,
  [`${LISTS}/tts_speaker`]: { ...page, speaker_type: ['system', 'custom'] },
  [`${LISTS}/restyle/list`]: page,
  [`${LISTS}/effects/templates/list`]: { ...page, page: ['1', '2'], pageSize: ['1', '2'], type: ['1', '2'] },
};

/** Said by tests that need files, or that look at one video. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  id: 'every journey',
  image_id: 'functions.test.ts',
  image: 'files.test.ts',
  image_url: 'own-links.test.ts',
  file: 'files.test.ts',
  file_url: 'own-links.test.ts',
  audio_media_id: 'functions.test.ts',
  name: 'functions.test.ts',
  speaker_id: 'functions.test.ts',
  variant: 'videos.test.ts',
  redirect: 'videos.test.ts',
  status: 'metadata.test.ts',
  function: 'metadata.test.ts',
  model: 'metadata.test.ts',
  metadata: 'metadata.test.ts',
  created_after: 'metadata.test.ts',
  created_before: 'metadata.test.ts',
};

describe('a member of a list', () => {
  it.each(
    Object.entries(READ).flatMap(([path, members]) =>
      Object.entries(members).map(([name, values]) => [path, name, values] as const),
    ),
  )('of %s: %s is read', async (path, name, values) => {
    // A page is small enough that another number is another page.
    const rest = { page_size: '3', [name]: '' };
    const answers = await Promise.all(
      values.map(value => customer.api.send('GET', `${path}?${new URLSearchParams({ ...rest, [name]: value })}`)),
    );
    expect(answers.map(({ ErrCode }) => ErrCode)).toEqual([0, 0]);
    expect(answers[0]?.Resp).not.toEqual(answers[1]?.Resp);
  });

  it.each<[string, () => readonly unknown[]]>([
    ['start_time', () => [month().start_time, month().end_time]],
    ['end_time', () => [month().start_time, month().end_time]],
    ['limit', () => [1, 2]],
    ['cursor', () => ['', cursor]],
    ['credits_status', () => ['consume', 'refund']],
    ['creation_type', () => ['text_to_video', ['extend']]],
  ])('of usage-detail: %s is read', async (name, values) => {
    const answers = await Promise.all(values().map(value => customer.api.post(DETAIL, { ...month(), [name]: value })));
    expect(answers.map(({ ErrCode }) => ErrCode)).toEqual([0, 0]);
    expect(answers[0]?.Resp).not.toEqual(answers[1]?.Resp);
  });

  it('of /v1/videos: after, limit and order are read', async () => {
    const idsOf = async (query: string): Promise<string[]> => {
      const headers = { authorization: `Bearer ${customer.api.key}` };
      const answer = await fetch(`${customer.api.url}/v1/videos?${query}`, { headers });
      return ((await answer.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
    };
    expect(await idsOf('order=asc')).toEqual(videos);
    expect(await idsOf('')).toEqual(videos.toReversed());
    expect(await idsOf('limit=1')).toEqual(videos.slice(1));
    expect(await idsOf(`after=${videos[1]}`)).toEqual(videos.slice(0, 1));
  });

  it('is looked at, whichever call it is of', () => {
    const routes: Route[] = FAMILIES.filter(
      ({ dialect, name }) => dialect !== 'platform' && name !== 'Not offered',
    ).flatMap(({ routes: own }) => Object.values(own));
    const still = routes.filter(({ entry }) => !entry.uses.generations?.includes('start'));
    const here = new Set([
      'start_time',
      'end_time',
      'limit',
      'cursor',
      'credits_status',
      'creation_type',
      'after',
      'order',
    ]);
    for (const route of still) {
      const missed = membersOf(route)
        .filter(({ effect }) => effect === 'done')
        .filter(({ name }) => !(READ[route.path]?.[name] || here.has(name) || ELSEWHERE[name]));
      expect([route.path, missed]).toEqual([route.path, []]);
    }
  });
});

describe('a member that is refused', () => {
  it('is refused on the wire by its name, and nothing is charged or counted', async () => {
    const before = await customer.api.balance();
    const body = { ...SMALL, webhook_id: '1234' };
    const refusal = await customer.api.generate(body);
    expect(refusal).toMatchObject({
      status: 200,
      ErrCode: 400017,
      ErrMsg: expect.stringMatching(/^webhook_id is not offered: /),
    });
    const headers = { authorization: `Bearer ${customer.api.key}`, 'content-type': 'application/json' };
    const other = await fetch(`${customer.api.url}/v1/videos`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ prompt: 'waves', webhook_id: '1' }),
    });
    expect(other.status).toBe(400);
    expect(await other.json()).toMatchObject({ code: 'invalid_parameter', param: 'webhook_id' });
    expect(await customer.api.balance()).toBe(before);
  });

  it('that comes too early is told when to come back, in both dialects', async () => {
    const platform = await Platform.shared();
    // One video at a time: of two calls in each dialect, one at the most is taken.
    const { api } = await platform.customer({ plan: 'trial' });
    const client = new VideosClient(api.url, api.key);
    const wanted = { prompt: 'waves', seconds: '8', size: '640x360' };
    const [one, two, three, four] = await Promise.all([
      api.generate({ ...SMALL, duration: 8 }),
      api.generate({ ...SMALL, duration: 8 }),
      client.create(wanted),
      client.create(wanted),
    ]);
    const late = [one, two]
      .filter(({ ErrCode }) => ErrCode === 500044)
      .map(({ headers }) => headers.get('retry-after'));
    const refused = [three, four]
      .filter(({ status }) => status === 429)
      .map(({ headers }) => headers.get('retry-after'));
    expect(new Set(late)).toEqual(new Set(['10']));
    expect(new Set(refused)).toEqual(new Set(['10']));
    expect(late.length + refused.length).toBe(3);
    // Nobody waits for the one.
    const started = [one, two].find(({ ErrCode }) => ErrCode === 0)?.Resp.video_id;
    const id = started === undefined ? [three, four].find(({ status }) => status === 200)?.body.id : `video_${started}`;
    expect((await client.send('POST', `/videos/${id}/cancel`)).status).toBe(200);
  });
});
