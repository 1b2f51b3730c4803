/** The size, length and tracks of the clip that a request asks for. Pure. */
import { type FrameSize, frameSize, frameSizeForImage } from '../catalogue/frame-size.ts';
import type { VideoFunction, VideoRequest } from '../catalogue/video-request.ts';
import type { Inputs, VideoInput } from './inputs.ts';
import type { ClipFormat } from './media/frame-source.ts';

const FRAMES_PER_SECOND = 24;

/** What decides the frame: the video's own size; the video's aspect or the image's at the quality asked for; or the request's aspect. */
const SIZED_BY: Readonly<Record<VideoFunction, 'video' | 'video_aspect' | 'image' | 'request'>> = {
  text_to_video: 'request',
  image_to_video: 'request',
  transition: 'request',
  multi_transition: 'request',
  fusion: 'request',
  extend: 'video_aspect',
  lip_sync: 'video',
  sound_effect: 'video',
  restyle: 'video',
  mask_selection: 'video',
  swap: 'video_aspect',
  mimic: 'image',
  modify: 'video_aspect',
  upscale: 'video_aspect',
  avatar: 'image',
  image_template: 'request',
};

/** Functions that keep the video's own sound where it has some. */
const KEEPS_SOUND: ReadonlySet<VideoFunction> = new Set(['extend', 'restyle', 'upscale', 'swap', 'modify', 'mimic']);

/** A video's own size is kept up to 1080p and 2.4:1; the short side is long enough for the label to be read. */
const MOST_LINES = 1080;
const LONGEST_SIDE = 2592;
const FEWEST_LINES = 64;

export function outputFormat(request: VideoRequest, { images, video }: Pick<Inputs, 'images' | 'video'>): ClipFormat {
  const { function: wanted, audio, voice } = request;
  const kept = KEEPS_SOUND.has(wanted) && video?.hasAudio === true;
  return {
    ...sizeOf(request, images[0], video),
    fps: FRAMES_PER_SECOND,
    durationSeconds: secondsOf(request, video),
    audio: audio || voice !== undefined || kept || wanted === 'sound_effect',
  };
}

function secondsOf({ function: wanted, durationSeconds }: VideoRequest, video: VideoInput | undefined): number {
  // One frame: the key frame, or the image.
  if (wanted === 'mask_selection' || wanted === 'image_template') return 1 / FRAMES_PER_SECOND;
  // The stitched video: what there was, and what was asked for.
  return wanted === 'extend' && video ? video.durationSeconds + durationSeconds : durationSeconds;
}

function sizeOf(
  { function: wanted, quality, aspectRatio }: VideoRequest,
  image: FrameSize | undefined,
  video: VideoInput | undefined,
): FrameSize {
  const by = SIZED_BY[wanted];
  if (by === 'video' && known(video)) return ownSize(video);
  if (by === 'video_aspect' && known(video)) return frameSizeForImage(quality, video.width, video.height);
  if (image && (by === 'image' || aspectRatio === undefined))
    return frameSizeForImage(quality, image.width, image.height);
  return frameSize(quality, aspectRatio ?? '16:9');
}

/** An uploaded video may not have said how large it is. */
function known(video: VideoInput | undefined): video is VideoInput {
  return video !== undefined && video.width > 0 && video.height > 0;
}

function ownSize({ width, height }: FrameSize): FrameSize {
  const short = Math.min(width, height);
  const shrink = Math.min(1, MOST_LINES / short, LONGEST_SIDE / Math.max(width, height));
  const scale = Math.max(shrink, FEWEST_LINES / short);
  const even = (length: number): number => 2 * Math.round((length * scale) / 2);
  return { width: even(width), height: even(height) };
}
