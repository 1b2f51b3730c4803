/** Stereo floats in, AAC packets out, by FFmpeg's own `aac` encoder (libfdk_aac's licence does not go with a GPL build). */

import {
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLTP,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  FF_ENCODER_AAC,
} from 'node-av/constants';
import { Codec, CodecContext, Dictionary, FFmpegError, Frame, Packet, Rational } from 'node-av/lib';

export const SAMPLE_RATE = 48_000;
const BIT_RATE = 128_000n;
/** Samples in one AAC frame, fixed by the format. */
const FRAME_SAMPLES = 1024;

/** Opens the AAC encoder for stereo at `SAMPLE_RATE`. */
export async function openSoundEncoder(): Promise<CodecContext> {
  const aac = Codec.findEncoderByName(FF_ENCODER_AAC);
  if (aac === null) throw new Error('this FFmpeg has no aac encoder');
  const codec = new CodecContext();
  codec.allocContext3(aac);
  codec.sampleRate = SAMPLE_RATE;
  codec.sampleFormat = AV_SAMPLE_FMT_FLTP;
  codec.channelLayout = AV_CHANNEL_LAYOUT_STEREO;
  codec.bitRate = BIT_RATE;
  codec.timeBase = new Rational(1, SAMPLE_RATE);
  codec.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_BITEXACT);
  FFmpegError.throwIfError(await codec.open2(aac, Dictionary.fromObject({})), 'open aac');
  return codec;
}

/** Encodes the whole track at once (a few milliseconds a second of sound); the caller frees the encoder. Packets are in 1/48000 s. */
export async function encodeSound(codec: CodecContext, left: Float32Array, right: Float32Array): Promise<Packet[]> {
  const packets: Packet[] = [];
  for (let start = 0; start < left.length; start += FRAME_SAMPLES) {
    const end = Math.min(left.length, start + FRAME_SAMPLES);
    const frame = new Frame();
    frame.alloc();
    frame.nbSamples = end - start;
    frame.format = AV_SAMPLE_FMT_FLTP;
    frame.sampleRate = SAMPLE_RATE;
    frame.channelLayout = AV_CHANNEL_LAYOUT_STEREO;
    FFmpegError.throwIfError(frame.allocBuffer(), 'allocate sound');
    write(frame.data?.[0], left.subarray(start, end));
    write(frame.data?.[1], right.subarray(start, end));
    frame.pts = BigInt(start);
    FFmpegError.throwIfError(await codec.sendFrame(frame), 'encode sound');
    frame.free();
    drain(codec, packets);
  }
  FFmpegError.throwIfError(await codec.sendFrame(null), 'finish sound');
  drain(codec, packets);
  return packets;
}

function write(plane: Buffer | undefined, samples: Float32Array): void {
  if (plane === undefined) throw new Error('the sound frame has no samples');
  plane.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
}

function drain(codec: CodecContext, packets: Packet[]): void {
  for (;;) {
    const packet = new Packet();
    packet.alloc();
    const code = codec.receivePacketSync(packet);
    if (code === AVERROR_EAGAIN || code === AVERROR_EOF) {
      packet.free();
      return;
    }
    FFmpegError.throwIfError(code, 'take a packet from aac');
    packets.push(packet);
  }
}
