/**
 * The MP4 file: one video track, perhaps one sound track, metadata by key, the index in front of the media (`faststart`) so that it plays
 * before it is all there. Bit-exact: no creation time, no encoder version, so the same packets make the same bytes.
 */
import { AVFMT_FLAG_BITEXACT } from 'node-av/constants';
import { type CodecContext, Dictionary, FFmpegError, FormatContext, type Packet, type Stream } from 'node-av/lib';

interface Track {
  readonly stream: Stream;
  /** The encoder's time base, kept by value: the encoder may be freed before the last packet is written. */
  readonly tick: { readonly num: number; readonly den: number };
}

export class Mp4Writer {
  private readonly format: FormatContext;
  private readonly video: Track;
  private readonly sound: (Track & { readonly packets: Packet[] }) | null;

  private constructor(format: FormatContext, video: Mp4Writer['video'], sound: Mp4Writer['sound']) {
    this.format = format;
    this.video = video;
    this.sound = sound;
  }

  /** Creates `path` with tracks for two opened encoders. `sound.packets` are interleaved with the video as it arrives. */
  static async create(
    path: string,
    video: CodecContext,
    sound: { codec: CodecContext; packets: Packet[] } | null,
    metadata: Readonly<Record<string, string>>,
  ): Promise<Mp4Writer> {
    const format = new FormatContext();
    FFmpegError.throwIfError(format.allocOutputContext2(null, 'mp4', path), 'create the MP4');
    format.setFlags(AVFMT_FLAG_BITEXACT);
    const track = (codec: CodecContext): Track => {
      const stream = format.newStream(null);
      FFmpegError.throwIfError(stream.codecpar.fromContext(codec), 'describe a track');
      stream.timeBase = codec.timeBase;
      return { stream, tick: { num: codec.timeBase.num, den: codec.timeBase.den } };
    };
    const videoTrack = track(video);
    videoTrack.stream.avgFrameRate = video.framerate;
    const soundTrack = sound === null ? null : { ...track(sound.codec), packets: [...sound.packets] };
    format.metadata = Dictionary.fromObject({ ...metadata });
    FFmpegError.throwIfError(await format.openOutput(), 'open the MP4');
    const options = Dictionary.fromObject({ movflags: '+faststart+use_metadata_tags' });
    FFmpegError.throwIfError(await format.writeHeader(options), 'write the MP4 header');
    return new Mp4Writer(format, videoTrack, soundTrack);
  }

  /** Adds one video packet, after the sound that is due before it. Frees the packet. */
  async addVideo(packet: Packet): Promise<void> {
    const due = Number(packet.dts) * seconds(this.video);
    await this.addSoundUntil(due);
    await this.write(packet, this.video);
  }

  /** Writes the rest of the sound and the index. */
  async finish(): Promise<void> {
    await this.addSoundUntil(Number.POSITIVE_INFINITY);
    FFmpegError.throwIfError(await this.format.writeTrailer(), 'write the MP4 index');
    await this.format.closeOutput();
    this.format.freeContext();
  }

  private async addSoundUntil(time: number): Promise<void> {
    const { sound } = this;
    if (sound === null) return;
    for (let next = sound.packets[0]; next !== undefined; next = sound.packets[0]) {
      if (Number(next.pts) * seconds(sound) > time) return;
      sound.packets.shift();
      await this.write(next, sound);
    }
  }

  private async write(packet: Packet, track: Track): Promise<void> {
    packet.streamIndex = track.stream.index;
    packet.rescaleTs(track.tick, track.stream.timeBase);
    FFmpegError.throwIfError(await this.format.interleavedWriteFrame(packet), 'write a packet');
    packet.free();
  }
}

function seconds({ tick }: Track): number {
  return tick.num / tick.den;
}
