/** Recordings and films as people have them: what the inspection says of a file is what the decoder finds in it. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { AV_LOG_FATAL } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectMedia } from '../../functions/uploads/media-inspection.ts';
import { closeMedia, openMedia, TrackDecoder } from '../../functions/worker/media/media-file.ts';
import { openVideo, readAudio, surveyVideo } from '../../functions/worker/media/video-reader.ts';
import { mediaFile } from '../support/media-files.ts';
import { PACKINGS, packedWav, silentMp3 } from '../support/recordings.ts';
import { discOn, drawnFilm, rightwards } from './drawn-films.ts';
import { encodedSilence } from './encoded-silence.ts';
import { removeFiles as removeFilms, repack } from './film-clips.ts';
import { filmed, removeFiles, root, thing } from './picture-frames.ts';

// Packets of no meaning are told of, one by one.
Log.setLevel(AV_LOG_FATAL);

const RATE = 48_000;
const cover = new Uint8Array(createCanvas(300, 300).toBuffer('image/jpeg'));
let film: string;

beforeAll(async () => {
  film = await drawnFilm('sounding', 24, discOn(rightwards), 440);
}, 60_000);
afterAll(() => {
  removeFiles();
  removeFilms();
});

function stored(name: string, bytes: Uint8Array): string {
  const path = join(mkdtempSync(join(root, 'file-')), name);
  writeFileSync(path, bytes);
  return path;
}

describe('a recording with a cover picture', () => {
  test('is read for its sound, which lasts as long as was inspected', async () => {
    for (const bytes of [silentMp3(77, cover), silentMp3(77)]) {
      const [left] = await readAudio(stored('a.mp3', bytes), RATE);
      expect(Math.abs(left.length / RATE - (await inspectMedia(bytes, 'file')).durationSeconds)).toBeLessThan(0.06);
    }
    const m4a = stored('a.m4a', await mediaFile({ container: 'm4a', seconds: 1, cover }));
    // Its packets mean nothing: that they were looked for is enough, and the process that looked lives.
    await expect(readAudio(m4a, RATE)).rejects.toMatchObject({ code: 'bad_media' });
  });

  test('is no film', async () => {
    await expect(surveyVideo(stored('a.mp3', silentMp3(77, cover)))).rejects.toMatchObject({
      code: 'bad_media',
      message: expect.stringContaining('no picture track'),
    });
  });

  test('is the voice of an avatar', async () => {
    const made = await filmed(
      {
        kind: 'avatar',
        imagePath: thing('speaker', '#c08060'),
        voice: { kind: 'recording', path: stored('voice.mp3', silentMp3(40, cover)) },
        seed: 1,
      },
      { durationSeconds: 0.5, audio: true },
    );
    expect(made).toMatchObject({ frames: 12, hasAudio: true });
  });
});

describe('sound', () => {
  test.each(Object.entries(PACKINGS))('in %s is decoded, and as long as was inspected', async (_name, packing) => {
    for (const channels of [1, 2]) {
      const wav = packedWav(packing, Math.round(12_000 / packing.samples), channels);
      const [left] = await readAudio(stored('a.wav', wav), RATE);
      const { durationSeconds } = await inspectMedia(wav, 'file');
      expect(Math.abs(left.length / RATE - durationSeconds)).toBeLessThan(0.01);
    }
  });

  test('of up to eight channels is heard although nothing says which is which, and no more are taken', async () => {
    for (let channels = 1; channels <= 9; channels++) {
      // A plain header, which has no place for names, as packedWav writes it.
      const wav = packedWav({ tag: 1, bits: 16, blockBytes: 2, samples: 1, silence: 0 }, 4_000, channels);
      const inspected = inspectMedia(wav, 'file');
      if (channels === 9)
        await expect(inspected).rejects.toMatchObject({ message: expect.stringContaining('at most 8') });
      else {
        expect((await inspected).durationSeconds).toBe(0.5);
        expect((await readAudio(stored('a.wav', wav), RATE))[1]).toHaveLength(RATE / 2);
      }
    }
  });

  test.each([
    ['libopus', 'webm', 'webm', 'audio/webm'],
    ['libopus', 'ogg', 'ogg', 'audio/ogg'],
    ['flac', 'flac', 'flac', 'audio/flac'],
    ['alac', 'ipod', 'm4a', 'audio/mp4'],
    ['ac3', 'mp4', 'mp4', 'audio/mp4'],
    ['adpcm_ima_qt', 'mov', 'mov', 'audio/mp4'],
  ] as const)(
    'by %s in %s is taken, decoded, and as long as was inspected',
    async (encoder, container, extension, contentType) => {
      const path = await encodedSilence(encoder, container, extension);
      const facts = await inspectMedia(readFileSync(path), 'file');
      expect(facts).toMatchObject({ mediaType: 'audio', contentType, hasAudio: true });
      const [left] = await readAudio(path, RATE);
      expect(Math.abs(left.length / RATE - facts.durationSeconds)).toBeLessThan(0.1);
    },
  );
});

describe('a film', () => {
  test.each([
    ['mp4', () => repack(film, 'mp4', 'mp4', undefined, 10)],
    ['mov', () => repack(film, 'mov', 'mov', undefined, 10)],
    // Its packets mean nothing: only its clock is looked at.
    ['webm', async () => stored('late.webm', await mediaFile({ container: 'webm', seconds: 1, starts: 10 }))],
  ])('in %s whose clock begins late is as long for the decoder as it was inspected', async (_container, make) => {
    const path = await make();
    const { durationSeconds } = await inspectMedia(readFileSync(path), 'file');
    const { seconds, starts } = await surveyVideo(path);
    expect(starts).toBeCloseTo(10, 0);
    expect(durationSeconds).toBeCloseTo(1, 1);
    expect(seconds).toBeCloseTo(durationSeconds, 1);
  });

  test('is as wide and as high for the decoder as it was inspected, however the camera was held', async () => {
    const bytes = readFileSync(film);
    const matrix = bytes.indexOf('tkhd') + 44;
    for (const [a, b, c, d] of [
      [1, 0, 0, 1],
      [0, 1, -1, 0],
      [-1, 0, 0, -1],
      [0, -1, 1, 0],
      [-1, 0, 0, 1],
      [0, 1, 1, 0],
    ] as const) {
      const turned = Buffer.from(bytes);
      // Rows of three numbers, of which the first two have 16 bits behind the point.
      for (const [at, value] of [a, b, 0, c, d].entries()) turned.writeInt32BE(value * 0x10000, matrix + at * 4);
      const { width, height } = await inspectMedia(turned, 'file');
      expect(await surveyVideo(stored('turned.mp4', turned)), `${[a, b, c, d]}`).toMatchObject({ width, height });
    }
  });

  test('with more pixels in all than are taken is not decoded to its end, whatever it says of itself', async () => {
    const media = await openMedia(film);
    const decoder = await TrackDecoder.open(media.format, media.picture ?? expect.fail('no picture'), 5 * 320 * 180);
    for (let frame = 0; frame < 5; frame++) (await decoder.next())?.free();
    await expect(decoder.next()).rejects.toMatchObject({ code: 'bad_media' });
    decoder.close();
    await closeMedia(media);
  });

  test('in more pieces than are taken is not decoded to its end', async () => {
    const path = stored(
      'many.mp4',
      await mediaFile({ container: 'mp4', fps: 3_000, seconds: 3, width: 64, height: 64 }),
    );
    await expect(openVideo(path, { width: 64, height: 64, fps: 24 })).rejects.toMatchObject({
      code: 'bad_media',
      message: expect.stringContaining('too many pieces'),
    });
  });
});
