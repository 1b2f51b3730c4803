/** Runs the studio on clips in which somebody speaks, and looks and listens to what came out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClipFormat } from '../../functions/worker/media/frame-source.ts';
import { runMediaJob } from '../../functions/worker/media/run-media-job.ts';
import { openVideo, readAudio } from '../../functions/worker/media/video-reader.ts';
import { runSpeech } from '../../functions/worker/preview/speech/run-speech.ts';
import { castSpeaker, type Delivery } from '../../functions/worker/preview/speech/speaker.ts';
import { facePicture } from './face-picture.ts';
import { generated, type TestSource } from './generated.ts';

export const RATE = 48_000;
export const FORMAT: ClipFormat = { width: 480, height: 360, fps: 24, durationSeconds: 2, audio: true };
/** The face of `facePicture` below; its mouth is 0.265 of its height under its middle. */
export const FACE = { x: 240, y: 160, height: 220 };
export const MOUTH = { x: FACE.x, y: FACE.y + FACE.height * 0.265, half: FACE.height * 0.133 };

export class VoiceStudio {
  private readonly root = mkdtempSync(join(tmpdir(), 'voices-'));

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  folder(): string {
    return mkdtempSync(join(this.root, 'job-'));
  }

  picture(): string {
    const path = join(this.folder(), 'face.png');
    writeFileSync(path, facePicture(FORMAT.width, FORMAT.height, [FACE]));
    return path;
  }

  /** The path of the clip. */
  async make(source: TestSource, change: Partial<ClipFormat> = {}): Promise<string> {
    const directory = this.folder();
    const job = {
      video: generated(source),
      format: { ...FORMAT, ...change },
      label: { text: '' },
      metadata: {},
      directory,
    };
    const limits = { timeoutMs: 60_000, maxMemoryMb: 2048 };
    const made = await runMediaJob(job, { signal: new AbortController().signal, onProgress: () => {}, ...limits });
    return made.videoPath;
  }

  /** The path of a WAV file in which the speaker says `text`. */
  async record(text: string, delivery: Delivery = castSpeaker('2'), tongue = 'en-us'): Promise<string> {
    return (await runSpeech({ text, tongue, ...delivery, path: join(this.folder(), 'voice.wav') })).path;
  }
}

/** Each frame's RGBA, at the size of `FORMAT` or `change`. */
export async function framesOf(path: string, change: Partial<ClipFormat> = {}): Promise<Uint8ClampedArray[]> {
  const film = await openVideo(path, { ...FORMAT, ...change });
  const frames: Uint8ClampedArray[] = [];
  for (let index = 0; index < film.frames; index++) frames.push((await film.readFrame(index)).slice());
  await film.close();
  return frames;
}

export async function soundOf(path: string): Promise<Float32Array> {
  return (await readAudio(path, RATE))[0];
}

/** Mean difference, 0 to 255, of two frames inside or outside a box around the mouth. */
export function difference(a: Uint8ClampedArray, b: Uint8ClampedArray, where: 'mouth' | 'elsewhere'): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < a.length; at += 4) {
    const x = (at / 4) % FORMAT.width;
    const y = Math.floor(at / 4 / FORMAT.width);
    const near = Math.abs(x - MOUTH.x) < MOUTH.half * 1.1 && Math.abs(y - MOUTH.y - 4) < MOUTH.half * 0.8;
    const far = Math.abs(x - MOUTH.x) > MOUTH.half * 3 || Math.abs(y - MOUTH.y) > MOUTH.half * 3;
    if (where === 'mouth' ? !near : !far) continue;
    sum += Math.abs((a[at] as number) - (b[at] as number)) + Math.abs((a[at + 1] as number) - (b[at + 1] as number));
    count += 2;
  }
  return sum / count;
}

/** Pearson's, -1 to 1. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const count = Math.min(a.length, b.length);
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
  for (let at = 0; at < count; at++) {
    const x = a[at] as number;
    const y = b[at] as number;
    [sa, sb, saa, sbb, sab] = [sa + x, sb + y, saa + x * x, sbb + y * y, sab + x * y];
  }
  const spread = Math.sqrt((saa - sa ** 2 / count) * (sbb - sb ** 2 / count));
  return spread > 0 ? (sab - (sa * sb) / count) / spread : 0;
}

/** The best correlation of two sounds that may be up to 60 ms apart: encoders add a lead-in. */
export function likeness(a: Float32Array, b: Float32Array): number {
  const by = 8;
  const thin = (sound: Float32Array): Float32Array =>
    Float32Array.from({ length: Math.floor(sound.length / by) }, (_, at) =>
      sound.subarray(at * by, (at + 1) * by).reduce((sum, sample) => sum + sample, 0),
    );
  const reach = Math.round((RATE * 0.06) / by);
  const coarse = bestLag(thin(a), thin(b), -reach, reach).lag * by;
  return bestLag(a, b, coarse - by, coarse + by).best;
}

function bestLag(a: Float32Array, b: Float32Array, from: number, to: number): { lag: number; best: number } {
  let found = { lag: 0, best: 0 };
  for (let lag = from; lag <= to; lag++) {
    const best = lag < 0 ? correlation(a.subarray(-lag), b) : correlation(a, b.subarray(lag));
    if (best > found.best) found = { lag, best };
  }
  return found;
}
