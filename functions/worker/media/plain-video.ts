/** A video shown as it is. */
import { ImageData } from '@napi-rs/canvas';
import { fitted } from './audio-reader.ts';
import type { FrameCanvas, FrameSource, Stereo } from './frame-source.ts';
import type { VideoReader } from './video-reader.ts';

/** `video` must have been opened at the size of the frames that are painted. */
export function plainVideo(
  scene: string,
  video: Pick<VideoReader, 'readFrame'>,
  heard: Stereo | undefined,
): FrameSource {
  const show = framePainter();
  return {
    scene,
    paint: async (index, frame) => show(frame, await video.readFrame(index)),
    ...(heard && { sound: (_rate: number, samples: number) => fittedStereo(heard, samples) }),
  };
}

/** Puts RGBA pixels of the frame's own size on it. */
export function framePainter(): (frame: FrameCanvas, pixels: Uint8ClampedArray) => void {
  let image: ImageData | undefined;
  return ({ context, width, height }, pixels) => {
    image ??= new ImageData(width, height);
    image.data.set(pixels);
    context.putImageData(image, 0, 0);
  };
}

export function fittedStereo([left, right]: Stereo, samples: number): Stereo {
  return [fitted(left, samples), fitted(right, samples)];
}
