/**
 * The caller's image as the engines take it: a part of the form. They decode what they are sent as it lies in the file, on its side
 * and with black where it is transparent, so a process of its own makes a PNG of it first, upright and opaque as the preview shows it.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runIsolated } from '../media/isolated-process.ts';
import { MediaError } from '../media/media-error.ts';
import type { EngineImage } from './engine-client.ts';

const TIMEOUT_MS = 60_000;
const MEMORY_MB = 512;

/** What the process is asked and what it answers. Plain values: both cross a process boundary as JSON. */
export interface UprightJob {
  readonly path: string;
  /** Where the PNG is written. */
  readonly to: string;
}
export type UprightMessage =
  | { readonly type: 'written' }
  | { readonly type: 'failed'; readonly code: 'bad_image' | 'crashed'; readonly message: string };

/** The image at `path`, by way of `folder`. Rejects with MediaError: `bad_image`, `crashed`, `timeout` or `aborted`. */
export async function readImage(path: string, folder: string, signal: AbortSignal): Promise<EngineImage> {
  const to = join(folder, 'input.png');
  const job: UprightJob = { path, to };
  const limits = { timeoutMs: TIMEOUT_MS, maxMemoryMb: MEMORY_MB, signal };
  const answer = await runIsolated<UprightMessage>('upright-process', import.meta.url, job, limits);
  if (answer.type === 'failed') throw new MediaError(answer.code, answer.message);
  return { bytes: new Uint8Array(await readFile(to)), type: 'image/png' };
}

/** Adds the image to a form. The file's name is ours: SGLang makes a path of it. */
export function attach(form: FormData, { bytes, type }: EngineImage): void {
  form.set('input_reference', new Blob([bytes], { type }), 'input.png');
}
