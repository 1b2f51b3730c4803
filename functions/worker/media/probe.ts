/** What an MP4 really is, by reading it back: for checks before it is handed on. It reads our own output, so it runs in the caller's process. */
import { open } from 'node:fs/promises';
import { AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { avGetCodecName, FFmpegError, FormatContext, type Stream } from 'node-av/lib';

export interface Probe {
  readonly width: number;
  readonly height: number;
  /** Of the picture. */
  readonly durationSeconds: number;
  readonly frames: number;
  readonly fps: number;
  readonly videoCodec: string;
  readonly audio?: {
    readonly codec: string;
    readonly sampleRate: number;
    readonly channels: number;
    readonly durationSeconds: number;
  };
  /** Whether the index lies before the media, so that the file plays while it is still coming. */
  readonly faststart: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads the file at `path`. Throws when it is not an MP4 with a video track. */
export async function probe(path: string): Promise<Probe> {
  const faststart = await indexComesFirst(path);
  const format = new FormatContext();
  FFmpegError.throwIfError(await format.openInput(path), `open ${path}`);
  try {
    FFmpegError.throwIfError(await format.findStreamInfo(), `read ${path}`);
    const video = format.streams.find(stream => stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO);
    if (video === undefined) throw new Error(`${path} has no video track`);
    const sound = format.streams.find(stream => stream.codecpar.codecType === AVMEDIA_TYPE_AUDIO);
    const { num, den } = video.avgFrameRate;
    return {
      width: video.codecpar.width,
      height: video.codecpar.height,
      durationSeconds: durationOf(video),
      frames: Number(video.nbFrames),
      fps: num / den,
      videoCodec: codecOf(video),
      ...(sound === undefined
        ? {}
        : {
            audio: {
              codec: codecOf(sound),
              sampleRate: sound.codecpar.sampleRate,
              channels: sound.codecpar.channels,
              durationSeconds: durationOf(sound),
            },
          }),
      faststart,
      metadata: format.metadata?.getAll() ?? {},
    };
  } finally {
    await format.closeInput();
  }
}

function durationOf(stream: Stream): number {
  return (Number(stream.duration) * stream.timeBase.num) / stream.timeBase.den;
}

function codecOf(stream: Stream): string {
  return avGetCodecName(stream.codecpar.codecId) ?? 'unknown';
}

/** Walks the file's boxes: true when `moov` is met before `mdat`. */
async function indexComesFirst(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size: total } = await file.stat();
    const header = Buffer.alloc(16);
    for (let at = 0; at + 8 <= total; ) {
      await file.read(header, 0, 16, at);
      const type = header.toString('latin1', 4, 8);
      if (type === 'moov') return true;
      if (type === 'mdat') return false;
      const short = header.readUInt32BE(0);
      const size = short === 1 ? Number(header.readBigUInt64BE(8)) : short === 0 ? total - at : short;
      if (size < 8) throw new Error(`${path} is not an MP4: a box of ${size} bytes at ${at}`);
      at += size;
    }
    return false;
  } finally {
    await file.close();
  }
}
