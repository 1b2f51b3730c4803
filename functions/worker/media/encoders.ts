/**
 * RGBA canvases in, H.264 packets out. The output is a function of the pixels alone: the thread count is fixed, whatever the machine has,
 * because x264 decides rate control per thread.
 */

import {
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PIX_FMT_RGBA,
  AV_PIX_FMT_YUV420P,
  AV_SAMPLE_FMT_FLTP,
  AVCHROMA_LOC_LEFT,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_RGB,
  AVCOL_TRC_BT709,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  FF_ENCODER_AAC,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  Frame,
  Packet,
  Rational,
  SoftwareScaleContext,
} from 'node-av/lib';
import { SAMPLE_RATE } from './audio-reader.ts';
import type { FrameCanvas } from './frame-source.ts';

/**
 * crf 20 keeps gradients clean. No macroblock tree: on CPUs with AVX-512 this x264 (core 165) makes it depend on what memory held before, and
 * one clip in three came out with other bytes; without it, or without AVX-512, none did.
 */
const X264 = { preset: 'veryfast', profile: 'high', crf: '20', mbtree: '0' };
const THREADS = 2;
/** Rows read from a canvas at once: one read of a whole frame is an allocation big enough to be mapped and zeroed each time, six times slower. */
const BAND_ROWS = 48;

export class VideoEncoder {
  readonly codec: CodecContext;
  private readonly scaler = new SoftwareScaleContext();
  private readonly spare: Frame[] = [];
  private readonly width: number;
  private readonly height: number;
  private readonly deliver: (packet: Packet) => Promise<void>;

  private constructor(codec: CodecContext, width: number, height: number, deliver: (packet: Packet) => Promise<void>) {
    this.codec = codec;
    this.width = width;
    this.height = height;
    this.deliver = deliver;
    this.scaler.allocContext();
  }

  /** Opens x264 for frames of `width` x `height` pixels. `deliver` gets each packet in decoding order, in 1/fps units. */
  static async open(
    format: { width: number; height: number; fps: number },
    deliver: (packet: Packet) => Promise<void>,
  ): Promise<VideoEncoder> {
    const x264 = Codec.findEncoderByName(FF_ENCODER_LIBX264);
    if (x264 === null) throw new Error('this FFmpeg has no libx264');
    const codec = new CodecContext();
    codec.allocContext3(x264);
    codec.width = format.width;
    codec.height = format.height;
    codec.pixelFormat = AV_PIX_FMT_YUV420P;
    codec.timeBase = new Rational(1, format.fps);
    codec.framerate = new Rational(format.fps, 1);
    codec.gopSize = format.fps * 2;
    codec.threadCount = THREADS;
    codec.colorPrimaries = AVCOL_PRI_BT709;
    codec.colorTrc = AVCOL_TRC_BT709;
    codec.colorSpace = AVCOL_SPC_BT709;
    codec.colorRange = AVCOL_RANGE_MPEG;
    codec.chromaLocation = AVCHROMA_LOC_LEFT;
    codec.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_BITEXACT);
    FFmpegError.throwIfError(await codec.open2(x264, Dictionary.fromObject(X264)), 'open libx264');
    return new VideoEncoder(codec, format.width, format.height, deliver);
  }

  /** Copies the canvas's pixels out, so that the next frame may be painted. */
  take(from: FrameCanvas): Frame {
    const rgba = this.spare.pop() ?? this.frame(AV_PIX_FMT_RGBA);
    copyPixels(from, rgba);
    return rgba;
  }

  /** Converts and encodes a taken frame off this thread; resolves when x264 has it. Frames must come in order, one at a time. */
  async encode(index: number, taken: Frame): Promise<void> {
    const yuv = this.frame(AV_PIX_FMT_YUV420P);
    FFmpegError.throwIfError(await this.scaler.scaleFrame(yuv, taken), 'convert a frame');
    this.spare.push(taken);
    yuv.pts = BigInt(index);
    yuv.timeBase = this.codec.timeBase;
    await this.send(yuv);
    yuv.free();
  }

  /** Drains the frames that x264 still looks ahead at. Without it the last ones are lost. */
  async finish(): Promise<void> {
    await this.send(null);
    for (const frame of this.spare) frame.free();
    this.scaler.freeContext();
    this.codec.freeContext();
  }

  private async send(frame: Frame | null): Promise<void> {
    FFmpegError.throwIfError(await this.codec.sendFrame(frame), 'encode a frame');
    for (;;) {
      const packet = new Packet();
      packet.alloc();
      const code = this.codec.receivePacketSync(packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) {
        packet.free();
        return;
      }
      FFmpegError.throwIfError(code, 'take a packet from libx264');
      await this.deliver(packet);
    }
  }

  private frame(format: typeof AV_PIX_FMT_RGBA): Frame {
    const frame = new Frame();
    frame.alloc();
    frame.width = this.width;
    frame.height = this.height;
    frame.format = format;
    // swscale reads the matrix from the frames: without these it would write BT.601 under a BT.709 tag.
    frame.colorSpace = format === AV_PIX_FMT_RGBA ? AVCOL_SPC_RGB : AVCOL_SPC_BT709;
    frame.colorRange = format === AV_PIX_FMT_RGBA ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    FFmpegError.throwIfError(frame.allocBuffer(), 'allocate a frame');
    // Rows end in padding that vector code reads: left as it came, it would make the bytes differ from run to run.
    for (const plane of frame.data ?? []) plane.fill(0);
    return frame;
  }
}

function copyPixels(from: FrameCanvas, to: Frame): void {
  const target = to.data?.[0];
  const stride = to.linesize[0];
  if (target === undefined || stride === undefined) throw new Error('the frame has no pixels');
  const rowBytes = from.width * 4;
  for (let top = 0; top < from.height; top += BAND_ROWS) {
    const rows = Math.min(BAND_ROWS, from.height - top);
    const band = from.context.getImageData(0, top, from.width, rows).data;
    if (stride === rowBytes) target.set(band, top * stride);
    else
      for (let row = 0; row < rows; row++)
        target.set(band.subarray(row * rowBytes, (row + 1) * rowBytes), (top + row) * stride);
  }
}

// Stereo floats in, AAC packets out, by FFmpeg's own `aac` encoder (libfdk_aac's licence does not go with a GPL build).

const BIT_RATE = 128_000n;
/** Samples in one AAC frame, fixed by the format. */
const FRAME_SAMPLES = 1024;

/** Opens the AAC encoder for stereo at `SAMPLE_RATE`. */
export async function openAudioEncoder(): Promise<CodecContext> {
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
export async function encodeAudio(codec: CodecContext, left: Float32Array, right: Float32Array): Promise<Packet[]> {
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
