/** A comic's cover: flat inks, black outlines, halftone dots in the shadows, a banner and a burst. */
import { type Canvas, createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { labelFont } from '../../media/label.ts';
import { clamp, mix } from '../curves.ts';
import { openPicture, type Picture } from '../picture/open-picture.ts';
import type { Effect } from './effect.ts';
import { blurred, brightness, outlines } from './line-art.ts';

const LEVELS = 5;
const CRIES: readonly [string, ...string[]] = ['WOW!', 'ZAP!', 'POW!', 'BAM!', 'YES!'];

export const comicCover: Effect = async ({ imagePaths, format: { width, height }, random }) => {
  const unit = Math.min(width, height);
  const banner = Math.round(unit * 0.19);
  const edge = Math.round(unit * 0.025);
  const art = inked(await openPicture(imagePaths[0], width - 2 * edge, height - banner - 2 * edge));
  const cry = random.pick(CRIES);
  const issue = random.whole(1, 99);
  const onLeft = random.chance(0.5);
  return context => {
    context.fillStyle = '#fdf8ea';
    context.fillRect(0, 0, width, height);
    context.drawImage(art, edge, banner + edge);
    context.strokeStyle = '#111';
    context.lineWidth = edge * 0.5;
    context.strokeRect(edge, banner + edge, width - 2 * edge, height - banner - 2 * edge);
    drawBanner(context, width, banner, edge, issue);
    const radius = unit * 0.15;
    drawBurst(
      context,
      onLeft ? edge + radius * 1.15 : width - edge - radius * 1.15,
      banner + edge + radius * 1.2,
      radius,
      cry,
    );
  };
};

/** Few and strong colours, dots where it is dark, and ink on the outlines. */
function inked(picture: Picture): Canvas {
  const { width, height, pixels } = picture;
  const unit = Math.min(width, height);
  const lines = outlines(picture, 0.14);
  const tone = blurred(brightness(picture), width, height, Math.max(2, Math.round(unit / 110)));
  const dot = Math.max(4, unit / 84);
  const image = new ImageData(width, height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const pixel = pixels[at] as number;
      const light = tone[at] as number;
      const u = (x + y) / dot;
      const v = (x - y) / dot;
      const away = Math.hypot((((u % 1) + 1) % 1) - 0.5, (((v % 1) + 1) % 1) - 0.5);
      const dotted = away < 0.62 * clamp(0.72 - light) ** 0.6 ? 0.72 : 1;
      const ink = 1 - clamp(1.5 * (lines[at] as number));
      const mean = ((pixel & 255) + ((pixel >>> 8) & 255) + ((pixel >>> 16) & 255)) / 3;
      for (let part = 0; part < 3; part++) {
        const strong = mix(mean, (pixel >>> (8 * part)) & 255, 1.45) * 1.08 + 8;
        const flat = (Math.round((clamp(strong, 0, 255) / 255) * LEVELS) / LEVELS) * 255;
        image.data[at * 4 + part] = (12 + mix(flat, strong, 0.25) * dotted) * ink;
      }
      image.data[at * 4 + 3] = 255;
    }
  }
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

function drawBanner(context: SKRSContext2D, width: number, height: number, edge: number, issue: number): void {
  const box = height * 0.62;
  const size = Math.min(height * 0.74, (width - box * 1.6 - 4 * edge) / 6.6);
  context.save();
  context.translate(edge * 1.6, height * 0.5 + edge * 0.5 + size * 0.36);
  context.transform(1, 0, -0.14, 1, 0, 0);
  context.font = labelFont(size);
  context.lineJoin = 'round';
  context.lineWidth = size * 0.22;
  context.strokeStyle = '#111';
  context.strokeText('MUTOSCOPE', size * 0.1, 0, width - box * 1.5 - 5 * edge);
  context.fillStyle = '#e5252b';
  context.fillText('MUTOSCOPE', size * 0.1, 0, width - box * 1.5 - 5 * edge);
  context.restore();
  context.save();
  context.translate(width - edge * 1.4 - box * 1.3, height * 0.5 - box * 0.42);
  context.fillStyle = '#ffd43b';
  context.strokeStyle = '#111';
  context.lineWidth = edge * 0.3;
  context.fillRect(0, 0, box * 1.3, box);
  context.strokeRect(0, 0, box * 1.3, box);
  context.fillStyle = '#111';
  context.textAlign = 'center';
  context.font = labelFont(box * 0.24);
  context.fillText('ISSUE', box * 0.65, box * 0.36);
  context.font = labelFont(box * 0.42);
  context.fillText(`${issue}`, box * 0.65, box * 0.82);
  context.restore();
}

function drawBurst(context: SKRSContext2D, x: number, y: number, radius: number, cry: string): void {
  context.save();
  context.translate(x, y);
  context.rotate(-0.16);
  context.beginPath();
  for (let point = 0; point < 28; point++) {
    const away = radius * (point % 2 === 0 ? 1.12 : 0.8);
    context.lineTo(away * Math.cos((point / 28) * Math.PI * 2), away * 0.82 * Math.sin((point / 28) * Math.PI * 2));
  }
  context.closePath();
  context.lineJoin = 'round';
  context.lineWidth = radius * 0.09;
  context.strokeStyle = '#111';
  context.stroke();
  context.fillStyle = '#ffe14d';
  context.fill();
  context.textAlign = 'center';
  context.font = labelFont(radius * 0.46);
  context.lineWidth = radius * 0.11;
  context.strokeText(cry, 0, radius * 0.17);
  context.fillStyle = '#fff';
  context.fillText(cry, 0, radius * 0.17);
  context.restore();
}
