import { describe, expect, it } from 'vitest';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import { inspectMedia, MEDIA_MAX_BYTES } from '../../functions/uploads/media-inspection.ts';
import { mediaFile } from '../support/media-files.ts';
import { toneWav } from '../support/recordings.ts';

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
});

describe('audio', () => {
  it.each([
    ['m4a', 'audio/mp4', () => mediaFile({ container: 'm4a', seconds: 2 })],
    ['aac', 'audio/aac', () => mediaFile({ container: 'aac', seconds: 2 })],
    ['wav', 'audio/wav', async () => toneWav(2)],
    // Frames of MPEG 1 layer 3 at 128 kbit/s: 417 bytes are 26 ms.
    [
      'mp3',
      'audio/mpeg',
      async () => Buffer.alloc(77 * 417, Buffer.from([0xff, 0xfb, 0x90, 0x64, ...Array(413).fill(0)])),
    ],
  ] as const)('in %s is taken for what it is', async (_name, contentType, make) => {
    const facts = await inspectMedia(await make(), 'file');
    expect(facts).toEqual({ mediaType: 'audio', contentType, durationSeconds: expect.closeTo(2, 1), hasAudio: true });
  });

  it('is refused where it is longer than 30 seconds or hardly there', async () => {
    await says(toneWav(31), 'at most 30');
    await says(toneWav(0.05), 'less than a tenth');
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
