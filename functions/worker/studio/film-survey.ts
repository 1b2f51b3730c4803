/** What a film is, from its packets themselves: what a header declares may be missing or false. Nothing is decoded. */
import { AV_NOPTS_VALUE, AV_PKT_FLAG_DISCARD } from 'node-av/constants';
import { Packet, type Stream } from 'node-av/lib';
import { badMedia, closeMedia, type MediaInput, openMedia } from './media-input.ts';
import { type Orientation, orientationOf } from './orientation.ts';

export interface Survey {
  /** Seconds on the file's clock at which the first frame is shown. */
  readonly starts: number;
  /** From the first frame to the end of the last. */
  readonly seconds: number;
  /** As it is shown: upright and with square pixels. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** The width of a stored pixel over its height. */
  readonly aspect: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Throws StudioError `bad_media` where the file has no picture track of a known codec. */
export async function surveyFilm(path: string): Promise<Survey> {
  const media = await openMedia(path);
  try {
    const { picture, format } = media;
    if (picture === undefined) throw badMedia('it has no picture track of a known codec');
    const orientation = orientationOf(picture);
    const aspect = pixelAspect(picture);
    const across = Math.round(picture.codecpar.width * aspect);
    const down = picture.codecpar.height;
    return {
      ...(await measure(media, picture)),
      width: orientation.sideways ? down : across,
      height: orientation.sideways ? across : down,
      orientation,
      aspect,
      metadata: format.metadata?.getAll() ?? {},
    };
  } finally {
    await closeMedia(media);
  }
}

async function measure({ format }: MediaInput, picture: Stream): Promise<Pick<Survey, 'starts' | 'seconds'>> {
  const { num, den } = picture.timeBase;
  const rate = picture.avgFrameRate.num / picture.avgFrameRate.den || 24;
  const packet = new Packet();
  packet.alloc();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  while ((await format.readFrame(packet)) >= 0) {
    const counts = packet.streamIndex === picture.index && (packet.flags & AV_PKT_FLAG_DISCARD) === 0;
    const stamp = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (counts && stamp !== AV_NOPTS_VALUE) {
      const shown = (Number(stamp) * num) / den;
      first = Math.min(first, shown);
      if (shown > last) {
        last = shown;
        end = shown + ((Number(packet.duration) * num) / den || 1 / rate);
      }
    }
    packet.unref();
  }
  packet.free();
  if (!(end > first)) throw badMedia('its picture track is empty');
  return { starts: first, seconds: end - first };
}

function pixelAspect(picture: Stream): number {
  const { num, den } = picture.codecpar.sampleAspectRatio;
  const aspect = num / den;
  return aspect > 0.1 && aspect < 10 ? aspect : 1;
}
