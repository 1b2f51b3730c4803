/** The caller's image as the engines take it: a part of the form, read from disk once. */
import { readFile } from 'node:fs/promises';
import { type ImageFacts, inspectImage } from '../../uploads/image-inspection.ts';
import type { EngineImage } from './engine-client.ts';
import { EngineError } from './engine-error.ts';

const TYPES: Readonly<Record<ImageFacts['format'], EngineImage['type']>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};

/** The image at `path`; EngineError where it is none. */
export async function readImage(path: string): Promise<EngineImage> {
  try {
    const bytes = await readFile(path);
    return { bytes: new Uint8Array(bytes), type: TYPES[inspectImage(bytes).format] };
  } catch (error) {
    throw new EngineError('engine_failed', `the image cannot be sent: ${(error as Error).message}`, {
      retryable: false,
      cause: error,
    });
  }
}

/** Adds the image to a form. The file's name is ours: SGLang makes a path of it. */
export function attach(form: FormData, { bytes, type }: EngineImage): void {
  form.set('input_reference', new Blob([bytes], { type }), `input.${type.slice('image/'.length)}`);
}
