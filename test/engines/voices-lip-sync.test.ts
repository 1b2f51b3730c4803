/** Lip sync: the film's mouth follows the voice, the voice is its sound, and the film decides the length. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MediaError } from '../../functions/worker/media/media-error.ts';
import { probe } from '../../functions/worker/media/probe.ts';
import { hear, LOOKS_PER_SECOND } from '../../functions/worker/preview/speech/mouth-track.ts';
import { openSpeech } from '../../functions/worker/preview/speech/speech-over.ts';
import {
  correlation,
  difference,
  FORMAT,
  framesOf,
  likeness,
  RATE,
  soundOf,
  VoiceStudio,
} from '../support/voice-studio.ts';

const studio = new VoiceStudio();
afterAll(() => studio.close());

const SAID = { kind: 'speech', speakerId: '1', text: 'Hello. My mama bakes many pies.' } as const;
let film = '';
let plain: Uint8ClampedArray[] = [];
beforeAll(async () => {
  const imagePath = studio.picture();
  film = await studio.make(
    { kind: 'image', imagePath, prompt: '', cameraMovement: 'fix_bg', seed: 1 },
    { audio: false },
  );
  plain = await framesOf(film);
});

/** Loudness at each frame. */
async function loudnessOf(samples: Float32Array): Promise<number[]> {
  const { loudness } = hear(samples, RATE);
  return plain.map((_, frame) => {
    const at = Math.round((frame / FORMAT.fps) * LOOKS_PER_SECOND);
    return ((loudness[at] ?? 0) + (loudness[at + 2] ?? 0) + (loudness[at + 4] ?? 0)) / 3;
  });
}

const mouthMotion = (frames: Uint8ClampedArray[]): number[] =>
  frames.map((frame, at) => difference(frame, plain[at] as Uint8ClampedArray, 'mouth'));

describe('a speaker and a text', () => {
  let path = '';
  let frames: Uint8ClampedArray[] = [];
  beforeAll(async () => {
    path = await studio.make({ kind: 'lip_sync', videoPath: film, voice: SAID });
    frames = await framesOf(path);
  });

  test('move the mouth as loud as it is spoken', async () => {
    const { mono } = await openSpeech(SAID, studio.folder());
    const motion = mouthMotion(frames);
    expect(correlation(motion, await loudnessOf(mono))).toBeGreaterThan(0.6);
    expect(Math.max(...motion)).toBeGreaterThan(6 * Math.min(...motion));
  });

  test('leave the rest of the picture as it is', () => {
    const elsewhere = frames.map((frame, at) => difference(frame, plain[at] as Uint8ClampedArray, 'elsewhere'));
    expect(Math.max(...elsewhere)).toBeLessThan(3);
    expect(Math.max(...mouthMotion(frames))).toBeGreaterThan(4 * Math.max(...elsewhere));
  });

  test('are the only sound, and the clip is as long as the film', async () => {
    const { mono } = await openSpeech(SAID, studio.folder());
    const sound = await soundOf(path);
    expect(likeness(sound, mono)).toBeGreaterThan(0.9);
    expect(await probe(path)).toMatchObject({ frames: plain.length, durationSeconds: 2, width: 480, height: 360 });
  });

  test('give the same film every time', async () => {
    const again = await framesOf(await studio.make({ kind: 'lip_sync', videoPath: film, voice: SAID }));
    expect(again.every((frame, at) => Buffer.from(frame).equals(Buffer.from(frames[at] as Uint8ClampedArray)))).toBe(
      true,
    );
  });
});

describe('a recording', () => {
  test('moves the mouth in its own way: two recordings give two films', async () => {
    const paths = [await studio.record('Banana, papa, mama, drama.'), await studio.record('Who knew? You do. See me.')];
    const films = [];
    for (const path of paths) {
      const made = await studio.make({ kind: 'lip_sync', videoPath: film, voice: { kind: 'recording', path } });
      expect(likeness(await soundOf(made), await soundOf(path))).toBeGreaterThan(0.9);
      films.push(mouthMotion(await framesOf(made)));
    }
    const [one = [], two = []] = films;
    expect(Math.max(...one)).toBeGreaterThan(5);
    expect(Math.max(...two)).toBeGreaterThan(3);
    expect(correlation(one, two)).toBeLessThan(0.6);
  });

  test('longer than the film is cut, shorter ends in silence with the mouth shut', async () => {
    const long = await studio.record('This goes on and on and on, far longer than the film ever will, my friend.');
    const cut = await studio.make({ kind: 'lip_sync', videoPath: film, voice: { kind: 'recording', path: long } });
    expect((await soundOf(long)).length).toBeGreaterThan(2.5 * RATE);
    expect((await probe(cut)).audio?.durationSeconds).toBeCloseTo(2, 1);

    const path = await studio.record('Hi.');
    const short = await studio.make({ kind: 'lip_sync', videoPath: film, voice: { kind: 'recording', path } });
    const sound = await soundOf(short);
    expect(sound.subarray(1.4 * RATE, 1.9 * RATE).every(sample => Math.abs(sample) < 0.003)).toBe(true);
    const motion = mouthMotion(await framesOf(short));
    expect(Math.max(...motion.slice(36))).toBeLessThan(Math.max(...motion.slice(0, 20)) / 3);
  });

  test('that is no recording is refused as bad media', async () => {
    const asked = studio.make({
      kind: 'lip_sync',
      videoPath: film,
      voice: { kind: 'recording', path: studio.picture() },
    });
    const error = await asked.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MediaError);
    expect(error).toMatchObject({ code: 'bad_media' });
  });
});
