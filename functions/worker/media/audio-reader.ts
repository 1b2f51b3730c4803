/** A sound track as two channels of floats at any rate. */
import {
  AV_CHANNEL_LAYOUT_4POINT0,
  AV_CHANNEL_LAYOUT_5POINT0_BACK,
  AV_CHANNEL_LAYOUT_5POINT1_BACK,
  AV_CHANNEL_LAYOUT_6POINT1,
  AV_CHANNEL_LAYOUT_7POINT1,
  AV_CHANNEL_LAYOUT_MONO,
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CHANNEL_LAYOUT_SURROUND,
  AV_CHANNEL_ORDER_UNSPEC,
  AV_SAMPLE_FMT_FLTP,
} from 'node-av/constants';
import { Frame, SoftwareResampleContext } from 'node-av/lib';
import type { Stereo } from './frame-source.ts';
import { badMedia } from './media-error.ts';
import { closeMedia, must, openMedia, TrackDecoder } from './media-file.ts';

/** What the product's sound is made and encoded at, in hertz. */
export const SAMPLE_RATE = 48_000;
/** Ten minutes: longer than anything the API takes, and 230 MB at 48 kHz. What is longer is cut. */
const MAX_SECONDS = 600;

/** The first sound track of the file, from its own beginning. Throws MediaError `bad_media` where there is none. */
export async function readSoundTrack(path: string, sampleRate: number): Promise<Stereo> {
  const found = await readTrack(path, sampleRate, undefined);
  if (found === undefined) throw badMedia('it has no sound');
  return found;
}

/** The sound from `from` seconds of the file's clock on, of exactly `seconds`: silence fills what the track does not. Undefined without a track. */
export async function readVideoAudio(
  path: string,
  sampleRate: number,
  from: number,
  seconds: number,
): Promise<Stereo | undefined> {
  const found = await readTrack(path, sampleRate, from);
  if (found === undefined) return undefined;
  const samples = Math.round(Math.min(seconds, MAX_SECONDS) * sampleRate);
  return [fitted(found[0], samples), fitted(found[1], samples)];
}

/** Silence added at the end, or the end cut, to make `samples`. */
export function fitted(channel: Float32Array, samples: number): Float32Array {
  if (channel.length === samples) return channel;
  const out = new Float32Array(samples);
  out.set(channel.subarray(0, samples));
  return out;
}

async function readTrack(path: string, rate: number, from: number | undefined): Promise<Stereo | undefined> {
  const media = await openMedia(path);
  const { sound } = media;
  if (sound === undefined) {
    await closeMedia(media);
    return undefined;
  }
  const decoder = await TrackDecoder.open(media.format, sound);
  const resampler = new SoftwareResampleContext();
  resampler.alloc();
  const left: Float32Array[] = [];
  const right: Float32Array[] = [];
  let total = 0;
  let begins: number | undefined;
  const take = (input: Frame | null): void => {
    const out = stereoFrame(rate);
    must(resampler.convertFrame(out, input), 'its sound cannot be converted');
    if (out.nbSamples > 0) {
      left.push(floats(out.data?.[0], out.nbSamples));
      right.push(floats(out.data?.[1], out.nbSamples));
      total += out.nbSamples;
    }
    out.free();
  };
  try {
    for (let frame = await decoder.next(); frame !== null; frame = await decoder.next()) {
      begins ??= decoder.secondsOf(frame);
      nameSpeakers(frame);
      take(frame);
      frame.free();
      // A few bytes can stand for hours of silence.
      if (total >= MAX_SECONDS * rate) break;
    }
    if (begins === undefined) throw badMedia('none of its sound can be decoded');
    take(null);
  } finally {
    resampler.free();
    decoder.close();
    await closeMedia(media);
  }
  const offset = from === undefined || Number.isNaN(begins) ? 0 : Math.round((begins - from) * rate);
  return [joined(left, total, offset), joined(right, total, offset)];
}

/** The pieces one after the other; `offset` samples of silence before them, or as many cut where it is negative. */
function joined(pieces: readonly Float32Array[], total: number, offset: number): Float32Array {
  const out = new Float32Array(Math.max(0, total + offset));
  let at = offset;
  for (const piece of pieces) {
    if (at + piece.length > 0) out.set(at < 0 ? piece.subarray(-at) : piece, Math.max(0, at));
    at += piece.length;
  }
  return out;
}

/** How so many channels usually stand around who listens. */
const USUAL_LAYOUTS = [
  AV_CHANNEL_LAYOUT_MONO,
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CHANNEL_LAYOUT_SURROUND,
  AV_CHANNEL_LAYOUT_4POINT0,
  AV_CHANNEL_LAYOUT_5POINT0_BACK,
  AV_CHANNEL_LAYOUT_5POINT1_BACK,
  AV_CHANNEL_LAYOUT_6POINT1,
  AV_CHANNEL_LAYOUT_7POINT1,
];

/** Plain WAV files count their channels without saying which is which. */
function nameSpeakers(frame: Frame): void {
  const { order, nbChannels } = frame.channelLayout;
  if (order !== AV_CHANNEL_ORDER_UNSPEC) return;
  const usual = USUAL_LAYOUTS[nbChannels - 1];
  if (usual === undefined) throw badMedia(`its ${nbChannels} channels have no names`);
  frame.channelLayout = usual;
}

function stereoFrame(rate: number): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.format = AV_SAMPLE_FMT_FLTP;
  frame.sampleRate = rate;
  frame.channelLayout = AV_CHANNEL_LAYOUT_STEREO;
  return frame;
}

function floats(plane: Buffer | undefined, samples: number): Float32Array {
  if (plane === undefined) throw badMedia('its sound has no samples');
  const copy = new Float32Array(samples);
  new Uint8Array(copy.buffer).set(plane.subarray(0, samples * 4));
  return copy;
}
