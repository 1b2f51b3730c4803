/** One track of an opened file as a stream of decoded frames, in the order in which they are shown or heard. */
import { AV_NOPTS_VALUE, AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { Codec, CodecContext, type FormatContext, Frame, Packet, type Stream } from 'node-av/lib';
import { badMedia, must } from './media-input.ts';

const THREADS = 2;

export class TrackDecoder {
  private readonly format: FormatContext;
  private readonly stream: Stream;
  private readonly codec: CodecContext;
  private readonly packet = new Packet();
  private ended = false;

  private constructor(format: FormatContext, stream: Stream, codec: CodecContext) {
    this.format = format;
    this.stream = stream;
    this.codec = codec;
    this.packet.alloc();
  }

  /** Reads from where `format` stands. Throws StudioError `bad_media` where the codec cannot be opened. */
  static async open(format: FormatContext, stream: Stream): Promise<TrackDecoder> {
    const decoder = Codec.findDecoder(stream.codecpar.codecId);
    if (decoder === null) throw badMedia('there is no decoder for it');
    const codec = new CodecContext();
    codec.allocContext3(decoder);
    must(codec.parametersToContext(stream.codecpar), 'its codec is described wrongly');
    codec.pktTimebase = stream.timeBase;
    codec.threadCount = THREADS;
    must(await codec.open2(decoder, null), 'its codec cannot be opened');
    return new TrackDecoder(format, stream, codec);
  }

  /** The next frame, which the caller frees; null after the last. Broken packets are passed over, as a player does. */
  async next(): Promise<Frame | null> {
    const frame = new Frame();
    frame.alloc();
    for (;;) {
      const code = this.codec.receiveFrameSync(frame);
      if (code === 0) return frame;
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
      if (mine) await this.codec.sendPacket(this.packet);
      this.packet.unref();
      if (mine) return;
    }
    this.ended = true;
    await this.codec.sendPacket(null);
  }
}
