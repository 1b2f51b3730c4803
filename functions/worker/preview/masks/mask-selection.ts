/** Mask selection: a clip of one frame, the key frame as it is, and a picture for each mask that was found in it. */
import { join } from 'node:path';
import { ImageData } from '@napi-rs/canvas';
import sharp from 'sharp';
import type { FrameSource, MaskFile, RenderOutput } from '../../media/frame-source.ts';
import { openVideo } from '../../media/video-reader.ts';
import type { MaskSelectionSource } from '../source.ts';
import { labPlanes } from './lab-planes.ts';
import { lift } from './lift.ts';
import { segment } from './segmentation.ts';
import { smallSize, viewOf } from './view.ts';

/** Writes `mask-<id>.png` for each mask into the job's directory: white is chosen, black is not. Throws MediaError `bad_media`. */
export async function selectMasks(
  { videoPath, keyframe }: MaskSelectionSource,
  output: RenderOutput,
): Promise<FrameSource> {
  const { width, height, fps } = output.format;
  const reader = await openVideo(videoPath, { width, height, fps });
  const size = smallSize(reader.width, reader.height);
  const little = await output.openVideo(videoPath, { ...size, fps });
  const index = Math.min(reader.frames, Math.max(1, keyframe)) - 1;
  const pixels = (await reader.readFrame(index)).slice();
  const small = (await little.readFrame(index)).slice();
  const view = viewOf(width, height, reader.width, reader.height);
  await Promise.all([reader.close(), little.close()]);
  const { labels, masks } = segment(labPlanes(small, size.width, size.height));
  const files = await Promise.all(
    masks.map(async ({ name, parts }, number): Promise<MaskFile> => {
      const maskId = `${index + 1}-${number + 1}`;
      const path = join(output.directory, `mask-${maskId}.png`);
      const chosen = labels.map(label => (parts.includes(label) ? 1 : 0));
      const picture = lift(view, chosen, small, pixels).map(alpha => (alpha > 127 ? 255 : 0));
      await sharp(picture, { raw: { width, height, channels: 1 } })
        .toColourspace('b-w')
        .png()
        .toFile(path);
      return { maskId, name, path };
    }),
  );
  const image = new ImageData(new Uint8ClampedArray(pixels), width, height);
  return {
    scene: 'key frame',
    untouched: true,
    masks: files,
    paint(_, { context }) {
      context.putImageData(image, 0, 0);
    },
  };
}
