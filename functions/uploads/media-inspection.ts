/**
 * What uploaded media really are, by their bytes: the name and the type that a client gives count for nothing. Only
 * indexes and packet headers are read, and nothing is decoded. Pure.
 */
import {
  ADTS,
  BufferSource,
  EncodedPacketSink,
  FLAC,
  Input,
  type InputTrack,
  type InputVideoTrack,
  Logging,
  LogLevel,
  MP3,
  MP4,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from 'mediabunny';
import {
  LONGEST_SOURCE_SECONDS,
  MOST_FRAMES,
  MOST_PIXELS_IN_ALL,
  SOURCE_GRACE_SECONDS,
} from '../catalogue/functions.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { PICTURE_NAMES, SOUND_NAMES, takesPicture, takesSound } from './media-codecs.ts';
import { secondsOfEdits } from './mp4-edits.ts';
import { tablesHold } from './mp4-tables.ts';
import { blockSound, isUnreadWave } from './wave-blocks.ts';
import { headsHold, isWebm } from './webm-heads.ts';

// What it finds odd in strangers' files is no event of ours.
Logging.level = LogLevel.Silent;

export const MEDIA_MAX_BYTES = 100 * 1024 * 1024;
const LONGEST_SIDE = 1920;
const SHORTEST_SIDE = 64;
const SHORTEST_SECONDS = 0.1;
/** As many as have usual places around who listens. */
const MOST_CHANNELS = 8;
/** Content types by what the container is and whether it holds video. */
const FORMATS: Readonly<Record<string, { readonly video?: string; readonly audio?: string }>> = {
  MP4: { video: 'video/mp4', audio: 'audio/mp4' },
  'QuickTime File Format': { video: 'video/quicktime', audio: 'audio/mp4' },
  WebM: { video: 'video/webm', audio: 'audio/webm' },
  MP3: { audio: 'audio/mpeg' },
  WAVE: { audio: 'audio/wav' },
  ADTS: { audio: 'audio/aac' },
  Ogg: { audio: 'audio/ogg' },
  FLAC: { audio: 'audio/flac' },
};

export const DAMAGED = 'cannot be read: it is damaged or cut off';
const UNUSED_SOUND = `has sound that cannot be used: it must be one of ${SOUND_NAMES.join(', ')}`;

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
  if (isWebm(bytes) ? !headsHold(bytes) : isMp4(bytes) && !tablesHold(bytes)) throw refused(field, DAMAGED);
  const packed = blockSound(bytes);
  if (!packed && isUnreadWave(bytes)) throw refused(field, UNUSED_SOUND);
  if (packed)
    return { mediaType: 'audio', contentType: 'audio/wav', ...lasting(packed.seconds, field), hasAudio: true };
  const input = new Input({ source: new BufferSource(bytes), formats: [MP4, QTFF, WEBM, MP3, WAVE, ADTS, OGG, FLAC] });
  try {
    return await read(input, bytes, field);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw refused(field, DAMAGED);
  } finally {
    input.dispose();
  }
}

async function read(input: Input, bytes: Uint8Array, field: string): Promise<MediaFacts> {
  const types = (await input.canRead()) ? FORMATS[(await input.getFormat()).name] : undefined;
  if (!types) {
    throw refused(field, 'must be mp4, mov or webm video, or mp3, wav, m4a, aac, ogg, flac or webm audio');
  }
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  const contentType = video ? types.video : types.audio;
  if (!contentType || (!video && !audio)) throw refused(field, 'holds no picture and no sound that can be used');
  if (video && !takesPicture(await codecOf(video))) {
    throw refused(field, `has a picture that cannot be used: it must be one of ${PICTURE_NAMES.join(', ')}`);
  }
  const hasAudio = audio !== null && takesSound(await codecOf(audio));
  if (video) return { mediaType: 'video', contentType, ...(await shown(video, bytes, field)), hasAudio };
  if (!audio || !hasAudio) throw refused(field, UNUSED_SOUND);
  const channels = await audio.getNumberOfChannels();
  if (channels > MOST_CHANNELS)
    throw refused(field, `has ${channels} channels of sound: at most ${MOST_CHANNELS} are taken`);
  const seconds = (await audio.computeDuration()) - begins(await audio.getFirstTimestamp());
  return { mediaType: 'audio', contentType, ...lasting(edited(seconds, bytes, audio), field), hasAudio };
}

