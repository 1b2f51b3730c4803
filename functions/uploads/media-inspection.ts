/**
 * What uploaded media really are, by their bytes: the name and the type that a client gives count for nothing. Only
 * indexes and packet headers are read, and nothing is decoded. Pure.
 */
import { ADTS, BufferSource, Input, MP3, MP4, QTFF, WAVE, WEBM } from 'mediabunny';
import { LONGEST_SOURCE_SECONDS, SOURCE_GRACE_SECONDS } from '../catalogue/functions.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { tablesHold } from './mp4-tables.ts';

export const MEDIA_MAX_BYTES = 100 * 1024 * 1024;
const LONGEST_SIDE = 1920;
const SHORTEST_SIDE = 64;
const SHORTEST_SECONDS = 0.1;

/** Content types by what the container is and whether it holds video. */
const FORMATS: Readonly<Record<string, { readonly video?: string; readonly audio?: string }>> = {
  MP4: { video: 'video/mp4', audio: 'audio/mp4' },
  'QuickTime File Format': { video: 'video/quicktime', audio: 'audio/mp4' },
  WebM: { video: 'video/webm' },
  MP3: { audio: 'audio/mpeg' },
  WAVE: { audio: 'audio/wav' },
  ADTS: { audio: 'audio/aac' },
};
const VIDEO_CODECS = ['avc', 'hevc', 'vp8', 'vp9', 'av1'];
/** Besides raw samples, whose names begin with `pcm-`. */
const AUDIO_CODECS = ['aac', 'mp3', 'opus', 'vorbis'];

export const DAMAGED = 'cannot be read: it is damaged or cut off';

export interface MediaFacts {
  readonly mediaType: 'video' | 'audio';
  readonly contentType: string;
  readonly durationSeconds: number;
  /** Of video, in pixels, as it is shown. */
  readonly width?: number;
  readonly height?: number;
  readonly hasAudio: boolean;
}

/** The facts of a video or of audio; throws a Refusal that says what was wrong. `field` is where the bytes came from. */
export async function inspectMedia(bytes: Uint8Array, field: string): Promise<MediaFacts> {
  if (bytes.length > MEDIA_MAX_BYTES) throw refused(field, 'is larger than 100 MB');
  if (isMp4(bytes) && !tablesHold(bytes)) throw refused(field, DAMAGED);
  const input = new Input({ source: new BufferSource(bytes), formats: [MP4, QTFF, WEBM, MP3, WAVE, ADTS] });
  try {
    return await read(input, field);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw refused(field, DAMAGED);
  } finally {
    input.dispose();
  }
}

async function read(input: Input, field: string): Promise<MediaFacts> {
  const types = (await input.canRead()) ? FORMATS[(await input.getFormat()).name] : undefined;
  if (!types) throw refused(field, 'must be mp4, mov or webm video, or mp3, wav, m4a or aac audio');
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  const contentType = video ? types.video : types.audio;
  if (!contentType || (!video && !audio)) throw refused(field, 'holds no picture and no sound that can be used');
  const [videoCodec, audioCodec] = [await video?.getCodec(), await audio?.getCodec()];
  if (video && !VIDEO_CODECS.includes(videoCodec ?? '')) {
    throw refused(field, `has a picture that cannot be used: it must be one of ${VIDEO_CODECS.join(', ')}`);
  }
  const hasAudio = audio !== null && (AUDIO_CODECS.includes(audioCodec ?? '') || (audioCodec ?? '').startsWith('pcm-'));
  if (!video && !hasAudio) throw refused(field, `has sound that cannot be used: it must be ${AUDIO_CODECS.join(', ')}`);
  const durationSeconds = Math.round((await input.computeDuration(video ? [video] : undefined)) * 1000) / 1000;
  if (!(durationSeconds >= SHORTEST_SECONDS)) throw refused(field, 'lasts less than a tenth of a second');
  if (durationSeconds > LONGEST_SOURCE_SECONDS + SOURCE_GRACE_SECONDS) {
    throw refused(field, `lasts ${durationSeconds.toFixed(1)} seconds: at most ${LONGEST_SOURCE_SECONDS} are taken`);
  }
  if (!video) return { mediaType: 'audio', contentType, durationSeconds, hasAudio: true };
  const [width, height] = [await video.getDisplayWidth(), await video.getDisplayHeight()];
  if (Math.max(width, height) > LONGEST_SIDE || Math.min(width, height) < SHORTEST_SIDE) {
    throw refused(field, `is ${width}x${height}: each side must be ${SHORTEST_SIDE} to ${LONGEST_SIDE} pixels`);
  }
  return { mediaType: 'video', contentType, durationSeconds, width, height, hasAudio };
}

/** What no other container begins with: the others have a signature of four bytes. */
function isMp4(bytes: Uint8Array): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const signature = String.fromCharCode(a, b, c, d);
  const tagged = signature.startsWith('ID3') || (a === 0xff && b >= 0xe0);
  return signature !== 'RIFF' && signature !== '\x1a\x45\xdf\xa3' && !tagged;
}

function refused(field: string, rule: string): Refusal {
  return new Refusal('invalid_parameter', `${field} ${rule}`, field);
}
