/** A reseller's way: whose video each is stands in its metadata, and lists and usage tell its customers apart. */
import OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { readUsage } from '../../functions/usage/usage-contract.ts';
import { Platform } from '../support/platform.ts';
import { TINY, type Video, VideosClient } from '../support/videos-client.ts';

type Usage = z.output<typeof readUsage.output>;
interface List {
  readonly data: readonly Video[];
  readonly last_id: string | null;
  readonly has_more: boolean;
}

const ANN = { customer: 'ann', 'order no.': '17 / é' };
const BEN = { customer: 'ben' };

let videos: VideosClient;
let openai: OpenAI;
/** Of ann, in the order in which they were started: from a prompt, and each way in which another is made of that. */
let made: Video[];
let bens: Video;

beforeAll(async () => {
  const platform = await Platform.shared();
  const { api } = await platform.customer();
  videos = new VideosClient(api.url, api.key);
  openai = new OpenAI({ baseURL: `${api.url}/v1`, apiKey: api.key });
  const source = (await openai.videos.create({ ...TINY, metadata: ANN } as never)) as unknown as Video;
  bens = (await videos.create({ ...TINY, metadata: BEN })).body;
  await videos.ended(source.id);
  const again = { prompt: 'at night', metadata: ANN };
  const others = [
    await openai.videos.remix(source.id, again as never),
    await openai.videos.edit({ ...again, video: { id: source.id } } as never),
    await openai.videos.extend({ ...again, video: { id: source.id }, seconds: '1' } as never),
  ];
  made = [source, ...(others as unknown as Video[])];
}, 120_000);

const list = (query: string) => videos.send<List>('GET', `/videos?${query}`);
const usage = async (query: string) => (await videos.send<Usage>('GET', `/usage?${query}`)).body;
const idsOf = (shown: readonly { id: string }[]) => shown.map(({ id }) => id).toSorted();

describe('metadata', () => {
  it('is shown by whatever starts a video, and wherever the video is shown', async () => {
    expect(made.map(({ metadata }) => metadata)).toEqual([ANN, ANN, ANN, ANN]);
    for (const { id } of made) expect((await videos.get(id)).body.metadata).toEqual(ANN);
    const events = await videos.send<string>('GET', `/videos/${made[0]?.id}/events`);
    expect(events.body).toContain(`"metadata":${JSON.stringify(ANN)}`);
    const { body: plain } = await videos.create(TINY);
    expect(plain.metadata).toEqual({});
    expect((await videos.send('POST', `/videos/${plain.id}/cancel`)).body.metadata).toEqual({});
  });

  it('is taken in an urlencoded form, and makes another call of a repeated one', async () => {
    const body = new URLSearchParams({ ...TINY, audio: 'false', 'metadata[customer]': 'cy' });
    const key = { 'idempotency-key': crypto.randomUUID(), authorization: `Bearer ${videos.key}` };
    const post = async (form: URLSearchParams) =>
      fetch(`${videos.url}/v1/videos`, { method: 'POST', headers: key, body: form });
    const first = (await (await post(body)).json()) as Video;
    expect(first.metadata).toEqual({ customer: 'cy' });
    expect(await (await post(body)).json()).toEqual(first);
    body.set('metadata[customer]', 'dan');
    expect((await post(body)).status).toBe(422);
  });

  it('filters the list, as the official client writes it and page by page', async () => {
    const found: string[] = [];
    for await (const { id } of openai.videos.list({ limit: 3, metadata: ANN } as never)) found.push(id);
    expect(found.toSorted()).toEqual(idsOf(made));
    expect(idsOf((await list('metadata[customer]=ben')).body.data)).toEqual([bens.id]);
    expect((await list('metadata[customer]=nobody')).body).toEqual({
      object: 'list',
      data: [],
      first_id: null,
      last_id: null,
      has_more: false,
    });
    await videos.ended(bens.id);
    expect((await videos.send('DELETE', `/videos/${bens.id}`)).status).toBe(200);
    expect((await list('metadata[customer]=ben')).body.data).toEqual([]);
  });

  it('filters together with status, function, model and time', async () => {
    const [source, remixed, edited, extended] = made.map(({ id }) => id);
    await Promise.all(made.map(({ id }) => videos.ended(id)));
    const ids = async (query: string) => idsOf((await list(`metadata[customer]=ann&${query}`)).body.data);
    expect(await ids('function=text_to_video')).toEqual([source]);
    expect(await ids('model=modify')).toEqual([remixed, edited].toSorted());
    expect(await ids('model=v6&function=extend&status=completed')).toEqual([extended]);
    expect(await ids('status=failed')).toEqual([]);
    const at = made[0]?.created_at ?? 0;
    expect(await ids(`created_before=${at}`)).toEqual([]);
    expect(await ids(`created_after=${at}`)).toEqual(idsOf(made));
    expect((await list('status=completed&function=extend')).body.data.map(({ id }) => id)).toEqual([extended]);
  });

  it('tells customers apart in usage, to the credit', async () => {
    const shown = await Promise.all(made.map(async ({ id }) => (await videos.ended(id)).credits_charged));
    const charged = shown.reduce((sum, credits) => sum + credits, 0);
    const byCustomer = await usage('group_by=metadata.customer');
    const rows = Object.fromEntries(byCustomer.data.map(row => [row.metadata?.customer, row]));
    expect(rows.ann).toMatchObject({ started: 4, succeeded: 4, credits_charged: charged });
    expect(rows.ben).toMatchObject({ started: 1 });
    const ann = await usage('metadata[customer]=ann&group_by=function');
    expect(ann.totals).toMatchObject({ started: 4, credits_charged: charged });
    expect(ann.data.map(row => [row.function, row.started])).toEqual([
      ['extend', 1],
      ['modify', 2],
      ['text_to_video', 1],
    ]);
    expect((await usage('group_by=day')).totals.started).toBeGreaterThan(5);
  });
});
