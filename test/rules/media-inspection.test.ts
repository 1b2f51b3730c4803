import { describe, expect, it } from 'vitest';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import { inspectMedia, MEDIA_MAX_BYTES } from '../../functions/uploads/media-inspection.ts';
import { headsHold } from '../../functions/uploads/webm-heads.ts';
import { mediaFile } from '../support/media-files.ts';
import { PACKINGS, packedWav, silentMp3, toneWav } from '../support/recordings.ts';

/** What an inspection refuses with; undefined where it takes the bytes. Whatever else it throws is thrown on. */
async function refusal(bytes: Uint8Array): Promise<Refusal | undefined> {
  try {
    await inspectMedia(bytes, 'file');
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

const says = async (bytes: Uint8Array, rule: string) =>
  expect(await refusal(bytes)).toMatchObject({
    kind: 'invalid_parameter',
    field: 'file',
    message: expect.stringContaining(rule),
  });

describe('a video', () => {
  it.each([
    ['mp4', 'video/mp4'],
    ['fragments', 'video/mp4'],
    ['mov', 'video/quicktime'],
    ['webm', 'video/webm'],
  ] as const)('in %s is taken for what it is', async (container, contentType) => {
    const facts = await inspectMedia(await mediaFile({ container, seconds: 2 }), 'file');
    const shape = { width: 640, height: 360, hasAudio: false };
    // WebM does not say how long its last frame is shown.
    expect(facts).toEqual({ mediaType: 'video', contentType, durationSeconds: expect.closeTo(2, 0), ...shape });
  });

  it('has sound where it has a track of it', async () => {
    const facts = await inspectMedia(await mediaFile({ container: 'mp4', seconds: 1, sound: true }), 'file');
    expect(facts).toMatchObject({ mediaType: 'video', hasAudio: true });
  });

  it('is taken up to 30 seconds and 1920 pixels, and no further', async () => {
    const film = (seconds: number, width: number, height: number) =>
      mediaFile({ container: 'mp4', seconds, width, height });
    expect(await refusal(await film(30, 1920, 1080))).toBeUndefined();
    await says(await film(31, 640, 360), 'at most 30');
    await says(await film(1, 1922, 1080), '1922x1080');
    await says(await film(1, 1080, 1922), '1080x1922');
    await says(await film(1, 62, 360), '62x360');
  });

  it.each(['mp4', 'fragments', 'mov', 'webm'] as const)(
    'in %s lasts as long as it is shown, wherever its clock begins',
    async container => {
      for (const starts of [0, 0.1, 10, 3600]) {
        const { durationSeconds } = await inspectMedia(await mediaFile({ container, seconds: 2, starts }), 'file');
        expect(durationSeconds, `${starts}`).toBeCloseTo(2, 1);
      }
      await says(await mediaFile({ container, seconds: 31, starts: 10 }), 'lasts 31.0 seconds');
    },
  );

  it('lasts as long as its edits show of it', async () => {
    const whole = await mediaFile({ container: 'mp4', seconds: 4, starts: 1 });
    const list = whole.indexOf('elst');
    // Version and flags, a count, and entries of 12 bytes: a pause of a second, and the film, in the movie's units.
    expect([whole.readUInt32BE(list + 8), whole.readInt32BE(list + 16)]).toEqual([2, -1]);
    const shortened = Buffer.from(whole);
    shortened.writeUInt32BE(whole.readUInt32BE(list + 12) * 3, list + 24);
    expect((await inspectMedia(whole, 'file')).durationSeconds).toBe(4);
    expect((await inspectMedia(shortened, 'file')).durationSeconds).toBe(3);
    // A longer edit shows nothing that is not there, and one of 0 says nothing.
    for (const units of [0, 2 ** 32 - 1]) {
      shortened.writeUInt32BE(units, list + 24);
      expect((await inspectMedia(shortened, 'file')).durationSeconds).toBe(4);
    }
  });

  it('has no more frames than can be decoded in good time, however little they hold', async () => {
    const film = (fps: number, seconds: number, width: number, height: number) =>
      mediaFile({ container: 'mp4', fps, seconds, width, height });
    expect(await refusal(await film(120, 30, 640, 360))).toBeUndefined();
    expect(await refusal(await film(60, 30, 1920, 1080))).toBeUndefined();
    await says(await film(1_400, 3, 64, 64), 'more than 4000 frames of 64x64: send it at fewer frames a second');
    await says(await film(700, 3, 1920, 1080), 'more than 1929 frames of 1920x1080');
    // What is too long as well is told that first.
    await says(await film(120, 40, 64, 64), 'lasts 40.0 seconds');
  });
});

describe('audio', () => {
  it.each([
    ['m4a', 'audio/mp4', () => mediaFile({ container: 'm4a', seconds: 2 })],
    ['aac', 'audio/aac', () => mediaFile({ container: 'aac', seconds: 2 })],
    ['wav', 'audio/wav', async () => toneWav(2)],
    ['mp3', 'audio/mpeg', async () => silentMp3(77)],
    ['mp3 with a cover', 'audio/mpeg', async () => silentMp3(77, new Uint8Array(300).fill(0x55))],
    ['m4a with a cover', 'audio/mp4', () => mediaFile({ container: 'm4a', seconds: 2, cover: new Uint8Array(300) })],
    ['m4a that begins late', 'audio/mp4', () => mediaFile({ container: 'm4a', seconds: 2, starts: 10 })],
    ['webm', 'audio/webm', () => mediaFile({ container: 'webm audio', seconds: 2 })],
    ['webm that begins late', 'audio/webm', () => mediaFile({ container: 'webm audio', seconds: 2, starts: 10 })],
    ...Object.entries(PACKINGS).flatMap(([name, packing]) =>
      [1, 2].map(
        channels =>
          [
            `wav, ${name}, ${channels} channels`,
            'audio/wav',
            async () => packedWav(packing, Math.round(16_000 / packing.samples), channels),
          ] as const,
      ),
    ),
  ] as const)('in %s is taken for what it is', async (_name, contentType, make) => {
    const facts = await inspectMedia(await make(), 'file');
    expect(facts).toEqual({ mediaType: 'audio', contentType, durationSeconds: expect.closeTo(2, 1), hasAudio: true });
  });

  it('is refused where it is longer than 30 seconds or hardly there', async () => {
    await says(toneWav(31), 'at most 30');
    await says(toneWav(0.05), 'less than a tenth');
    await says(packedWav(PACKINGS['ADPCM of Microsoft'], 500), 'lasts 31.3 seconds');
    await says(packedWav(PACKINGS['mu-law'], 16_000, 9), 'has 9 channels of sound: at most 8');
  });

  it('that nothing here decodes is told so, and is not called damaged', async () => {
    await says(packedWav({ ...PACKINGS['mu-law'], tag: 0x22 }, 16_000), 'sound that cannot be used: it must be one of');
  });
});

describe('what is no media', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['words', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Array(100).fill(0)])],
  ])('is refused with what is taken: %s', async (_name, bytes) => {
    await says(bytes, 'must be mp4, mov or webm');
  });

  it('is refused by its size before it is read', async () => {
    await says(Buffer.alloc(MEDIA_MAX_BYTES + 1), '100 MB');
  });

  it.each(['moov', 'trak', 'udta', 'meta', 'wave'])(
    'is refused where 49,000 boxes %s lie in one another, deeper than any reader goes',
    async type => {
      const boxes = Buffer.alloc(49_000 * 8);
      for (let at = 0; at < boxes.length; at += 8) {
        boxes.writeUInt32BE(boxes.length - at, at);
        boxes.write(type, at + 4, 'latin1');
      }
      const ftyp = Buffer.from('00000018667479706d703432000000006d70343269736f6d', 'hex');
      const moov = Buffer.from('000000086d6f6f76', 'hex');
      moov.writeUInt32BE(boxes.length + 8);
      await says(Buffer.concat([ftyp, moov, boxes]), '');
    },
  );

  it('is refused at once where a WebM ends within the head of an element, although its reader would run for ever', async () => {
    const whole = await mediaFile({ container: 'webm', seconds: 1 });
    const cluster = whole.indexOf(Buffer.from([0x1f, 0x43, 0xb6, 0x75]));
    // Four bytes say that it is a cluster and five how long it is.
    for (let end = cluster + 1; end < cluster + 9; end++) await says(whole.subarray(0, end), 'damaged');
    // A recorder that could not go back leaves the sizes of what it wrote unsaid: all ones, in as many bytes.
    const live = Buffer.from(whole);
    live.set([0x07, 0xff, 0xff, 0xff, 0xff, 0xff], whole.indexOf(Buffer.from([0x18, 0x53, 0x80, 0x67])) + 4);
    live.set([0x0f, 0xff, 0xff, 0xff, 0xff], cluster + 4);
    expect([whole, live].map(headsHold)).toEqual([true, true]);
  });

  it('is refused at once where a table claims more than it has, although its reader would run for minutes', async () => {
    const whole = await mediaFile({ container: 'mp4', seconds: 1, sound: true });
    const chunks = whole.indexOf('stsc') + 4;
    for (const [table, place] of Object.entries({ count: chunks + 4, samplesPerChunk: chunks + 12 })) {
      const broken = Buffer.from(whole);
      broken[place] = 0xff;
      const begun = performance.now();
      await says(broken, 'damaged');
      expect(performance.now() - begun, table).toBeLessThan(2_000);
    }
  });
});
