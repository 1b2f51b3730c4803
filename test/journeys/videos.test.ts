/** The official client of the Videos API, unmodified: only `baseURL` and `apiKey` are ours. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import OpenAI, { APIError, toFile } from 'openai';
import type { Video } from 'openai/resources/videos';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { MODELS } from '../../functions/catalogue/models.ts';
import { ROUTES } from '../../functions/routes.ts';
import { sortable } from '../../functions/runtime/ids.ts';
import { creditsOf } from '../support/credits.ts';
import { picture as draw } from '../support/pictures.ts';
import { type Customer, Platform, ROOT } from '../support/platform.ts';
import { TINY } from '../support/videos-client.ts';

let platform: Platform;
let customer: Customer;
let openai: OpenAI;

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer();
  openai = clientOf(customer);
});

const clientOf = ({ api }: Customer): OpenAI => new OpenAI({ baseURL: `${api.url}/v1`, apiKey: api.key });
/** Members that the client's types do not know are sent all the same. */
const tiny = TINY as unknown as OpenAI.VideoCreateParams;
const sized = (size: string): OpenAI.VideoCreateParams => ({ ...tiny, size }) as OpenAI.VideoCreateParams;

/** As the client's own documentation polls. */
async function poll(client: OpenAI, video: Video): Promise<Video> {
  let current = video;
  while (current.status === 'queued' || current.status === 'in_progress') {
    await pause(200);
    current = await client.videos.retrieve(current.id);
  }
  return current;
}

