/** Pictures made by the tests, and single frames of what the studio makes of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { ClipFormat } from '../../functions/worker/media/frame-source.ts';
import { openGenerated } from '../../functions/worker/media/generated-video.ts';
import type { MediaJob, MediaResult } from '../../functions/worker/media/job.ts';
import { runMediaJob } from '../../functions/worker/media/run-media-job.ts';
import { generated, type TestSource } from '../support/generated.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'pictures-'));
export let root = newFolder();
/** After a file of tests. The next one of this process gets paths of its own. */
export function removeFiles(): void {
  rmSync(root, { recursive: true, force: true });
  root = newFolder();
}

export const SIZE = { width: 320, height: 180 };

/** Draws a picture and stores it; the path. */
export function drawn(
  name: string,
  draw: (context: SKRSContext2D) => void,
  size = { width: 640, height: 360 },
): string {
  const canvas = createCanvas(size.width, size.height);
  draw(canvas.getContext('2d'));
  const path = join(root, `${name}.png`);
  writeFileSync(path, canvas.toBuffer('image/png'));
  return path;
}

/** A place: sky, ground, and some things that stand in it, all around one hue. */
export function place(name: string, hue: number): string {
  return drawn(name, context => {
    const sky = context.createLinearGradient(0, 0, 0, 360);
    sky.addColorStop(0, `hsl(${hue} 55% 40%)`);
    sky.addColorStop(1, `hsl(${hue + 30} 45% 70%)`);
    context.fillStyle = sky;
    context.fillRect(0, 0, 640, 360);
    for (let index = 0; index < 9; index++) {
      context.fillStyle = `hsl(${hue + index * 9} 50% ${30 + index * 3}%)`;
      context.fillRect(index * 76 - 10, 170 + ((index * 53) % 70), 44, 200);
    }
  });
}

/** Something round with legs, in one colour, on a plain wall; or on nothing. */
export function thing(name: string, color: string, ground: string | undefined = '#e9e6df'): string {
  return drawn(
    name,
    context => {
      if (ground !== 'none') {
        context.fillStyle = ground;
        context.fillRect(0, 0, 400, 400);
      }
      context.fillStyle = color;
      context.beginPath();
      context.ellipse(200, 190, 95, 120, 0, 0, Math.PI * 2);
      context.fill();
      for (const x of [150, 220]) context.fillRect(x, 280, 30, 80);
    },
    { width: 400, height: 400 },
  );
}

const formatOf = (seconds: number, size: { width: number; height: number }): ClipFormat => ({
  ...size,
  fps: 24,
  durationSeconds: seconds,
  audio: false,
});

export interface Opened {
  readonly scene: string;
  readonly frames: number;
  /** The frames asked for, RGBA; each is painted once, in order. */
  at(...indices: number[]): Promise<Uint8ClampedArray[]>;
  sound(samples: number): Promise<readonly [Float32Array, Float32Array]>;
}

/** Opens a source as the studio does, without label and encoder. */
export async function opened(source: TestSource, seconds = 1, size = SIZE): Promise<Opened> {
  const format = formatOf(seconds, size);
  const job: MediaJob = { video: generated(source), format, label: { text: '' }, metadata: {}, directory: root };
  const film = await openGenerated(job);
  const canvas = createCanvas(size.width, size.height);
  const frame = { canvas, context: canvas.getContext('2d'), ...size };
  return {
    scene: film.scene,
    frames: Math.round(seconds * 24),
    async at(...indices) {
      const painted: Uint8ClampedArray[] = [];
      for (const index of indices) {
        await film.paint(index, frame);
        painted.push(frame.context.getImageData(0, 0, size.width, size.height).data.slice());
      }
      return painted;
    },
    async sound(samples) {
      return (await film.sound?.(48_000, samples)) ?? [new Float32Array(), new Float32Array()];
    },
  };
}

/** Films a source in a studio of its own. */
export function filmed(
  source: TestSource,
  change: Partial<ClipFormat> & { label?: string; metadata?: Record<string, string> } = {},
): Promise<MediaResult> {
  const { label = 'AI-generated', metadata = {}, ...format } = change;
  const job: MediaJob = {
    video: generated(source),
    format: { ...formatOf(1, SIZE), ...format },
    label: { text: label },
    metadata,
    directory: mkdtempSync(join(root, 'job-')),
  };
  const signal = new AbortController().signal;
  return runMediaJob(job, { signal, onProgress: () => {}, timeoutMs: 60_000, maxMemoryMb: 1024 });
}

type Frame = Uint8ClampedArray;

/** Mean difference of the channels in the first `share` of the rows, 0 to 255. */
export function difference(a: Frame | undefined, b: Frame | undefined, share = 1): number {
  if (!a || !b || a.length !== b.length) throw new Error('two frames of one size are needed');
  const end = Math.floor(a.length * share);
  let sum = 0;
  for (let at = 0; at < end; at++) sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0));
  return sum / end;
}

/** Peak signal-to-noise ratio in decibels over the first `share` of the rows. */
export function psnr(a: Frame, b: Frame, share = 1): number {
  const end = Math.floor(a.length * share);
  let sum = 0;
  for (let at = 0; at < end; at++) sum += ((a[at] ?? 0) - (b[at] ?? 0)) ** 2;
  return 10 * Math.log10(255 ** 2 / Math.max(1e-9, sum / end));
}

/** The pixels whose colour is near `wanted` (a part of 255 for each channel), as indices. */
export function pixelsLike(
  frame: Uint8ClampedArray,
  [r, g, b]: readonly [number, number, number],
  within = 60,
): number[] {
  const found: number[] = [];
  for (let at = 0; at < frame.length; at += 4) {
    const away = Math.hypot((frame[at] ?? 0) - r, (frame[at + 1] ?? 0) - g, (frame[at + 2] ?? 0) - b);
    if (away < within) found.push(at / 4);
  }
  return found;
}
