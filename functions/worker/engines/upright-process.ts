/** The process that makes a PNG of a caller's image, answers, and ends. It ends, too, when its parent does. */
import sharp from 'sharp';
import { MediaError } from '../media/media-error.ts';
import { openUpright } from '../media/open-image.ts';
import type { UprightJob, UprightMessage } from './input-reference.ts';

/** Pixels on the longest side: more than any engine makes a video of. */
const LONGEST_SIDE = 2048;

function send(message: UprightMessage): Promise<void> {
  return new Promise(resolve => {
    if (process.send === undefined) throw new Error('the image process is started by readImage, not by hand');
    process.send(message, () => resolve());
  });
}

async function work({ path, to }: UprightJob): Promise<void> {
  try {
    const { pixels, width, height } = await openUpright(path, LONGEST_SIDE);
    const raw = { width, height, channels: 4 } as const;
    await sharp(new Uint8Array(pixels.buffer), { raw }).removeAlpha().png({ compressionLevel: 1 }).toFile(to);
    await send({ type: 'written' });
  } catch (error) {
    const code = error instanceof MediaError && error.code === 'bad_image' ? error.code : 'crashed';
    await send({ type: 'failed', code, message: String(error) });
  }
  process.disconnect?.();
}

process.once('disconnect', () => process.exit());
process.once('message', job => void work(job as UprightJob));
