/** A pencil draws the picture on paper, stroke by stroke, then the colours wash in; and the drawing alone, as a still. */
import { createCanvas } from '@napi-rs/canvas';
import { mix, smoothstep } from '../curves.ts';
import { makeNoises } from '../noise.ts';
import { openPicture } from '../picture/open-picture.ts';
import { canvasOf } from '../picture/picture-canvas.ts';
import { Stencil } from '../transition/changes.ts';
import type { Effect } from './effect.ts';
import { pencilDrawing } from './line-art.ts';
import { makeSurface } from './surface.ts';

/** Strokes of the pencil across the sheet. */
const STROKES = 46;

export const sketch: Effect = async ({ imagePaths, format: { width, height }, random }) => {
  const picture = await openPicture(imagePaths[0], width, height);
  const drawing = pencilDrawing(picture, makeNoises(random.fork('grain')).fine);
  const colors = canvasOf(picture);
  const paper = makeSurface('paper', width, height, random);
  const stencil = new Stencil(width, height);
  const drawn = createCanvas(width, height);
  const pen = drawn.getContext('2d');
  const strokes = Array.from({ length: STROKES }, () => ({
    wobble: random.range(-0.4, 0.4),
    late: random.range(0, 0.05),
  }));
  const washes = Array.from({ length: 7 }, () => ({
    x: random.range(0.05, 0.95) * width,
    y: random.range(0.05, 0.95) * height,
    start: random.range(0, 0.4),
  }));
  const reach = Math.hypot(width, height);
  return (context, progress) => {
    const penned = Math.min(1, progress / 0.58);
    const washed = smoothstep(0.5, 0.96, progress);
    context.drawImage(paper, 0, 0);
    if (washed > 0) {
      const wash = stencil.cut(colors, target => {
        const mask = createCanvas(width, height);
        const brush = mask.getContext('2d');
        for (const { x, y, start } of washes) {
          const radius = reach * 0.95 * smoothstep(start, 1, washed);
          if (radius < 1) continue;
          const blot = brush.createRadialGradient(x, y, radius * 0.55, x, y, radius);
          blot.addColorStop(0, 'rgba(0, 0, 0, 1)');
          blot.addColorStop(1, 'rgba(0, 0, 0, 0)');
          brush.fillStyle = blot;
          brush.fillRect(0, 0, width, height);
        }
        target.drawImage(mask, 0, 0);
      });
      // Colour over paper, not instead of it: the sheet's tooth stays.
      context.save();
      context.globalCompositeOperation = 'multiply';
      context.drawImage(wash, 0, 0);
      context.restore();
    }
    pen.globalCompositeOperation = 'source-over';
    pen.clearRect(0, 0, width, height);
    pen.lineWidth = (height * 1.6) / STROKES + 4;
    pen.lineCap = 'round';
    for (const [index, { wobble, late }] of strokes.entries()) {
      const share = smoothstep(0, 1, (penned * 1.12 - late) * STROKES * 0.28 - index * 0.28 + 0.3);
      if (share <= 0) continue;
      // Slanted, there and back, as a hand shades.
      const y = mix(-0.3, 1.2, index / (STROKES - 1)) * height;
      const rightwards = index % 2 === 0;
      const from = rightwards ? -0.05 : 1.05;
      const to = mix(from, rightwards ? 1.05 : -0.05, share);
      pen.beginPath();
      pen.moveTo(from * width, y + (1 - from) * height * 0.2);
      pen.lineTo(to * width, y + (1 - to) * height * 0.2 + wobble * 6);
      pen.stroke();
    }
    pen.globalCompositeOperation = 'source-in';
    pen.drawImage(drawing, 0, 0);
    context.save();
    context.globalAlpha = mix(1, 0.5, washed);
    context.drawImage(drawn, 0, 0);
    context.restore();
  };
};

export const pencil: Effect = async ({ imagePaths, format: { width, height }, random }) => {
  const edge = Math.round(Math.min(width, height) * 0.05);
  const sheet = makeSurface('paper', width, height, random);
  const picture = await openPicture(imagePaths[0], width - 2 * edge, height - 2 * edge);
  const drawing = pencilDrawing(picture, makeNoises(random.fork('grain')).fine);
  const pen = drawing.getContext('2d');
  // Towards the edges of the sheet the hand leaves off.
  pen.globalCompositeOperation = 'destination-in';
  pen.filter = `blur(${edge}px)`;
  pen.fillStyle = '#000';
  pen.fillRect(edge, edge, drawing.width - 2 * edge, drawing.height - 2 * edge);
  return context => {
    context.drawImage(sheet, 0, 0);
    context.drawImage(drawing, edge, edge);
  };
};
