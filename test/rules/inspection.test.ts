import { describe, expect, it } from 'vitest';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import { GOOD_STANDING, STANDING_TABLE, type Standing } from '../../functions/catalogue/standing.ts';
import { type CreateVideoDependencies, edit } from '../../functions/generation/videos/create-video-command.ts';
import { documentFacts, imageFacts, mediaFacts, refusalOfLate } from '../../functions/uploads/inspection-client.ts';
import { inspectReference, uploadImage, uploadMedia } from '../../functions/uploads/upload-command.ts';
import { type Container, mediaFile } from '../support/media-files.ts';
import { toneWav } from '../support/recordings.ts';
import { CALLER } from './sample-caller.ts';
import { exif, picture, withSegment } from './sample-images.ts';

describe('the inspection of what comes from outside', () => {
  it('says what the inspection says', async () => {
    const video = await mediaFile({ container: 'mp4', seconds: 1 });
    expect(await mediaFacts(video, 'file')).toMatchObject({ mediaType: 'video', width: 640, height: 360 });
    expect(await mediaFacts(toneWav(1), 'file')).toMatchObject({ mediaType: 'audio', durationSeconds: 1 });
    await expect(mediaFacts(toneWav(31), 'file_url')).rejects.toMatchObject({
      name: 'Refusal',
      kind: 'invalid_parameter',
      field: 'file_url',
      message: expect.stringContaining('at most 30'),
    });
  });

  it('ends, with a refusal, over a WebM that was cut where its reader never ends', async () => {
    const whole = await mediaFile({ container: 'webm', seconds: 1 });
    // Of all places some keep the reader for ever; which they are depends on its version.
    const cuts = [260, 264, 268, 280].map(end => whole.subarray(0, end));
    const ends = cuts.map(cut =>
      mediaFacts(cut, 'file', 1_000).then(
        () => 'taken',
        error => (error as Error).name,
      ),
    );
    for (const end of await Promise.all(ends)) expect(['taken', 'Refusal']).toContain(end);
  });

  it.each(['mp4', 'fragments', 'mov', 'webm', 'm4a', 'aac'] as const)(
    'takes or refuses a file in %s, wherever it is broken or cut, and never anything else',
    async (container: Container) => {
      const whole = await mediaFile({ container, seconds: 1, sound: true });
      for (let round = 0; round < 5; round++) {
        const broken = Buffer.from(whole);
        const place = (round * 7919 + 13) % whole.length;
        broken[place] = (broken[place] ?? 0) ^ 0xff;
        const cut = round % 2 === 0 ? broken : broken.subarray(0, (round * 104_729) % whole.length);
        const end = await mediaFacts(cut, 'file', 1_000).then(
          () => 'taken',
          error => (error as Error).name,
        );
        expect(['taken', 'Refusal'], `round ${round}`).toContain(end);
      }
    },
  );
});

describe('the inspection of images and documents', () => {
  it('says what the inspection says, and refuses as it does', async () => {
    const image = await picture(37, 23).jpeg().toBuffer();
    expect(await imageFacts(image)).toMatchObject({ format: 'jpeg', width: 37, height: 23 });
    expect(await documentFacts(image, 'image/jpeg')).toMatchObject({ contentType: 'image/jpeg' });
    await expect(imageFacts(Buffer.from('hello'))).rejects.toMatchObject({ name: 'Refusal', kind: 'image_format' });
    await expect(documentFacts(Buffer.from('hello'), 'application/pdf')).rejects.toMatchObject({
      name: 'Refusal',
      message: expect.stringContaining('no PDF'),
    });
  });

  it('that a slow machine does not finish is to be sent again, and nothing is said against the file', async () => {
    const late = { name: 'Refusal', kind: 'busy', message: expect.stringContaining('send it again') };
    const image = await picture(37, 23).jpeg().toBuffer();
    await expect(imageFacts(image, 0)).rejects.toMatchObject(late);
    await expect(documentFacts(image, 'image/jpeg', 0)).rejects.toMatchObject(late);
    await expect(mediaFacts(toneWav(1), 'file', 0)).rejects.toMatchObject(late);
  });

  it('that has had the processor for 1.5 s and is not done is the fault of the file', () => {
    const damaged = new Refusal('invalid_parameter', 'file is damaged', 'file');
    expect(refusalOfLate(1_500, damaged)).toBe(damaged);
    expect(refusalOfLate(1_499, damaged)).toMatchObject({ kind: 'busy' });
  });

  it('of an image takes no longer for what its segments promise: 65,535 entries in each of 20,000', async () => {
    let image = await picture(37, 23).jpeg().toBuffer();
    // A directory that begins with its own count, 65,535 entries of which none is there.
    const promise = Buffer.concat([exif(1, 'II').subarray(0, 14), Buffer.from([0xff, 0xff, 0xff, 0xff])]);
    const segments = Buffer.concat(
      Array.from({ length: 20_000 }, () => {
        const [, , ...segment] = withSegment(Buffer.from([0xff, 0xd8]), 0xe1, promise);
        return Buffer.from(segment);
      }),
    );
    image = Buffer.concat([image.subarray(0, 2), segments, image.subarray(2)]);
    expect(await imageFacts(image, 2_000)).toMatchObject({ width: 37, height: 23 });
  });
});

