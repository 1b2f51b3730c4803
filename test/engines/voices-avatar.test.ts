/** A picture that speaks, and a voice over a clip. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, describe, expect, test } from 'vitest';
import { speechSeconds } from '../../functions/catalogue/speech-length.ts';
import { probe } from '../../functions/worker/media/probe.ts';
import { openSpeech } from '../../functions/worker/preview/speech/speech-over.ts';
import { correlation, difference, framesOf, likeness, soundOf, VoiceStudio } from '../support/voice-studio.ts';

const studio = new VoiceStudio();
afterAll(() => studio.close());

const SAID = { kind: 'speech', speakerId: '5', text: 'Mama, I am home.' } as const;
const changes = (frames: Uint8ClampedArray[], where: 'mouth' | 'elsewhere'): number[] =>
  frames.slice(1).map((frame, at) => difference(frame, frames[at] as Uint8ClampedArray, where));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('an avatar', () => {
  const durationSeconds = speechSeconds(SAID.text);

  test('is as long as was promised, sounds as the voice, and moves its mouth and a little its head', async () => {
    const made = await studio.make(
      { kind: 'avatar', imagePath: studio.picture(), voice: SAID, seed: 3 },
      { durationSeconds },
    );
    expect(await probe(made)).toMatchObject({ frames: Math.round(durationSeconds * 24) });
    const { mono } = await openSpeech(SAID, studio.folder(), durationSeconds);
    expect(likeness(await soundOf(made), mono)).toBeGreaterThan(0.9);
    const frames = await framesOf(made);
    expect(mean(changes(frames, 'mouth'))).toBeGreaterThan(3 * mean(changes(frames, 'elsewhere')));
    const first = frames[0] as Uint8ClampedArray;
    const moved = frames.map(frame => difference(frame, first, 'elsewhere'));
    expect(Math.max(...moved)).toBeGreaterThan(0.3);
    expect(Math.max(...moved)).toBeLessThan(15);
  });

  test('depends on picture, voice and seed, and on nothing else', async () => {
    const imagePath = studio.picture();
    const path = await studio.record('Two by two.');
    const film = (source: { seed?: number; text?: string; recorded?: boolean }): Promise<Uint8ClampedArray[]> => {
      const voice = source.recorded
        ? ({ kind: 'recording', path } as const)
        : { ...SAID, text: source.text ?? SAID.text };
      return studio
        .make({ kind: 'avatar', imagePath, voice, seed: source.seed ?? 3 }, { durationSeconds: 1 })
        .then(made => framesOf(made));
    };
    const base = await film({});
    const unlike = (other: Uint8ClampedArray[], where: 'mouth' | 'elsewhere'): number =>
      Math.max(...base.map((frame, at) => difference(frame, other[at] as Uint8ClampedArray, where)));
    expect(unlike(await film({}), 'mouth')).toBe(0);
    expect(unlike(await film({ seed: 4 }), 'elsewhere')).toBeGreaterThan(0.2);
    expect(unlike(await film({ text: 'Who are you?' }), 'mouth')).toBeGreaterThan(3);
    expect(unlike(await film({ recorded: true }), 'mouth')).toBeGreaterThan(3);
  });

  test('of a thing without a face has a mouth in the lower middle of the thing', async () => {
    const canvas = createCanvas(480, 360);
    const context = canvas.getContext('2d');
    context.fillStyle = '#1c3f55';
    context.fillRect(0, 0, 480, 360);
    context.fillStyle = '#9fb0b4';
    context.fillRect(120, 60, 240, 220);
    const imagePath = join(studio.folder(), 'box.png');
    writeFileSync(imagePath, canvas.toBuffer('image/png'));
    const frames = await framesOf(
      await studio.make({ kind: 'avatar', imagePath, voice: SAID, seed: 3 }, { durationSeconds: 1 }),
    );
    const shut = frames[0] as Uint8ClampedArray;
    let [sumX, sumY, weight] = [0, 0, 0];
    for (const frame of frames) {
      for (let at = 0; at < frame.length; at += 4) {
        const [x, y] = [(at / 4) % 480, Math.floor(at / 4 / 480)];
        const change = Math.abs((frame[at] as number) - (shut[at] as number));
        if (change < 40 || x < 150 || x > 330 || y < 90 || y > 250) continue;
        [sumX, sumY, weight] = [sumX + x * change, sumY + y * change, weight + change];
      }
    }
    expect(weight).toBeGreaterThan(0);
    expect(sumX / weight).toBeGreaterThan(205);
    expect(sumX / weight).toBeLessThan(275);
    expect(sumY / weight).toBeGreaterThan(170);
  });
});

describe('a voice over a clip', () => {
  const sea = { kind: 'text', prompt: 'waves of the sea', seed: 7 } as const;

  test('is heard over its sound, and alone where the clip was to be silent', async () => {
    const [ambience, mixed, alone] = await Promise.all([
      studio.make(sea).then(soundOf),
      studio.make({ kind: 'spoken_over', clip: sea, voice: SAID, ambience: true }).then(soundOf),
      studio.make({ kind: 'spoken_over', clip: sea, voice: SAID, ambience: false }).then(soundOf),
    ]);
    const { mono } = await openSpeech(SAID, studio.folder());
    expect(likeness(alone, mono)).toBeGreaterThan(0.9);
    expect(likeness(mixed, mono)).toBeGreaterThan(0.6);
    expect(correlation(mixed.subarray(80_000), ambience.subarray(80_000))).toBeGreaterThan(0.5);
    expect(Math.abs(correlation(ambience, mono))).toBeLessThan(0.2);
    expect(mixed.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeLessThan(1);
  });

  test('moves the mouth of the face in a picture, and nothing in a drawn scene', async () => {
    const clip = { kind: 'image', imagePath: studio.picture(), prompt: '', cameraMovement: 'fix_bg', seed: 1 } as const;
    const compare = async (source: typeof clip | typeof sea): Promise<{ mouth: number; elsewhere: number }> => {
      const silent = await framesOf(await studio.make(source, { durationSeconds: 1 }));
      const spoken = await framesOf(
        await studio.make({ kind: 'spoken_over', clip: source, voice: SAID, ambience: true }, { durationSeconds: 1 }),
      );
      const most = (where: 'mouth' | 'elsewhere'): number =>
        Math.max(...silent.map((frame, at) => difference(frame, spoken[at] as Uint8ClampedArray, where)));
      return { mouth: most('mouth'), elsewhere: most('elsewhere') };
    };
    const face = await compare(clip);
    expect(face.mouth).toBeGreaterThan(8);
    expect(face.elsewhere).toBeLessThan(2);
    expect(await compare(sea)).toEqual({ mouth: 0, elsewhere: 0 });
  });
});
