/** A video that is deleted while jobs that were made from it are open: gone for callers at once, and they end as if it were there. */
import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { sortable } from '../../functions/runtime/ids.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { TINY, type Video, VideosClient } from '../support/videos-client.ts';

let platform: Platform;
let customer: Customer;
let videos: VideosClient;

/** Long enough to hold the one worker while others wait. */
const LONG = { ...TINY, seconds: '15', size: '1920x1080' };

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer({ plan: 'scale' });
  videos = new VideosClient(customer.api.url, customer.api.key);
});

/** What is there of a video: versions that can be read by name, and which of them is shown. */
async function filesOf({ id }: Video) {
  const folder = `accounts/${customer.accountId}/videos/${sortable(Number(id.slice('video_'.length)))}/`;
  const { Versions = [] } = await new S3Client(platform.cloud.client).send(
    new ListObjectVersionsCommand({ Bucket: platform.output('MediaBucket'), Prefix: folder }),
  );
  return Versions.map(({ Key = '', IsLatest }) => ({ name: Key.split('/').at(-1), shown: IsLatest }));
}

describe('a video that is deleted while others are made from it', () => {
  it('is gone for callers at once; what was started from it is made, and then its bytes go', async () => {
    const source = await videos.ended((await videos.create(TINY)).body.id);
    const { headers } = await videos.send('GET', `/videos/${source.id}/content?redirect=true`);
    const link = headers.get('location') ?? '';
    const { body: holding } = await videos.create(LONG);
    const remix = (prompt: string) => videos.send('POST', `/videos/${source.id}/remix`, { prompt });
    const [first, second, cancelled] = await Promise.all([remix('at night'), remix('in snow'), remix('in rain')]);
    expect([first.status, second.status, cancelled.status]).toEqual([200, 200, 200]);

    for (let twice = 0; twice < 2; twice++) {
      expect((await videos.send('DELETE', `/videos/${source.id}`)).status).toBe(200);
    }
    expect((await fetch(link)).ok).toBe(false);
    expect((await videos.send('GET', `/videos/${source.id}/content`)).status).toBe(404);
    expect((await remix('too late')).status).toBe(404);
    const listed = await videos.send<{ data: Video[] }>('GET', '/videos');
    expect(listed.body.data.map(({ id }) => id)).not.toContain(source.id);
    expect(await filesOf(source)).toEqual([{ name: 'video.mp4', shown: false }]);
    const stored = await platform.items<{ jobId?: number; state?: string }>('Jobs', customer.accountId);
    const item = stored.find(({ jobId, state }) => state && `video_${jobId}` === source.id);
    expect(item).toMatchObject({ state: 'deleted' });
    for (const way of ['deliverable', 'made']) expect(item).not.toHaveProperty(way);

    await videos.send('POST', `/videos/${cancelled.body.id}/cancel`);
    await platform.operate('SweepFunction', {});
    expect((await filesOf(source)).length).toBe(1);
    await videos.send('POST', `/videos/${holding.id}/cancel`);
    for (const { body } of [first, second]) {
      expect(await videos.ended(body.id)).toMatchObject({ status: 'completed', remixed_from_video_id: source.id });
    }
    await platform.operate('SweepFunction', {});
    expect(await filesOf(source)).toEqual([]);
  });
});
