/**
 * One clip from one frame source: paint, label, encode. Painting holds this thread while conversion and x264 run on theirs, so the two
 * overlap; at most `IN_FLIGHT` frames wait, which bounds the memory.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { CodecContext, Packet } from 'node-av/lib';
import { SAMPLE_RATE } from './audio-reader.ts';
import { encodeAudio, openAudioEncoder, VideoEncoder } from './encoders.ts';
import type { FrameCanvas, FrameSource } from './frame-source.ts';
import type { MediaJob, MediaResult } from './job.ts';
import { prepareLabel } from './label.ts';
import { Mp4Writer } from './mp4-writer.ts';

const IN_FLIGHT = 4;
/** The thumbnail shows the clip a third of the way in: the opening may still be settling. */
const THUMBNAIL_AT = 1 / 3;
const THUMBNAIL_QUALITY = 86;

interface EncodedSound {
  readonly codec: CodecContext;
  readonly packets: Packet[];
}

/** Makes `video.mp4`, `thumbnail.jpg` and `spritesheet.jpg` in the job's directory. `onProgress` gets the fraction of frames taken, 0 to 1. */
export async function makeVideo(
  job: MediaJob,
  source: FrameSource,
  onProgress: (fraction: number) => void,
): Promise<MediaResult> {
  const { width, height, fps, durationSeconds, audio } = job.format;
  const frames = Math.max(1, Math.round(durationSeconds * fps));
  const videoPath = join(job.directory, 'video.mp4');
  const thumbnailPath = join(job.directory, 'thumbnail.jpg');
  const spritesheetPath = join(job.directory, 'spritesheet.jpg');
  const canvas = createCanvas(width, height);
  const frame: FrameCanvas = { canvas, context: canvas.getContext('2d'), width, height };
  const label = prepareLabel(source.untouched ? '' : job.label.text, width, height);

  const sound = audio ? await encodedSound(source, Math.round((frames / fps) * SAMPLE_RATE)) : null;
  let writer: Mp4Writer | undefined;
  const encoder = await VideoEncoder.open({ width, height, fps }, async packet => writer?.addVideo(packet));
  writer = await Mp4Writer.create(videoPath, encoder.codec, sound, job.metadata);
  sound?.codec.freeContext();

  const sprites = new Spritesheet(frames, width, height);
  const thumbnailFrame = Math.floor(frames * THUMBNAIL_AT);
  const waiting: Promise<void>[] = [];
  let last = Promise.resolve();
  for (let index = 0; index < frames; index++) {
    await source.paint(index, frame);
    label.stamp(frame);
    if (index === thumbnailFrame) await writeFile(thumbnailPath, await thumbnailOf(canvas, frames, job));
    sprites.take(index, canvas);
    const taken = encoder.take(frame);
    last = last.then(() => encoder.encode(index, taken));
    waiting.push(last);
    if (waiting.length >= IN_FLIGHT) await waiting.shift();
    onProgress((index + 1) / frames);
  }
  await last;
  await encoder.finish();
  await writer.finish();

  await writeFile(spritesheetPath, sprites.encode());
  const bytes = await readFile(videoPath);
  return {
    videoPath,
    thumbnailPath,
    spritesheetPath,
    width,
    height,
    frames,
    durationSeconds: frames / fps,
    fps,
    hasAudio: sound !== null,
    bytes: bytes.length,
    scene: source.scene,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...(source.masks && { masks: source.masks }),
  };
}

/** A clip of one frame is an image, and this is how it is delivered. */
async function thumbnailOf(canvas: Canvas, frames: number, { metadata }: MediaJob): Promise<Buffer> {
  return frames === 1 ? encodeImage(canvas, metadata) : canvas.encodeSync('jpeg', THUMBNAIL_QUALITY);
}

/** The source's own sound, in packets; null where it has none. */
async function encodedSound(source: FrameSource, samples: number): Promise<EncodedSound | null> {
  const heard = await source.sound?.(SAMPLE_RATE, samples);
  if (heard === undefined) return null;
  const codec = await openAudioEncoder();
  return { codec, packets: await encodeAudio(codec, ...heard) };
}

// A clip at a glance: small frames spread evenly over it, in one picture, in reading order.

const SPRITE_COLUMNS = 5;
const SPRITE_ROWS = 4;
/** Pixels of a small frame's long side. */
const LONG_SIDE = 192;
const QUALITY = 80;

class Spritesheet {
  private readonly context: SKRSContext2D;
  private readonly width: number;
  private readonly height: number;
  /** The frame of each cell; a short clip shows some of its frames several times. */
  private readonly wanted: readonly number[];

  constructor(frames: number, width: number, height: number) {
    const scale = LONG_SIDE / Math.max(width, height);
    this.width = Math.max(1, Math.round(width * scale));
    this.height = Math.max(1, Math.round(height * scale));
    this.context = createCanvas(this.width * SPRITE_COLUMNS, this.height * SPRITE_ROWS).getContext('2d');
    const cells = SPRITE_COLUMNS * SPRITE_ROWS;
    this.wanted = Array.from({ length: cells }, (_, cell) => Math.floor(((cell + 0.5) * frames) / cells));
  }

  /** Shows the finished frame `index` to the sheet. */
  take(index: number, frame: Canvas): void {
    for (let cell = this.wanted.indexOf(index); this.wanted[cell] === index; cell++) {
      const column = cell % SPRITE_COLUMNS;
      const row = Math.floor(cell / SPRITE_COLUMNS);
      this.context.drawImage(frame, column * this.width, row * this.height, this.width, this.height);
    }
  }

  /** The sheet as JPEG. */
  encode(): Buffer {
    return this.context.canvas.encodeSync('jpeg', QUALITY);
  }
}

// One frame as a picture to be delivered: a JPEG at full quality that says about itself what a video would.

const IMAGE_QUALITY = 95;
/** The namespace of the keys that no standard one holds. */
const OWN = 'urn:mutoscope:label';

/** Encodes the canvas; `metadata` goes into its XMP packet, key by key. */
async function encodeImage(canvas: Canvas, metadata: Readonly<Record<string, string>>): Promise<Buffer> {
  // Loaded where it is used: a clip is made without it.
  const { default: sharp } = await import('sharp');
  const { width, height } = canvas;
  const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .withXmp(packetOf(metadata))
    .jpeg({ quality: IMAGE_QUALITY, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

function packetOf(metadata: Readonly<Record<string, string>>): string {
  const { DigitalSourceType, ...own } = metadata;
  const source = DigitalSourceType ? [element('Iptc4xmpExt:DigitalSourceType', DigitalSourceType)] : [];
  const lines = [...source, ...Object.entries(own).map(([key, value]) => element(`label:${key}`, value))];
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:label="${OWN}">
${lines.join('\n')}
</rdf:Description></rdf:RDF></x:xmpmeta>`;
}

function element(name: string, value: string): string {
  const escaped = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<${name}>${escaped}</${name}>`;
}
