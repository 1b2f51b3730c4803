/** What a fusion plays in front of: the background pictures side by side and grown together, or a scene drawn from the words. */
import { createCanvas } from '@napi-rs/canvas';
import type { ClipFormat, FrameSource } from '../../media/frame-source.ts';
import { type CameraState, cameraAt } from '../camera-moves.ts';
import type { Color } from '../color.ts';
import { openPicture, type Picture } from '../picture/open-picture.ts';
import { canvasOf } from '../picture/picture-canvas.ts';
import { meanColor } from '../picture/picture-scene.ts';
import { Still } from '../picture/still.ts';
import { previewFromText } from '../preview.ts';
import { Random } from '../random.ts';
import { type Direction, readPrompt } from '../reading.ts';
import { recordSound } from '../sound/soundtrack.ts';
import type { FusionSource } from '../source.ts';

export interface Backdrop {
  readonly scene: string;
  readonly direction: Direction;
  /** The colour of the light in it. */
  readonly ambient: Color;
  readonly sound: NonNullable<FrameSource['sound']>;
  /** Paints frame `index` and says where the camera is in it. */
  paint(index: number, frame: Parameters<FrameSource['paint']>[1], progress: number): CameraState;
}

/** The share of a picture's width over which it goes over into the next. */
const SEAM = 0.16;

/** Throws MediaError `bad_image`. `scenery` is the prompt without its calls. */
export async function openBackdrop(source: FusionSource, scenery: string, format: ClipFormat): Promise<Backdrop> {
  const { seed, cameraMovement, motion } = source;
  const words = { prompt: scenery, seed, ...(cameraMovement && { cameraMovement }), ...(motion && { motion }) };
  const direction = readPrompt(words);
  const random = new Random(seed, 'backdrop');
  const sound: Backdrop['sound'] = (rate, samples) => recordSound({ random, direction }, rate, samples);
  const cameraOf = (progress: number): CameraState => cameraAt(direction.move, progress, direction.fast);
  const paths = source.references.filter(({ role }) => role === 'background').map(({ imagePath }) => imagePath);
  if (paths.length === 0) {
    const drawn = previewFromText({ kind: 'text', ...words }, format);
    return {
      scene: drawn.scene,
      direction,
      ambient: ambientOf(drawn, format),
      sound,
      paint(index, frame, progress) {
        void drawn.paint(index, frame);
        return cameraOf(progress);
      },
    };
  }
  const picture = await panorama(paths, format.width, format.height);
  const still = new Still(picture);
  return {
    scene: 'picture',
    direction,
    ambient: meanColor(picture),
    sound,
    paint(_, { context }, progress) {
      const camera = cameraOf(progress);
      // Moved in by a twelfth, so that the camera has somewhere to go.
      context.drawImage(still.at({ push: 0.12 + 0.8 * (camera.zoom - 1), x: camera.x * 0.4, y: camera.y * 0.4 }), 0, 0);
      return camera;
    },
  };
}

/** Each picture covers its own part of the frame and a little of its neighbours', into which it fades. */
async function panorama(paths: readonly string[], width: number, height: number): Promise<Picture> {
  const part = width / paths.length;
  const seam = Math.round(part * SEAM);
  if (paths.length === 1) return openPicture(paths[0] as string, width, height);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  for (const [index, path] of paths.entries()) {
    const left = Math.max(0, Math.round(index * part) - seam);
    const right = Math.min(width, Math.round((index + 1) * part) + seam);
    const piece = canvasOf(await openPicture(path, right - left, height));
    if (index > 0) {
      const pen = piece.getContext('2d');
      const fade = pen.createLinearGradient(0, 0, 2 * seam, 0);
      fade.addColorStop(0, 'rgba(0, 0, 0, 0)');
      fade.addColorStop(1, 'rgba(0, 0, 0, 1)');
      pen.globalCompositeOperation = 'destination-in';
      pen.fillStyle = fade;
      pen.fillRect(0, 0, piece.width, height);
    }
    context.drawImage(piece, left, 0);
  }
  return { pixels: new Uint32Array(context.getImageData(0, 0, width, height).data.buffer), width, height };
}

/** The mean colour of the drawn scene's first frame. */
function ambientOf(drawn: FrameSource, { width, height }: ClipFormat): Color {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  void drawn.paint(0, { canvas, context, width, height });
  return meanColor({ pixels: new Uint32Array(context.getImageData(0, 0, width, height).data.buffer), width, height });
}
