/**
 * The codecs that are taken, once: what the inspection takes and what the decoder opens are the same rows. `named` is what the
 * reader of indexes calls a codec, or the container where the reader does not know it. Pure.
 */
interface Codec {
  readonly named: readonly string[];
  /** As FFmpeg calls its decoder. */
  readonly decoder: string;
}

const PICTURES: readonly Codec[] = [
  { named: ['avc'], decoder: 'h264' },
  { named: ['hevc'], decoder: 'hevc' },
  { named: ['vp8'], decoder: 'vp8' },
  { named: ['vp9'], decoder: 'vp9' },
  { named: ['av1'], decoder: 'av1' },
  { named: ['prores'], decoder: 'prores' },
  { named: ['mp4v'], decoder: 'mpeg4' },
  // In an MP4 it is an mp4v too.
  { named: ['jpeg'], decoder: 'mjpeg' },
];

const SOUNDS: readonly Codec[] = [
  { named: ['aac'], decoder: 'aac' },
  { named: ['mp3'], decoder: 'mp3' },
  { named: ['opus'], decoder: 'opus' },
  { named: ['vorbis'], decoder: 'vorbis' },
  { named: ['flac'], decoder: 'flac' },
  { named: ['alac'], decoder: 'alac' },
  { named: ['ac3'], decoder: 'ac3' },
  { named: ['eac3'], decoder: 'eac3' },
  { named: ['ima4'], decoder: 'adpcm_ima_qt' },
  { named: ['adpcm-ms'], decoder: 'adpcm_ms' },
  { named: ['adpcm-ima'], decoder: 'adpcm_ima_wav' },
  { named: ['ulaw'], decoder: 'pcm_mulaw' },
  { named: ['alaw'], decoder: 'pcm_alaw' },
];

/** Raw samples have as many names as there are ways to write a number. */
const RAW = { named: 'pcm-', decoder: 'pcm_' } as const;

export const PICTURE_NAMES = PICTURES.flatMap(({ named }) => named);
/** For people: raw samples are one of them. */
export const SOUND_NAMES = [...SOUNDS.flatMap(({ named }) => named), 'pcm'];

const isNamed = (codecs: readonly Codec[], name: string): boolean => codecs.some(({ named }) => named.includes(name));

export const takesPicture = (name: string): boolean => isNamed(PICTURES, name);
export const takesSound = (name: string): boolean => name.startsWith(RAW.named) || isNamed(SOUNDS, name);

export const decodesPicture = (name: string): boolean => PICTURES.some(({ decoder }) => decoder === name);
export const decodesSound = (name: string): boolean =>
  name.startsWith(RAW.decoder) || SOUNDS.some(({ decoder }) => decoder === name);
