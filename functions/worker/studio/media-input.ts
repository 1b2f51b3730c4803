/**
 * A stranger's media file, opened: only the containers and codecs named here, only the file itself (no playlists, no references to other
 * files or addresses), no pictures larger than a screen. Everything that goes wrong in it is StudioError `bad_media`.
 */
import { AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { avGetCodecName, Dictionary, FormatContext, type Stream } from 'node-av/lib';
import { StudioError } from './job.ts';

const CONTAINERS = 'mov,matroska,webm,mp3,wav,w64,aac,flac,ogg';
const VIDEO_CODECS = ['h264', 'hevc', 'vp8', 'vp9', 'av1', 'mpeg4', 'mjpeg', 'prores'];
const AUDIO_CODECS = ['aac', 'mp3', 'opus', 'vorbis', 'flac', 'alac', 'ac3'];
/** 4096 x 4096: larger pictures are not accepted anywhere in the API, and each costs this many bytes four times over. */
const MAX_PIXELS = 2 ** 24;

export interface MediaInput {
  readonly format: FormatContext;
  readonly picture: Stream | undefined;
  readonly sound: Stream | undefined;
}

/** Opens `path`; the caller closes it with `closeMedia`. Throws StudioError `bad_media`. */
export async function openMedia(path: string): Promise<MediaInput> {
  const format = new FormatContext();
  const options = Dictionary.fromObject({ format_whitelist: CONTAINERS, protocol_whitelist: 'file' });
  must(await format.openInput(path, null, options), 'it is no media file that can be read');
  try {
    must(await format.findStreamInfo(), 'its tracks cannot be read');
    return {
      format,
      picture: format.streams.find(stream => isPicture(stream)),
      sound: format.streams.find(stream => isSound(stream)),
    };
  } catch (error) {
    await format.closeInput();
    throw error;
  }
}

export async function closeMedia({ format }: MediaInput): Promise<void> {
  await format.closeInput();
}

/** Throws `bad_media` for FFmpeg's negative codes. */
export function must(code: number, otherwise: string): void {
  if (code < 0) throw badMedia(otherwise);
}

export function badMedia(why: string): StudioError {
  return new StudioError('bad_media', `the media file cannot be used: ${why}`);
}

/** A cover picture in a sound file is no film. */
function isPicture(stream: Stream): boolean {
  const { codecType, codecId, width, height } = stream.codecpar;
  if (codecType !== AVMEDIA_TYPE_VIDEO || stream.attachedPic !== null) return false;
  if (width * height > MAX_PIXELS) throw badMedia(`its picture of ${width} x ${height} is too large`);
  return width > 0 && height > 0 && VIDEO_CODECS.includes(avGetCodecName(codecId) ?? '');
}

function isSound(stream: Stream): boolean {
  const { codecType, codecId, sampleRate } = stream.codecpar;
  const codec = avGetCodecName(codecId) ?? '';
  return (
    codecType === AVMEDIA_TYPE_AUDIO && sampleRate > 0 && (AUDIO_CODECS.includes(codec) || codec.startsWith('pcm_'))
  );
}
