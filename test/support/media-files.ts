/** Films and recordings for tests that read indexes and decode nothing: real containers around packets of no meaning. */
import {
  AdtsOutputFormat,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';

export type Container = 'mp4' | 'fragments' | 'mov' | 'webm' | 'm4a' | 'aac' | 'webm audio';

interface Shape {
  readonly container: Container;
  readonly seconds: number;
  readonly width?: number;
  readonly height?: number;
  /** Whether a film has sound. */
  readonly sound?: boolean;
  /** Frames a second. */
  readonly fps?: number;
  /** Seconds on the file's clock at which it begins. */
  readonly starts?: number;
  /** A cover picture, as JPEG, where the container takes one. */
  readonly cover?: Uint8Array;
}

const RATE = 48_000;
const AAC_FRAME = 1024;
/** Of the packets that a first byte of 0 announces. */
const OPUS_SECONDS = 0.01;
/** Of H.264 and of AAC: what players must know before the first packet. */
const AVCC = [1, 0x64, 0, 0x1e, 0xff, 0xe1, 0, 4, 0x67, 0x64, 0, 0x1e, 1, 0, 4, 0x68, 0xee, 0x3c, 0x80];
const ASC = [0x11, 0x90];

/** The bytes of a file. */
export async function mediaFile({
  container,
  seconds,
  width = 640,
  height = 360,
  sound = false,
  fps = 10,
  starts = 0,
  cover,
}: Shape): Promise<Buffer> {
  const film = !['m4a', 'aac', 'webm audio'].includes(container);
  const heard = !film || (sound && container !== 'webm');
  const output = new Output({ format: formatOf(container), target: new BufferTarget() });
  const pictures = new EncodedVideoPacketSource(container === 'webm' ? 'vp9' : 'avc');
  const opus = container === 'webm audio';
  const tones = new EncodedAudioPacketSource(opus ? 'opus' : 'aac');
  if (film) output.addVideoTrack(pictures);
  if (heard) output.addAudioTrack(tones);
  if (cover) {
    output.setMetadataTags({ images: [{ data: cover, mimeType: 'image/jpeg', kind: 'coverFront' }] });
  }
  await output.start();
  for (let frame = 0; film && frame < seconds * fps; frame++) {
    const data = new Uint8Array([0, 0, 0, 2, 0x65, frame & 0xff]);
    const codec = container === 'webm' ? 'vp09.00.10.08' : 'avc1.64001e';
    const description = container === 'webm' ? {} : { description: new Uint8Array(AVCC) };
    const decoderConfig = { codec, codedWidth: width, codedHeight: height, ...description };
    await pictures.add(new EncodedPacket(data, 'key', starts + frame / fps, 1 / fps), { decoderConfig });
  }
  const step = opus ? OPUS_SECONDS : AAC_FRAME / RATE;
  for (let at = 0; heard && at < seconds; at += step) {
    const codec = opus ? { codec: 'opus' } : { codec: 'mp4a.40.2', description: new Uint8Array(ASC) };
    const decoderConfig = { ...codec, sampleRate: RATE, numberOfChannels: 2 };
    await tones.add(new EncodedPacket(new Uint8Array(32), 'key', starts + at, step), { decoderConfig });
  }
  await output.finalize();
  return Buffer.from(output.target.buffer ?? new ArrayBuffer(0));
}

function formatOf(container: Container) {
  switch (container) {
    case 'mov':
      return new MovOutputFormat();
    case 'webm':
    case 'webm audio':
      return new WebMOutputFormat();
    case 'fragments':
      return new Mp4OutputFormat({ fastStart: 'fragmented' });
    case 'aac':
      return new AdtsOutputFormat();
    default:
      return new Mp4OutputFormat();
  }
}
