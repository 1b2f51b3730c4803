/** Clips of several shots: the cuts are found in the decoded frames, not in the plan. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { TEMPLATES } from '../../functions/catalogue/templates.ts';
import type { VideoRequest } from '../../functions/catalogue/video-request.ts';
import { sourceOf } from '../../functions/worker/preview/engine.ts';
import { planCutaways, planShots } from '../../functions/worker/preview/shots.ts';
import type { ImageSource, ShotsSource, TextSource, TransitionSource } from '../../functions/worker/preview/source.ts';
import { framesOf } from './film-clips.ts';
import { difference, filmed, opened, place, removeFiles, SIZE } from './picture-frames.ts';

afterAll(removeFiles);

const SEA: TextSource = { kind: 'text', prompt: 'a lighthouse at dawn, waves', seed: 7 };
const PICTURE: ImageSource = { kind: 'image', imagePath: place('blue', 210), prompt: 'the camera moves', seed: 7 };
const CHANGE: TransitionSource = {
  kind: 'transition',
  imagePaths: [PICTURE.imagePath, place('red', 0)],
  seed: 7,
  legs: [{ seconds: 1, prompt: 'a slow dissolve' }],
};
const cut = (clip: ShotsSource['clip']): ShotsSource => ({ kind: 'shots', clip });

/** The frames that differ from the one before by far more than any others do: by this many times. */
const CUT = 3;

/** Where the `count` largest changes between neighbours are, and how far they stand out from the next largest. */
async function cutsOf(path: string, count: number): Promise<{ at: number[]; standsOut: number }> {
  const frames = await framesOf(path);
  const changes = frames.slice(1).map((frame, index) => ({ at: index + 1, by: difference(frames[index], frame) }));
  const ranked = changes.toSorted((one, other) => other.by - one.by);
  const least = ranked[count - 1]?.by ?? 0;
  const at = ranked.slice(0, count).map(change => change.at);
  return { at: at.sort((one, other) => one - other), standsOut: least / (ranked[count]?.by || 1) };
}

describe('a clip of several shots', () => {
  test.each([
    ['words', SEA, 8, 3],
    ['an image', PICTURE, 5, 2],
  ] as const)('of %s is cut hard every two to three seconds', async (_, clip, seconds, shots) => {
    const { videoPath, frames } = await filmed(cut(clip), { durationSeconds: seconds, label: '' });
    const { at, standsOut } = await cutsOf(videoPath, shots - 1);
    expect(standsOut).toBeGreaterThan(CUT);
    expect(at).toEqual(
      planShots(7, frames, 24)
        .slice(1)
        .map(({ first }) => first),
    );
    for (const [index, end] of [...at, frames].entries()) {
      const length = (end - (at[index - 1] ?? 0)) / 24;
      expect(length).toBeGreaterThan(1.9);
      expect(length).toBeLessThan(3.3);
    }
  });

  test.each([
    ['words', SEA],
    ['an image', PICTURE],
  ] as const)('without the switch, one of %s has no cut', async (_, clip) => {
    const { videoPath } = await filmed(clip, { durationSeconds: 5, label: '' });
    expect((await cutsOf(videoPath, 1)).standsOut).toBeLessThan(CUT / 2);
  });

  test('of a change between images begins and ends with them, and looks closer in between', async () => {
    const { videoPath, frames } = await filmed(cut(CHANGE), { durationSeconds: 5, label: '' });
    const { at, standsOut } = await cutsOf(videoPath, 2);
    expect(standsOut).toBeGreaterThan(CUT);
    expect(at).toEqual(
      planCutaways(7, frames, 24)
        .slice(1)
        .map(({ first }) => first),
    );
    const [whole, shots] = [await opened(CHANGE, 5), await opened(cut(CHANGE), 5)];
    const ends = [0, whole.frames - 1];
    const painted = await shots.at(...ends);
    for (const [index, frame] of (await whole.at(...ends)).entries()) {
      expect(difference(frame, painted[index])).toBeLessThan(1);
    }
  });

  test('is the same bytes for the same seed, and others for another', async () => {
    const make = async (seed: number) => (await filmed(cut({ ...SEA, seed }), { durationSeconds: 3 })).sha256;
    const first = await make(7);
    expect(await make(7)).toBe(first);
    expect(await make(8)).not.toBe(first);
  });

  test('sounds as one, without a break', async () => {
    const samples = 5 * 48_000;
    const [[whole], [shots]] = [
      await (await opened(SEA, 5)).sound(samples),
      await (await opened(cut(SEA), 5)).sound(samples),
    ];
    expect(shots).toEqual(whole);
  });

  test('keeps the camera move that the caller names', async () => {
    const asked: TextSource = { ...SEA, cameraMovement: 'fix_bg' };
    const video = await opened(cut(asked), 5, SIZE);
    const [, second] = planShots(7, video.frames, 24);
    const [early, late] = await video.at(second?.first ?? 0, video.frames - 1);
    const moved = await opened(cut(SEA), 5, SIZE);
    const [begun, zoomed] = await moved.at(second?.first ?? 0, video.frames - 1);
    expect(difference(early, late)).toBeLessThan(difference(begun, zoomed));
  });
});

test('the engine cuts where the request wants several shots, and a template keeps its own course', () => {
  const request: VideoRequest = {
    function: 'text_to_video',
    model: 'v6',
    prompt: SEA.prompt,
    negativePrompt: '',
    durationSeconds: 5,
    seed: 7,
    quality: '360p',
    aspectRatio: '16:9',
    audio: false,
    style: '',
    cameraMovement: '',
    motion: 'normal',
  };
  const inputs = { images: [] };
  expect(sourceOf(request, inputs).kind).toBe('text');
  expect(sourceOf({ ...request, multiClip: true }, inputs).kind).toBe('shots');
  const image = { id: 1, path: PICTURE.imagePath, width: 640, height: 360 };
  const templateId = TEMPLATES.find(({ images, kind }) => images === 1 && kind === 'video')?.id ?? 0;
  const template = { ...request, function: 'image_to_video', multiClip: true, templateId } as const;
  const made = sourceOf(template, { ...inputs, images: [image] });
  expect(made.kind).toBe('template');
});

test('shots fill the clip without a gap, none is too short to be seen, and no two neighbours are framed alike', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 15 }), (seed, seconds) => {
      const shots = planShots(seed, seconds * 24, 24);
      expect(shots.reduce((sum, { frames }) => sum + frames, 0)).toBe(seconds * 24);
      for (const [index, shot] of shots.entries()) {
        const before = shots[index - 1];
        expect(shot.first).toBe(before ? before.first + before.frames : 0);
        if (shots.length > 1) expect(shot.frames).toBeGreaterThanOrEqual(0.85 * 24);
        expect([shot.zoom, shot.focus]).not.toEqual([before?.zoom, before?.focus]);
      }
      expect(shots).toHaveLength(seconds < 2 ? 1 : Math.max(2, Math.round(seconds / 2.5)));
    }),
  );
});
