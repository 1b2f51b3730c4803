/** Small clips made by the studio itself, and what can be measured in a finished one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { FFmpegError, FormatContext, Packet, type Stream } from 'node-av/lib';
import type { MediaJob, MediaResult } from '../../functions/worker/media/job.ts';
import { MediaError } from '../../functions/worker/media/media-error.ts';
import { runMediaJob } from '../../functions/worker/media/run-media-job.ts';
import { openVideo } from '../../functions/worker/media/video-reader.ts';
import { generated, type TestSource } from '../support/generated.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'film-'));
export let root = newFolder();
/** After a file of tests. The next one of this process gets paths of its own. */
export function removeFiles(): void {
  rmSync(root, { recursive: true, force: true });
  root = newFolder();
}

export const OURS = JSON.stringify({ Label: '1', ContentProducer: 'mutoscope', ProduceID: 'test' });

export interface Change {
  readonly seconds?: number;
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number;
  readonly audio?: boolean;
  readonly label?: string;
  readonly aigc?: string;
}

export function makeClip(source: TestSource, change: Change = {}): Promise<MediaResult> {
  const { seconds = 1, width = 320, height = 180, fps = 24, audio = false, label = '', aigc = OURS } = change;
  const job: MediaJob = {
    video: generated(source),
    format: { width, height, fps, durationSeconds: seconds, audio },
    label: { text: label },
    metadata: { AIGC: aigc },
    directory: mkdtempSync(join(root, 'job-')),
  };
  const signal = new AbortController().signal;
  return runMediaJob(job, { signal, onProgress: () => {}, timeoutMs: 60_000, maxMemoryMb: 1024 });
}

/** The code with which making the clip fails. */
export async function failureOf(source: TestSource): Promise<string> {
  const error = await makeClip(source).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof MediaError ? error.code : `no MediaError: ${String(error)}`;
}

/** Every frame as RGBA at a small size. */
export async function framesOf(path: string, size = { width: 160, height: 90, fps: 24 }): Promise<Uint8ClampedArray[]> {
  const film = await openVideo(path, size);
  const frames: Uint8ClampedArray[] = [];
  for (let index = 0; index < film.frames; index++) frames.push((await film.readFrame(index)).slice());
  await film.close();
  return frames;
}

export async function soundOf(path: string): Promise<Float32Array> {
  const film = await openVideo(path, { width: 16, height: 16, fps: 24 });
  const sound = await film.sound(48_000);
  await film.close();
  if (sound === undefined) throw new Error(`${path} has no sound`);
  return sound[0];
}

/** Mean distance of two pictures' bytes. */
export function distance(a: Uint8ClampedArray | undefined, b: Uint8ClampedArray | undefined): number {
  if (a === undefined || b === undefined || a.length !== b.length)
    throw new Error('two pictures of one size are needed');
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += Math.abs((a[at] as number) - (b[at] as number));
  return sum / a.length;
}

/** Root mean square of the samples from `from` to `to` seconds. */
export function loudness(samples: Float32Array, from: number, to: number): number {
  const part = samples.subarray(Math.round(from * 48_000), Math.round(to * 48_000));
  return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length);
}

/** How alike two tracks are: 1 is the same wave at any level. */
export function likeness(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    ab += (a[at] as number) * (b[at] as number);
    aa += (a[at] as number) ** 2;
    bb += (b[at] as number) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

/** The packets of `path` in a file of another format, `later` seconds later; `only` leaves one kind of track. */
export async function repack(
  path: string,
  format: string,
  extension: string,
  only?: 'audio',
  later = 0,
): Promise<string> {
  const to = join(mkdtempSync(join(root, 'repack-')), `film.${extension}`);
  const from = new FormatContext();
  FFmpegError.throwIfError(await from.openInput(path), 'open');
  FFmpegError.throwIfError(await from.findStreamInfo(), 'read');
  const out = new FormatContext();
  FFmpegError.throwIfError(out.allocOutputContext2(null, format, to), 'create');
  const tracks = new Map<number, { input: Stream; output: Stream }>();
  for (const input of from.streams) {
    const { codecType } = input.codecpar;
    if (codecType !== AVMEDIA_TYPE_AUDIO && (only === 'audio' || codecType !== AVMEDIA_TYPE_VIDEO)) continue;
    const output = out.newStream(null);
    input.codecpar.copy(output.codecpar);
    output.codecpar.codecTag = 0;
    output.timeBase = input.timeBase;
    tracks.set(input.index, { input, output });
  }
  FFmpegError.throwIfError(await out.openOutput(), 'open output');
  FFmpegError.throwIfError(await out.writeHeader(), 'header');
  const packet = new Packet();
  packet.alloc();
  while ((await from.readFrame(packet)) >= 0) {
    const track = tracks.get(packet.streamIndex);
    if (track !== undefined) {
      packet.streamIndex = track.output.index;
      packet.rescaleTs(track.input.timeBase, track.output.timeBase);
      const { num, den } = track.output.timeBase;
      packet.pts += BigInt(Math.round((later * den) / num));
      packet.dts += BigInt(Math.round((later * den) / num));
      FFmpegError.throwIfError(await out.interleavedWriteFrame(packet), 'write');
    }
    packet.unref();
  }
  FFmpegError.throwIfError(await out.writeTrailer(), 'trailer');
  await out.closeOutput();
  await from.closeInput();
  return to;
}

/** A WAV file of a sine: 16 bits, mono. */
export function sineFile(hertz: number, seconds: number, rate: number): string {
  const count = Math.round(seconds * rate);
  const bytes = Buffer.alloc(44 + count * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + count * 2, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(count * 2, 40);
  for (let at = 0; at < count; at++)
    bytes.writeInt16LE(Math.round(12_000 * Math.sin((2 * Math.PI * hertz * at) / rate)), 44 + at * 2);
  const path = join(mkdtempSync(join(root, 'sine-')), 'sine.wav');
  writeFileSync(path, bytes);
  return path;
}