async function refusalOf(action: PromiseLike<unknown>): Promise<APIError> {
  try {
    await action;
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the official client, version 7.5.0', () => {
  it('is the version that this was tried with', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/openai/package.json'), 'utf8'));
    expect(version).toBe('7.5.0');
  });

  it('lists the models, and retrieves each and those that stand in for others', async () => {
    const { data } = await openai.models.list();
    expect(data.map(({ id }) => id)).toEqual(MODELS.map(({ name }) => name));
    expect(await openai.models.retrieve('v5')).toEqual(ROUTES.retrieveModel?.example.answer);
    expect(await openai.models.retrieve('sora-2')).toMatchObject({ id: 'v6', object: 'model', owned_by: 'mutoscope' });
    expect(await refusalOf(openai.models.retrieve('gpt-4o'))).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('creates, polls, downloads every variant, lists and deletes', async () => {
    const before = await customer.api.balance();
    const created = await openai.videos.create(tiny);
    expect(created).toMatchObject({
      object: 'video',
      status: 'queued',
      progress: 0,
      model: 'v6',
      prompt: TINY.prompt,
      seconds: '1',
      size: TINY.size,
      completed_at: null,
      expires_at: null,
      error: null,
      remixed_from_video_id: null,
      stage: 'queued',
      credits_held: 5,
      credits_charged: 0,
    });
    expect(created.id).toMatch(/^video_\d{15,16}$/);
    expect(Math.abs(created.created_at - Date.now() / 1000)).toBeLessThan(60);

    const done = await poll(openai, created);
    expect(done).toMatchObject({ status: 'completed', progress: 100, credits_held: 0, credits_charged: 5 });
    expect(done).toMatchObject({
      provenance: {
        engine: 'preview',
        ai_generated: true,
        digital_source_type: expect.stringMatching(/\/algorithmicMedia$/),
      },
    });
    expect(done.completed_at).toBeGreaterThanOrEqual(done.created_at);
    expect(before - (await customer.api.balance())).toBe(5);

    // The redirect leads to another origin: a key sent on with it would make S3 refuse its own link.
    const answer = await openai.videos.downloadContent(done.id);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('video/mp4');
    const film = Buffer.from(await answer.arrayBuffer());
    expect(film.subarray(4, 8).toString('latin1')).toBe('ftyp');
    // A page of any origin may read by a link.
    const { url } = (await customer.api.result(done.id.slice('video_'.length))).Resp;
    const fromPage = await fetch(url, { headers: { origin: 'https://app.example' } });
    expect([fromPage.status, fromPage.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    await fromPage.body?.cancel();
    for (const variant of ['thumbnail', 'spritesheet'] as const) {
      const picture = await openai.videos.downloadContent(done.id, { variant });
      expect(await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).toMatchObject({ format: 'jpeg' });
    }

    const page = await openai.videos.list({ limit: 1 });
    expect(page.data.map(({ id }) => id)).toEqual([done.id]);

    expect(await objectsOf(done.id)).toBeGreaterThan(0);
    expect(await openai.videos.delete(done.id)).toEqual({
      id: done.id,
      object: 'video.deleted',
      deleted: true,
      certificate_id: expect.stringMatching(/^cert_/),
    });
    expect(await objectsOf(done.id)).toBe(0);
    expect(await openai.videos.delete(done.id)).toMatchObject({ deleted: true });
    expect((await openai.videos.list()).data).toEqual([]);
    const gone = { status: 404, code: 'video_deleted' };
    expect(await refusalOf(openai.videos.retrieve(done.id))).toMatchObject(gone);
    expect(await refusalOf(openai.videos.downloadContent(done.id))).toMatchObject(gone);
    expect(await refusalOf(openai.videos.remix(done.id, { prompt: 'at night' }))).toMatchObject(gone);
    expect((await customer.api.result(done.id.slice('video_'.length))).Resp).toMatchObject({ status: 6, url: '' });
    await creditsOf(platform, customer.accountId);
  });

  it('moves an image that it uploads', async () => {
    const file = await toFile(await draw(320, 240), 'picture.png', { type: 'image/png' });
    const video = await openai.videos.create({ ...tiny, input_reference: file });
    expect(video).toMatchObject({ function: 'image_to_video', size: TINY.size });
    expect(await poll(openai, video)).toMatchObject({ status: 'completed', size: TINY.size });
  });

  it('moves an image in a data URL, and one that was uploaded before', async () => {
    const bytes = await draw(320, 240);
    const image_url = `data:image/png;base64,${bytes.toString('base64')}`;
    const uploaded = await customer.api.upload(bytes);
    for (const input_reference of [{ image_url }, { file_id: String(uploaded.Resp.img_id) }]) {
      const video = await openai.videos.create({ ...tiny, input_reference });
      expect(await poll(openai, video)).toMatchObject({ status: 'completed', function: 'image_to_video' });
    }
  });

  it('remixes, edits and extends a finished video', async () => {
    const first = await poll(openai, await openai.videos.create(sized('360x640')));
    const remix = await openai.videos.remix(first.id, { prompt: 'the same hills under snow' });
    expect(remix).toMatchObject({
      status: 'queued',
      remixed_from_video_id: first.id,
      prompt: 'the same hills under snow',
    });
    const edit = await openai.videos.edit({ prompt: 'make it night', video: { id: first.id } });
    const extension = await openai.videos.extend({
      prompt: 'the sun rises',
      seconds: '1' as '4',
      video: { id: first.id },
    });
    expect(extension).toMatchObject({ function: 'extend' });
    for (const video of [extension, remix, edit]) {
      const done = await poll(openai, video);
      expect(done).toMatchObject({ status: 'completed', error: null });
      const [width = 0, height = 0] = done.size.split('x').map(Number);
      expect(height).toBeGreaterThan(width);
    }
  });

  it('edits and extends a video that it uploads, and refuses what is none', async () => {
    const first = await poll(openai, await openai.videos.create(tiny));
    const film = Buffer.from(await (await openai.videos.downloadContent(first.id)).arrayBuffer());
    const video = (): Promise<File> => toFile(film, 'film.mp4', { type: 'video/mp4' });
    const edit = await openai.videos.edit({ prompt: 'make it night', video: await video() });
    const extension = await openai.videos.extend({ prompt: 'on', seconds: '1' as '4', video: await video() });
    expect([edit, extension]).toMatchObject([{ function: 'modify' }, { function: 'extend' }]);
    expect(edit.remixed_from_video_id).toBeNull();
    for (const started of [extension, edit]) {
      expect(await poll(openai, started)).toMatchObject({ status: 'completed', error: null });
    }
    const words = await toFile(Buffer.from('no film at all'), 'film.mp4', { type: 'video/mp4' });
    expect(await refusalOf(openai.videos.edit({ prompt: 'make it night', video: words }))).toMatchObject({
      status: 400,
      param: 'video',
    });
  });

  it('reads a long list page by page, in both orders, and sees each video once', async () => {
    const lister = clientOf(await platform.customer());
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.push((await lister.videos.create(tiny)).id);
    // Ids of one second are in no order among themselves.
    const byAge = made.toSorted((a, b) => Number(a.slice(6)) - Number(b.slice(6)));
    const walk = async (order: 'asc' | 'desc'): Promise<string[]> => {
      const seen: string[] = [];
      for await (const video of lister.videos.list({ limit: 2, order })) seen.push(video.id);
      return seen;
    };
    expect(await walk('asc')).toEqual(byAge);
    expect(await walk('desc')).toEqual(byAge.toReversed());
    const raw = await lister.videos.list({ limit: 2, order: 'asc' });
    expect(raw).toMatchObject({ has_more: true, last_id: byAge[1] });
    for (const id of made) await poll(lister, await lister.videos.retrieve(id));
    for (const id of byAge.slice(1, 4)) await lister.videos.delete(id);
    expect(await walk('asc')).toEqual([byAge[0], byAge[4]]);
  });

  it('shows what was wrong in its own errors', async () => {
    const error = await refusalOf(openai.videos.create(sized('1x1')));
    expect(error).toMatchObject({
      status: 400,
      code: 'invalid_parameter',
      param: 'size',
      type: 'invalid_request_error',
    });
    expect(error.message).toContain('1280x720');
    expect(error.requestID).toMatch(/^[0-9a-f-]{36}$/);
    const stranger = new OpenAI({ baseURL: `${customer.api.url}/v1`, apiKey: 'open-sesame' });
    expect(await refusalOf(stranger.videos.list())).toMatchObject({
      status: 401,
      code: 'key_refused',
      type: 'authentication_error',
      message: expect.stringContaining('not registered'),
    });
  });
});

/** Versions and delete markers of everything that was made for the video. */
async function objectsOf(id: string): Promise<number> {
  const folder = sortable(Number(id.slice('video_'.length)));
  const s3 = new S3Client(platform.cloud.client);
  const { Versions = [], DeleteMarkers = [] } = await s3.send(
    new ListObjectVersionsCommand({
      Bucket: platform.output('MediaBucket'),
      Prefix: `accounts/${customer.accountId}/videos/${folder}/`,
    }),
  );
  return Versions.length + DeleteMarkers.length;
}
