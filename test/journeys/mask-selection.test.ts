/** The masks of one frame are found once and paid once, however often and under whatever trace they are asked for. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Customer, Platform } from '../support/platform.ts';
import { TINY, VideosClient } from '../support/videos-client.ts';

let platform: Platform;
let customer: Customer;
let videos: VideosClient;
let sourceId: number;

interface Selected {
  readonly keyframe_id: number;
  readonly credits: number;
  readonly mask_info: { mask_id: string; mask_name: string; mask_url: string }[];
}

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer();
  videos = new VideosClient(customer.api.url, customer.api.key);
  const { id } = await videos.ended((await videos.create(TINY)).body.id);
  sourceId = Number(id.slice('video_'.length));
});

const select = (body: object = {}, trace: string = crypto.randomUUID()) =>
  customer.api.post<Selected>(
    '/openapi/v2/video/mask/selection',
    { source_video_id: sourceId, ...body },
    { 'Ai-trace-id': trace },
  );

const masksOf = ({ Resp }: { Resp: Selected }): string[] => Resp.mask_info.map(({ mask_id }) => mask_id);

describe('selecting masks', () => {
  it('of one frame is paid once, by calls that meet and by calls that come later', async () => {
    const before = await customer.api.balance();
    const trace = crypto.randomUUID();
    const met = await Promise.all([select({ keyframe_id: 1 }, trace), select(), select({ keyframe_id: 1, seed: 5 })]);
    for (const reply of met) expect(reply.ErrCode, reply.ErrMsg).toBe(0);
    const prices = met.map(({ Resp }) => Resp.credits);
    const [price = 0] = prices.filter(credits => credits > 0);
    expect(prices.toSorted((a, b) => b - a)).toEqual([price, 0, 0]);
    const later = await select({ keyframe_id: 1 });
    expect(later.Resp.credits).toBe(0);
    for (const reply of [...met, later]) expect(masksOf(reply)).toEqual(masksOf(met[0] ?? later));
    expect((await fetch(later.Resp.mask_info[0]?.mask_url ?? '')).status).toBe(200);
    expect(before - (await customer.api.balance())).toBe(price);
    // Another frame is another job.
    const other = await select({ keyframe_id: 2 });
    expect(other.Resp.credits).toBe(price);
    expect(masksOf(other)).not.toEqual(masksOf(later));
    // A trace is still one call: with another body it is refused, however free that would be.
    const used = crypto.randomUUID();
    for (let twice = 0; twice < 2; twice++) {
      expect((await select({ keyframe_id: 3 }, used)).Resp.credits).toBe(price);
    }
    expect((await select({ keyframe_id: 1 }, used)).ErrCode).toBe(400017);
  });

  it('whose job was deleted is paid anew, and a stranger finds no video', async () => {
    const { Resp: first } = await select({ keyframe_id: 5 });
    const [, jobId] = /^(\d+)-/.exec(first.mask_info[0]?.mask_id ?? '') ?? [];
    expect((await videos.send('DELETE', `/videos/video_${jobId}`)).status).toBe(200);
    const again = await select({ keyframe_id: 5 });
    expect(again.Resp.credits).toBe(first.credits);
    expect(masksOf(again)).not.toEqual(first.mask_info.map(({ mask_id }) => mask_id));
    expect((await select({ keyframe_id: 5 })).Resp.credits).toBe(0);
    const { api } = await platform.customer();
    const foreign = await api.post('/openapi/v2/video/mask/selection', { source_video_id: sourceId, keyframe_id: 5 });
    expect(foreign.ErrMsg).toContain('not found');
  });
});
