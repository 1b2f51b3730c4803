/**
 * A stranger's media file, opened: only the containers and codecs named here, only the file itself (no playlists, no references to other
 * files or addresses), no pictures larger than a screen. Everything that goes wrong in it is MediaError `bad_media`.
 */
import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_NOPTS_VALUE,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import {
  avGetCodecName,
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Frame,
  Packet,
  type Stream,
} from 'node-av/lib';
import { MOST_FRAMES, MOST_PIXELS_IN_ALL } from '../../catalogue/functions.ts';
import { decodesPicture, decodesSound } from '../../uploads/media-codecs.ts';
import { badMedia } from './media-error.ts';

const CONTAINERS = 'mov,matroska,webm,mp3,wav,w64,aac,flac,ogg';
/** 4096 x 4096: larger pictures are not accepted anywhere in the API, and each costs this many bytes four times over. */
const MAX_PIXELS = 2 ** 24;
/** Packets of a track that are read at most. Half a minute of sound in pieces of a third of a millisecond; of pictures, what the inspection takes. */
const MOST_PACKETS = { picture: 2 * MOST_FRAMES, sound: 100_000 } as const;
/** Of all frames of a track together. What is inspected is what a file says of itself, and a decoder may find more in it. */
const MOST_PIXELS = 2 * MOST_PIXELS_IN_ALL;

export interface MediaInput {
  readonly format: FormatContext;
  readonly picture: Stream | undefined;
  readonly sound: Stream | undefined;
}

/** Opens `path`; the caller closes it with `closeMedia`. Throws MediaError `bad_media`. */
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

/** A cover picture in a sound file is no video. It is known by its disposition: node-av's `attachedPic` ends the process where there is one. */
function isPicture({ codecpar, disposition }: Stream): boolean {
  const { codecType, codecId, width, height } = codecpar;
  if (codecType !== AVMEDIA_TYPE_VIDEO || (disposition & AV_DISPOSITION_ATTACHED_PIC) !== 0) return false;
  if (width * height > MAX_PIXELS) throw badMedia(`its picture of ${width} x ${height} is too large`);
  return width > 0 && height > 0 && decodesPicture(avGetCodecName(codecId) ?? '');
}

function isSound(stream: Stream): boolean {
  const { codecType, codecId, sampleRate } = stream.codecpar;
  return codecType === AVMEDIA_TYPE_AUDIO && sampleRate > 0 && decodesSound(avGetCodecName(codecId) ?? '');
}

// One track of an opened file as a stream of decoded frames, in the order in which they are shown or heard.

const THREADS = 2;

export class TrackDecoder {
  private readonly format: FormatContext;
  private readonly stream: Stream;
  private readonly codec: CodecContext;
  private readonly packet = new Packet();
  private ended = false;
  private left: number;
  private pixels = 0;
  private readonly mostPixels: number;

  private constructor(format: FormatContext, stream: Stream, codec: CodecContext, mostPixels: number) {
    this.mostPixels = mostPixels;
    this.format = format;
    this.stream = stream;
    this.codec = codec;
    this.left = stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO ? MOST_PACKETS.picture : MOST_PACKETS.sound;
    this.packet.alloc();
  }

  /** Reads from where `format` stands, at most so many pixels in all. Throws MediaError `bad_media` where the codec cannot be opened. */
  static async open(format: FormatContext, stream: Stream, mostPixels = MOST_PIXELS): Promise<TrackDecoder> {
    const decoder = Codec.findDecoder(stream.codecpar.codecId);
    if (decoder === null) throw badMedia('there is no decoder for it');
    const codec = new CodecContext();
    codec.allocContext3(decoder);
    must(codec.parametersToContext(stream.codecpar), 'its codec is described wrongly');
    codec.pktTimebase = stream.timeBase;
    codec.threadCount = THREADS;
    must(await codec.open2(decoder, null), 'its codec cannot be opened');
    return new TrackDecoder(format, stream, codec, mostPixels);
  }

  /**
   * The next frame, which the caller frees; null after the last. Broken packets are passed over, as a player does. Throws MediaError
   * `bad_media` where there are more than a file of half a minute has.
   */
  async next(): Promise<Frame | null> {
    const frame = new Frame();
    frame.alloc();
    for (;;) {
      const code = this.codec.receiveFrameSync(frame);
      if (code === 0) {
        this.pixels += frame.width * frame.height;
        if (this.pixels <= this.mostPixels) return frame;
        frame.free();
        throw badMedia('its frames are larger than they are said to be');
      }
      if (code === AVERROR_EOF || (this.ended && code === AVERROR_EAGAIN)) {
        frame.free();
        return null;
      }
      if (!this.ended) await this.feed();
      else if (code < 0 && code !== AVERROR_EAGAIN) {
        frame.free();
        return null;
      }
    }
  }

  /** Seconds at which the frame is shown, on the file's own clock; NaN where the file does not say. */
  secondsOf(frame: Frame): number {
    const { num, den } = this.stream.timeBase;
    const at = frame.bestEffortTimestamp === AV_NOPTS_VALUE ? frame.pts : frame.bestEffortTimestamp;
    return at === AV_NOPTS_VALUE ? Number.NaN : (Number(at) * num) / den;
  }

  close(): void {
    this.packet.free();
    this.codec.freeContext();
  }

  /** Hands the decoder one packet of this track, or the end. */
  private async feed(): Promise<void> {
    while ((await this.format.readFrame(this.packet)) >= 0) {
      const mine = this.packet.streamIndex === this.stream.index;
      if (mine && --this.left < 0) throw badMedia('one of its tracks is in too many pieces');
      if (mine) await this.codec.sendPacket(this.packet);
      this.packet.unref();
      if (mine) return;
    }
    this.ended = true;
    await this.codec.sendPacket(null);
  }
}
