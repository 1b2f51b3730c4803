/** Speech over any other clip: the voice is heard over its sound, and where its frames show a face, the mouth follows. */
import { createCanvas } from '@napi-rs/canvas';
import type { ClipFormat, FrameCanvas, FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { clamp } from '../drawing/curves.ts';
import { type FaceGuess, findFace } from '../face/find-face.ts';
import { BOX, paintMouth, type Spot } from '../face/mouth-painter.ts';
import { placeOf } from '../face/track-face.ts';
import type { PreviewSource, SpokenOverSource } from '../source.ts';
import type { MouthShape } from './mouth-track.ts';
import { openSpeech, speechOver } from './speech-over.ts';

const SEARCH_SIDE = 144;
/** The face is sought in every third frame and followed with this inertia a frame. */
const EVERY = 3;
const FOLLOW = 0.3;
/** A drawn thing is called a face only when it looks much like one. */
const SURE = 0.62;

/** The same frames and sound with somebody speaking. */
export async function speakOver(
  inner: FrameSource,
  source: SpokenOverSource,
  { format, directory }: RenderOutput,
): Promise<FrameSource> {
  const voice = speechOver(await openSpeech(source.voice, directory), format);
  // The scenes that are drawn from words have no figures, and skies at dusk have the colour of skin.
  const follower = isDrawn(source.clip) ? undefined : new Follower(format);
  return {
    scene: inner.scene,
    async paint(index, frame) {
      await inner.paint(index, frame);
      const shape = voice.mouths[index];
      const spot = follower?.look(index, frame);
      if (shape && spot) paintOn(frame, spot, shape);
    },
    async sound(rate, samples) {
      const ambience = source.ambience ? await inner.sound?.(rate, samples) : undefined;
      return ambience ? voice.over(ambience) : voice.alone(samples);
    },
  };
}

function isDrawn(clip: PreviewSource): boolean {
  return clip.kind === 'text' || ('clip' in clip && isDrawn(clip.clip));
}

/** Follows a face through frames that are seen once each. */
class Follower {
  private readonly small;
  private guess: FaceGuess | undefined;
  private spot: Spot | undefined;
  private readonly width: number;
  private readonly height: number;

  constructor({ width, height }: ClipFormat) {
    const scale = Math.min(1, SEARCH_SIDE / Math.max(width, height));
    this.small = createCanvas(Math.round(width * scale), Math.round(height * scale));
    this.width = width;
    this.height = height;
  }

  look(index: number, { canvas }: FrameCanvas): Spot | undefined {
    if (index % EVERY === 0) this.search(canvas);
    if (!this.guess || this.guess.confidence < SURE) return undefined;
    const { x, y, width, bare } = placeOf(this.guess);
    const seen = { x: x * this.width, y: y * this.height, half: (width * this.width) / 2, bare };
    const last = this.spot ?? seen;
    const towards = (from: number, to: number): number => from + (to - from) * FOLLOW;
    this.spot = {
      x: towards(last.x, seen.x),
      y: towards(last.y, seen.y),
      half: towards(last.half, seen.half),
      bare: towards(last.bare, seen.bare),
    };
    return this.spot;
  }

  private search(canvas: FrameCanvas['canvas']): void {
    const { small } = this;
    const context = small.getContext('2d');
    context.drawImage(canvas, 0, 0, small.width, small.height);
    const { data } = context.getImageData(0, 0, small.width, small.height);
    const found = findFace({ pixels: data, width: small.width, height: small.height }, this.guess);
    if (found.confidence >= SURE || !this.guess) this.guess = found;
  }
}

function paintOn({ context, width, height }: FrameCanvas, spot: Spot, shape: MouthShape): void {
  const left = Math.floor(clamp(spot.x + BOX.left * spot.half - 2, 0, width - 1));
  const top = Math.floor(clamp(spot.y + BOX.top * spot.half - 2, 0, height - 1));
  const right = Math.ceil(clamp(spot.x + BOX.right * spot.half + 2, left + 1, width));
  const bottom = Math.ceil(clamp(spot.y + BOX.bottom * spot.half + 2, top + 1, height));
  const image = context.getImageData(left, top, right - left, bottom - top);
  paintMouth(image.data, right - left, bottom - top, { ...spot, x: spot.x - left, y: spot.y - top }, shape);
  context.putImageData(image, left, top);
}
