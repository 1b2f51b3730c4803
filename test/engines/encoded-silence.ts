/** Silence in any codec and container that FFmpeg writes. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import {
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  AV_SAMPLE_FMT_S16P,
} from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, FormatContext, Frame, Packet, Rational } from 'node-av/lib';
import { root } from './picture-frames.ts';

const RATE = 48_000;
/** What the encoders take their samples as. */
const ENCODERS = {
  libopus: AV_SAMPLE_FMT_S16,
  flac: AV_SAMPLE_FMT_S16,
  alac: AV_SAMPLE_FMT_S16P,
  ac3: AV_SAMPLE_FMT_FLTP,
  adpcm_ima_qt: AV_SAMPLE_FMT_S16P,
} as const;

/** A second of it, more or less a frame of the codec. The path. */
export async function encodedSilence(
  encoder: keyof typeof ENCODERS,
  container: string,
  extension: string,
): Promise<string> {
  const path = join(mkdtempSync(join(root, 'silence-')), `silence.${extension}`);
  const found = Codec.findEncoderByName(encoder as never);
  if (found === null) throw new Error(`this FFmpeg has no ${encoder}`);
  const codec = new CodecContext();
  codec.allocContext3(found);
  codec.sampleRate = RATE;
  codec.sampleFormat = ENCODERS[encoder];
  codec.channelLayout = AV_CHANNEL_LAYOUT_STEREO;
  codec.timeBase = new Rational(1, RATE);
  codec.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  FFmpegError.throwIfError(await codec.open2(found, null), 'open');
  const out = new FormatContext();
  FFmpegError.throwIfError(out.allocOutputContext2(null, container, path), 'create');
  const stream = out.newStream(null);
  FFmpegError.throwIfError(stream.codecpar.fromContext(codec), 'describe');
  stream.timeBase = codec.timeBase;
  FFmpegError.throwIfError(await out.openOutput(), 'open output');
  FFmpegError.throwIfError(await out.writeHeader(), 'header');
  const packet = new Packet();
  packet.alloc();
  const step = codec.frameSize || 1024;
  for (let at = 0; ; at += step) {
    const frame = at < RATE ? silentFrame(ENCODERS[encoder], step, at) : null;
    FFmpegError.throwIfError(await codec.sendFrame(frame), 'encode');
    frame?.free();
    while (codec.receivePacketSync(packet) === 0) {
      packet.streamIndex = stream.index;
      packet.rescaleTs(codec.timeBase, stream.timeBase);
      FFmpegError.throwIfError(await out.interleavedWriteFrame(packet), 'write');
    }
    if (frame === null) break;
  }
  FFmpegError.throwIfError(await out.writeTrailer(), 'trailer');
  await out.closeOutput();
  codec.freeContext();
  return path;
}

function silentFrame(format: (typeof ENCODERS)[keyof typeof ENCODERS], samples: number, at: number): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.nbSamples = samples;
  frame.format = format;
  frame.sampleRate = RATE;
  frame.channelLayout = AV_CHANNEL_LAYOUT_STEREO;
  FFmpegError.throwIfError(frame.allocBuffer(), 'allocate');
  for (const plane of frame.data ?? []) plane.fill(0);
  frame.pts = BigInt(at);
  return frame;
}
