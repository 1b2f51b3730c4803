/** Links that the platform made, given back to it as the source of an upload or of a creation. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { picture } from '../support/pictures.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { toneWav } from '../support/recordings.ts';
import { TINY, type Video, VideosClient } from '../support/videos-client.ts';

let platform: Platform;
let customer: Customer;
let videos: VideosClient;
let made: Video;
let link: string;

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer();
  videos = new VideosClient(customer.api.url, customer.api.key);
  made = await videos.ended((await videos.create(TINY)).body.id);
  link = await linkOf('video');
});

async function linkOf(variant: string): Promise<string> {
  const query = new URLSearchParams({ variant, redirect: 'true' });
  const { headers } = await videos.send('GET', `/videos/${made.id}/content?${query}`);
  return headers.get('location') ?? '';
}

type Uploaded = { url: string; media_type: string };
const post = ({ api }: Customer, path: string, body: object) => api.post<Uploaded>(`/openapi/v2/${path}`, body);

describe('a link of the platform', () => {
  it('is the file of its own account, whatever takes a URL, and however old the link is', async () => {
    const video = await post(customer, 'media/upload', { file_url: link.replace('X-Amz-Date=2', 'X-Amz-Date=1') });
    expect(video).toMatchObject({ ErrCode: 0, Resp: { media_type: 'video', height: 360 } });
    const again = await post(customer, 'media/upload', { file_url: video.Resp.url });
    expect(again).toMatchObject({ ErrCode: 0, Resp: { media_type: 'video' } });
    const image = await post(customer, 'image/upload', { image_url: await linkOf('thumbnail') });
    expect(image.ErrCode).toBe(0);
    const content = `${customer.api.url}/v1/videos/${made.id}/content`;
    const called = await post(customer, 'media/upload', { file_url: content });
    expect(called).toMatchObject({ ErrCode: 0, Resp: { media_type: 'video' } });
    const shown = await post(customer, 'image/upload', { image_url: `${content}?variant=thumbnail` });
    expect(shown.ErrCode).toBe(0);
    const uploaded = await customer.api.upload(await picture(64, 64), 'a.png');
    const input_reference = { image_url: uploaded.Resp.img_url };
    const { status, body } = await videos.create({ ...TINY, input_reference, dry_run: true });
    expect([status, body.object]).toEqual([200, 'video.quote']);
  });

  it('is nothing to another account, nor once what it names was deleted', async () => {
    const stranger = await platform.customer();
    const foreign = await post(stranger, 'media/upload', { file_url: link });
    expect(foreign).toMatchObject({ ErrCode: 400017, ErrMsg: expect.stringContaining('file_url cannot be fetched') });
    expect(foreign.ErrMsg).toContain('a link of this platform to nothing that your account has');
    const other = await videos.ended((await videos.create(TINY)).body.id);
    const { headers } = await videos.send('GET', `/videos/${other.id}/content?redirect=true`);
    await videos.send('DELETE', `/videos/${other.id}`);
    const file_url = headers.get('location') ?? '';
    // As where its bytes were not removed yet.
    const Key = decodeURIComponent(new URL(file_url).pathname.replace(/^.*?(?=accounts\/)/, ''));
    const Bucket = platform.output('MediaBucket');
    await new S3Client(platform.cloud.client).send(new PutObjectCommand({ Bucket, Key, Body: toneWav(1) }));
    const gone = await post(customer, 'media/upload', { file_url });
    const never = await post(customer, 'media/upload', {
      file_url: link.replace(/videos\/\d+/, `videos/${'1'.repeat(16)}`),
    });
    const called = await post(stranger, 'media/upload', {
      file_url: `${customer.api.url}/v1/videos/${made.id}/content`,
    });
    for (const refused of [gone, never, called]) expect(refused.ErrMsg).toBe(foreign.ErrMsg);
  });

  it('to the bucket is no way to what is not media of an account', async () => {
    for (const key of ['', 'other/key', `accounts/${customer.accountId}/qualification/1`, '%E0%A4%A', 'accounts/']) {
      const file_url = `${link.slice(0, link.indexOf('accounts/'))}${key}`;
      const refused = await post(customer, 'media/upload', { file_url });
      expect(refused.ErrMsg).toContain('a link of this platform to nothing that your account has');
    }
  });

  it('is known by its host: the same path elsewhere is fetched there, as any other address', async () => {
    const file_url = `https://films.example.invalid/v1/videos/${made.id}/content`;
    const elsewhere = await post(customer, 'media/upload', { file_url });
    expect(elsewhere).toMatchObject({ ErrCode: 400017, ErrMsg: expect.stringContaining('file_url cannot be fetched') });
    expect(elsewhere.ErrMsg).not.toContain('a link of this platform');
  });

  it('of another kind or size is refused in the words of its route', async () => {
    const wrong = await post(customer, 'image/upload', { image_url: link });
    expect(wrong).toMatchObject({ ErrCode: 500032 });
  });
});
