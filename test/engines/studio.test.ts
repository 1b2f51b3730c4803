import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, describe, expect, test } from 'vitest';
import type { MediaJob, MediaResult } from '../../functions/worker/media/job.ts';
import { MediaError } from '../../functions/worker/media/media-error.ts';
import { probe } from '../../functions/worker/media/probe.ts';
import { type RunOptions, runMediaJob } from '../../functions/worker/media/run-media-job.ts';
import { generated, type TestSource } from '../support/generated.ts';

const root = mkdtempSync(join(tmpdir(), 'studio-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const LIGHTHOUSE: TestSource = { kind: 'text', prompt: 'a lighthouse at dawn, waves', seed: 7 };
const METADATA = {
  comment: 'made by the preview engine',
  AIGC: '{"Label":"1","ContentProducer":"demo"}',
  DigitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
};

function jobFor(
  source: TestSource,
  change: { label?: string; seconds?: number; audio?: boolean; width?: number; height?: number } = {},
): MediaJob {
  return {
    video: generated(source),
    format: {
      width: change.width ?? 640,
      height: change.height ?? 360,
      fps: 24,
      durationSeconds: change.seconds ?? 1,
      audio: change.audio ?? false,
    },
    label: { text: change.label ?? 'AI-generated' },
    metadata: METADATA,
    directory: mkdtempSync(join(root, 'job-')),
  };
}

function run(job: MediaJob, change: Partial<RunOptions> = {}): Promise<MediaResult> {
  return runMediaJob(job, {
    signal: new AbortController().signal,
    onProgress: () => {},
    timeoutMs: 60_000,
    maxMemoryMb: 1024,
    ...change,
  });
}

/** The code with which the run fails. */
async function failure(job: MediaJob, change: Partial<RunOptions> = {}): Promise<string> {
  const error = await run(job, change).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof MediaError ? error.code : `no MediaError: ${String(error)}`;
}

/** Brightness, 0 to 255, of the pixels of a rectangle given in fractions of the picture. */
async function luma(path: string, [x, y, w, h]: readonly [number, number, number, number]): Promise<number[]> {
  const image = await loadImage(path);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(x * image.width, y * image.height, w * image.width, h * image.height);
  return Array.from({ length: data.length / 4 }, (_, pixel) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(pixel * 4, pixel * 4 + 3);
    return 0.3 * red + 0.59 * green + 0.11 * blue;
  });
}

/** The studio processes that `parent` started and that still live. */
function studiosOf(parent: number | undefined): string[] {
  return readdirSync('/proc').filter(
    pid =>
      /^\d+$/.test(pid) && isStudio(pid) && read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[1] === String(parent),
  );
}

function isStudio(pid: string): boolean {
  return read(`/proc/${pid}/cmdline`).includes('worker/media/media-process.');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

describe('a clip from words', () => {
  const job = jobFor(LIGHTHOUSE, { seconds: 1.5, audio: true });
  const fractions: number[] = [];
  const made = run(job, { onProgress: fraction => fractions.push(fraction) });

  test('is an H.264 MP4 of the asked size, rate and length, with its index in front', async () => {
    const result = await made;
    expect(result).toMatchObject({
      width: 640,
      height: 360,
      frames: 36,
      fps: 24,
      durationSeconds: 1.5,
      hasAudio: true,
      scene: 'sea',
    });
    const facts = await probe(result.videoPath);
    expect(facts).toMatchObject({ width: 640, height: 360, frames: 36, fps: 24, videoCodec: 'h264', faststart: true });
    expect(Math.abs(facts.durationSeconds - 1.5)).toBeLessThanOrEqual(1 / 24);
  });

  test('has stereo AAC as long as its picture', async () => {
    const { audio, durationSeconds } = await probe((await made).videoPath);
    expect(audio).toMatchObject({ codec: 'aac', sampleRate: 48_000, channels: 2 });
    expect(Math.abs((audio?.durationSeconds ?? 0) - durationSeconds)).toBeLessThan(0.03);
  });

  test('carries every key of its metadata, and nothing about the machine or the time', async () => {
    const { metadata } = await probe((await made).videoPath);
    expect(metadata).toMatchObject(METADATA);
    expect(Object.keys(metadata).sort()).toEqual(
      [...Object.keys(METADATA), 'compatible_brands', 'major_brand', 'minor_version'].sort(),
    );
  });

  test('is what the result says it is, and its folder holds only the files it names', async () => {
    const result = await made;
    const { videoPath, thumbnailPath, bytes, sha256 } = result;
    expect(statSync(videoPath).size).toBe(bytes);
    expect(createHash('sha256').update(readFileSync(videoPath)).digest('hex')).toBe(sha256);
    expect(readFileSync(thumbnailPath).subarray(0, 3).toString('hex')).toBe('ffd8ff');
    const named = Object.entries(result).flatMap(([key, value]) =>
      key.endsWith('Path') ? [basename(String(value))] : [],
    );
    expect(readdirSync(job.directory).sort()).toEqual(named.sort());
  });

  test('tells its progress upwards to the end', async () => {
    await made;
    expect(fractions.length).toBeGreaterThan(10);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  test('is byte for byte the same for the same seed, and another for another', async () => {
    const again = await run(jobFor(LIGHTHOUSE, { seconds: 1.5, audio: true }));
    expect(again.sha256).toBe((await made).sha256);
    const other = await run(jobFor({ ...LIGHTHOUSE, seed: 8 }, { seconds: 0.5 }));
    const same = await run(jobFor(LIGHTHOUSE, { seconds: 0.5 }));
    expect(other.sha256).not.toBe(same.sha256);
  });
});

describe('the visible label', () => {
  const CORNER = [0.55, 0.8, 0.45, 0.2] as const;

  test('is white on dark at the bottom right, and gone when its text is empty', async () => {
    const labelled = await luma((await run(jobFor(LIGHTHOUSE, { seconds: 0.2 }))).thumbnailPath, CORNER);
    const bare = await luma((await run(jobFor(LIGHTHOUSE, { seconds: 0.2, label: '' }))).thumbnailPath, CORNER);
    const contrast = (values: number[]): number => Math.max(...values) - Math.min(...values);
    expect(contrast(labelled)).toBeGreaterThan(150);
    expect(contrast(labelled)).toBeGreaterThan(contrast(bare) + 40);
  });

  test('is at least 5 % of the shortest side tall, and inside the frame, in portrait too', async () => {
    for (const size of [
      { width: 640, height: 360 },
      { width: 360, height: 640 },
    ]) {
      const labelled = await loadImage((await run(jobFor(LIGHTHOUSE, { seconds: 0.1, ...size }))).thumbnailPath);
      const bare = await loadImage((await run(jobFor(LIGHTHOUSE, { seconds: 0.1, ...size, label: '' }))).thumbnailPath);
      const rows = brighterRows(labelled, bare);
      expect(rows.length).toBeGreaterThanOrEqual(360 * 0.05);
      expect(Math.max(...rows)).toBeLessThan(size.height - 10);
    }
  });
});

/** The rows in which the first picture has pixels much brighter than the second's: those of the label's text. */
function brighterRows(first: Awaited<ReturnType<typeof loadImage>>, second: typeof first): number[] {
  const { width, height } = first;
  const [a, b] = [first, second].map(image => {
    const context = createCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, width, height).data;
  });
  const rows = new Set<number>();
  for (let at = 0; at < width * height * 4; at += 4)
    if ((a?.[at] ?? 0) > 215 && (a?.[at] ?? 0) - (b?.[at] ?? 0) > 60) rows.add(Math.floor(at / 4 / width));
  return [...rows];
}

describe('a clip from a picture', () => {
  const path = join(root, 'half.png');
  const canvas = createCanvas(800, 600);
  const context = canvas.getContext('2d');
  for (let x = 0; x < 800; x += 40) {
    context.fillStyle = x < 400 ? `hsl(${x} 80% 35%)` : `hsl(${x} 80% 75%)`;
    context.fillRect(x, 0, 40, 600);
  }
  writeFileSync(path, canvas.toBuffer('image/png'));
  const source: TestSource = { kind: 'image', imagePath: path, prompt: 'a gentle breeze', seed: 3 };

  test('shows that picture, and the same seed makes the same bytes', async () => {
    const [first, second] = [
      await run(jobFor(source, { width: 480, height: 360, seconds: 0.5 })),
      await run(jobFor(source, { width: 480, height: 360, seconds: 0.5 })),
    ];
    expect(first.scene).toBe('picture');
    expect(second.sha256).toBe(first.sha256);
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const dark = mean(await luma(first.thumbnailPath, [0.1, 0.2, 0.25, 0.4]));
    const light = mean(await luma(first.thumbnailPath, [0.65, 0.2, 0.25, 0.4]));
    expect(light - dark).toBeGreaterThan(40);
  });

  test.each([
    ['cut short', (file: string) => writeFileSync(file, readFileSync(path).subarray(0, 900))],
    ['of 30000 x 30000 pixels', (file: string) => writeFileSync(file, bombPng(30_000))],
    [
      'an SVG',
      (file: string) =>
        writeFileSync(
          file,
          '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
        ),
    ],
    ['not there', () => {}],
  ])('a picture that is %s is refused as bad_image', async (name, write) => {
    const file = join(root, `bad ${name}`);
    write(file);
    expect(await failure(jobFor({ ...source, imagePath: file }))).toBe('bad_image');
  });
});

/** A valid PNG header for `side` x `side` grey pixels with next to no data. */
function bombPng(side: number): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
    const out = Buffer.alloc(named.length + 8);
    out.writeUInt32BE(body.length, 0);
    named.copy(out, 4);
    out.writeUInt32BE(crc(named), named.length + 4);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

describe('a studio that must stop', () => {
  const long = { seconds: 60 };

  test('is killed when the caller aborts', async () => {
    const controller = new AbortController();
    const failed = failure(jobFor(LIGHTHOUSE, long), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(await failed).toBe('aborted');
    expect(studiosOf(process.pid)).toEqual([]);
  });

  test('is never started by a caller who has already aborted', async () => {
    expect(await failure(jobFor(LIGHTHOUSE), { signal: AbortSignal.abort() })).toBe('aborted');
  });

  test('is killed when its time is up', async () => {
    expect(await failure(jobFor(LIGHTHOUSE, long), { timeoutMs: 1_200 })).toBe('timeout');
    expect(studiosOf(process.pid)).toEqual([]);
  });

  test('is killed when it takes more memory than it may', async () => {
    expect(await failure(jobFor(LIGHTHOUSE, long), { maxMemoryMb: 60 })).toBe('out_of_memory');
  });

  test('answers crashed when it cannot write', async () => {
    expect(await failure({ ...jobFor(LIGHTHOUSE), directory: join(root, 'nowhere') })).toBe('crashed');
  });

  test('ends when its parent is killed', async () => {
    const run = fileURLToPath(new URL('../../functions/worker/media/run-media-job.ts', import.meta.url));
    const code = `import { runMediaJob } from ${JSON.stringify(run)};
      await runMediaJob(${JSON.stringify(jobFor(LIGHTHOUSE, long))}, { signal: new AbortController().signal, onProgress: () => console.log('on'), timeoutMs: 60000, maxMemoryMb: 1024 });`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise(resolve => parent.stdout.once('data', resolve));
    const [studio, ...more] = studiosOf(parent.pid);
    expect([studio, more]).toEqual([expect.any(String), []]);
    parent.kill('SIGKILL');
    await expect.poll(() => isStudio(String(studio)), { timeout: 5_000 }).toBe(false);
  });
});