describe('a file that comes with a call of the Videos dialect', () => {
  /** Nothing of it is reached before the file is inspected. */
  const dependencies: CreateVideoDependencies = {
    tables: { core: 'none', jobs: 'none', ledger: 'none', idempotency: 'none', audit: 'none' },
    standing: GOOD_STANDING,
    stateMachineArn: 'none',
    served: undefined,
    jobsTable: 'none',
    mediaBucket: 'none',
    allow: [],
    baseUrl: 'https://api.example.com',
    now: () => Date.parse('2026-11-29T12:00:00Z'),
    random: bytes => new Uint8Array(bytes),
  };
  const editing = (video: Uint8Array, by = CALLER, given = dependencies) =>
    edit(given, {
      caller: by,
      input: { prompt: 'make it night', video, dry_run: true },
      route: '/v1/videos/edits',
      headers: { 'idempotency-key': undefined, prefer: undefined, 'cancel-after': undefined },
    });

  it('holds no function for longer than the guard allows, also in a dry run', { timeout: 30_000 }, async () => {
    const whole = await mediaFile({ container: 'webm', seconds: 1 });
    const start = performance.now();
    await expect(editing(whole.subarray(0, 264))).rejects.toMatchObject({
      name: 'Refusal',
      kind: 'invalid_parameter',
      field: 'video',
    });
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('6.1: is not looked at where the standing leaves no uploads', async () => {
    const restriction = { ...STANDING_TABLE.restricted.restriction, functions: [], untilMs: Date.parse('2026-12-24') };
    const standing: Standing = { step: 'restricted', restrictions: [restriction], revision: 1 };
    const file = (await mediaFile({ container: 'webm', seconds: 1 })).subarray(0, 264);
    const refused = {
      kind: 'account_restricted',
      message: expect.stringMatching(/uploads are taken away from this account until 2026-12-24.*account\/appeals/),
    };
    const restricted = { ...dependencies, standing };
    await expect(editing(file, { ...CALLER, standing }, restricted)).rejects.toMatchObject(refused);
    await expect(uploadImage(restricted, 'acct_1', { image: file }, 7)).rejects.toMatchObject(refused);
    await expect(uploadMedia(restricted, 'acct_1', { file }, 7)).rejects.toMatchObject(refused);
    await expect(
      inspectReference(restricted, 'acct_1', { image_url: 'https://example.com/' }, { field: 'a', retentionDays: 7 }),
    ).rejects.toMatchObject(refused);
  });

  it('is not looked at where plan or key do not cover what is made of it', async () => {
    const start = performance.now();
    const file = (await mediaFile({ container: 'webm', seconds: 1 })).subarray(0, 264);
    for (const by of [
      { ...CALLER, plan: 'trial' },
      { ...CALLER, scope: { functions: ['extend'], models: [] } },
    ]) {
      await expect(editing(file, by)).rejects.toMatchObject({ kind: 'no_permission', field: 'function' });
    }
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
