import { readFileSync } from 'node:fs';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MediaResult } from '../../functions/worker/media/job.ts';
import { probe } from '../../functions/worker/media/probe.ts';
import { distance, framesOf, likeness, makeClip, removeFiles, soundOf } from './film-clips.ts';

const LARGE = { width: 640, height: 360, fps: 24 };
let city: MediaResult;

beforeAll(async () => {
  city = await makeClip({ kind: 'text', prompt: 'a city at night', seed: 3 }, { audio: true, label: 'AI-generated' });
}, 60_000);
afterAll(removeFiles);

test('an upscaled film is the same film with more pixels, sharper than scaling alone, its sound kept', async () => {
  const change = { ...LARGE, audio: true, label: 'AI-generated' };
  const made = await makeClip({ kind: 'upscale', videoPath: city.videoPath }, change);
  const plain = await makeClip({ kind: 'file', path: city.videoPath }, change);
  expect(await probe(made.videoPath)).toMatchObject({ width: 640, height: 360, frames: 24 });
  expect(distance((await framesOf(made.videoPath))[9], (await framesOf(city.videoPath))[9])).toBeLessThan(4);
  const [sharp] = await framesOf(made.videoPath, LARGE);
  const [soft] = await framesOf(plain.videoPath, LARGE);
  expect(steepness(sharp)).toBeGreaterThan(steepness(soft) * 1.05);
  expect(likeness(await soundOf(made.videoPath), await soundOf(city.videoPath))).toBeGreaterThan(0.85);
});

/** Mean difference of neighbours. */
function steepness(frame: Uint8ClampedArray | undefined): number {
  let sum = 0;
  for (let at = 4; at < (frame?.length ?? 0); at += 4) sum += Math.abs((frame?.[at] ?? 0) - (frame?.[at - 4] ?? 0));
  return sum;
}

test('a film comes with a sheet of twenty small frames from its beginning to its end', async () => {
  const made = await makeClip({ kind: 'text', prompt: 'the sea, pan left', seed: 3 }, { seconds: 2 });
  expect(readFileSync(made.spritesheetPath).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  const sheet = await loadImage(made.spritesheetPath);
  expect([sheet.width, sheet.height]).toEqual([5 * 192, 4 * 108]);
  const context = createCanvas(sheet.width, sheet.height).getContext('2d');
  context.drawImage(sheet, 0, 0);
  const frames = await framesOf(made.videoPath, { width: 192, height: 108, fps: 24 });
  for (const cell of [0, 7, 19]) {
    const shown = context.getImageData((cell % 5) * 192, Math.floor(cell / 5) * 108, 192, 108).data;
    const wanted = Math.floor((cell + 0.5) * 2.4);
    expect(distance(shown, frames[wanted]), `cell ${cell}`).toBeLessThan(6);
    expect(distance(shown, frames[(wanted + 24) % 48])).toBeGreaterThan(distance(shown, frames[wanted]));
  }
});