/** The codec's name, or the container's for it where the reader does not know it. */
async function codecOf(track: InputTrack): Promise<string> {
  const codec = (await track.getCodec()) ?? (await track.getInternalCodecId());
  return typeof codec === 'string' ? codec : '';
}

/** How large and how long a video is shown. Its packets are counted: what a header says of them may be false. */
async function shown(
  video: InputVideoTrack,
  bytes: Uint8Array,
  field: string,
): Promise<Pick<MediaFacts, 'width' | 'height' | 'durationSeconds'>> {
  const [width, height] = [await video.getDisplayWidth(), await video.getDisplayHeight()];
  if (Math.max(width, height) > LONGEST_SIDE || Math.min(width, height) < SHORTEST_SIDE) {
    throw refused(field, `is ${width}x${height}: each side must be ${SHORTEST_SIDE} to ${LONGEST_SIDE} pixels`);
  }
  const most = Math.min(MOST_FRAMES, Math.floor(MOST_PIXELS_IN_ALL / (width * height)));
  let frames = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = { timestamp: Number.NEGATIVE_INFINITY, duration: 0 };
  for await (const { timestamp, duration } of new EncodedPacketSink(video).packets(undefined, undefined, {
    metadataOnly: true,
  })) {
    if (++frames > most) {
      lasting((await video.computeDuration()) - begins(first), field);
      throw refused(field, `has more than ${most} frames of ${width}x${height}: send it at fewer frames a second`);
    }
    first = Math.min(first, timestamp);
    if (timestamp > last.timestamp) last = { timestamp, duration };
  }
  // WebM need not say how long a frame is shown: the last one as long as the others.
  const shownFor = last.duration || (last.timestamp - first) / Math.max(1, frames - 1);
  const end = last.timestamp + shownFor;
  return { ...lasting(edited(end - begins(first), bytes, video), field), width, height };
}

/** What lies before 0 is there to be decoded and is not shown. */
const begins = (timestamp: number): number => Math.max(0, timestamp);

/** An edit may show less than the track holds, never more than is charged for. */
function edited(seconds: number, bytes: Uint8Array, { id }: InputTrack): number {
  return Math.min(seconds, (isMp4(bytes) ? secondsOfEdits(bytes, id) : undefined) ?? seconds);
}

/** From the first picture or sound to the end of the last, in whole milliseconds, where something so long is taken. */
function lasting(seconds: number, field: string): Pick<MediaFacts, 'durationSeconds'> {
  const durationSeconds = Math.round(seconds * 1000) / 1000;
  if (!(durationSeconds >= SHORTEST_SECONDS)) throw refused(field, 'lasts less than a tenth of a second');
  if (durationSeconds > LONGEST_SOURCE_SECONDS + SOURCE_GRACE_SECONDS) {
    throw refused(field, `lasts ${durationSeconds.toFixed(1)} seconds: at most ${LONGEST_SOURCE_SECONDS} are taken`);
  }
  return { durationSeconds };
}

/** What no other container begins with: the others have a signature of four bytes. */
function isMp4(bytes: Uint8Array): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const signature = String.fromCharCode(a, b, c, d);
  const tagged = signature.startsWith('ID3') || (a === 0xff && b >= 0xe0);
  return !['RIFF', 'OggS', 'fLaC', '\x1a\x45\xdf\xa3'].includes(signature) && !tagged;
}

function refused(field: string, rule: string): Refusal {
  return new Refusal('invalid_parameter', `${field} ${rule}`, field);
}
