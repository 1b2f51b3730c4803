/** The light that words ask for, laid over a picture that was taken in another. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { type Color, css } from '../../color.ts';
import type { Hour } from '../../families.ts';
import type { Direction } from '../../reading.ts';
import { HOUR_WORDS } from '../../vocabulary.ts';
import { mentioned } from '../../words.ts';

/** What the hour multiplies each channel by, in 255ths. */
const HOURS: Readonly<Record<Hour, Color>> = {
  night: [82, 98, 168],
  dusk: [158, 148, 216],
  sunset: [255, 186, 128],
  dawn: [255, 208, 206],
  day: [255, 252, 244],
};
const DULL: Color = [196, 206, 222];
const NAMED_COLOR = 0.3;

type Wash = readonly [operation: 'multiply' | 'screen' | 'soft-light', color: Color, alpha: number];

/** Paints the hour, the dull light of bad weather and the first colour that the words name; nothing where they name none. */
export function makeGrade(direction: Direction): (context: SKRSContext2D, width: number, height: number) => void {
  const washes: Wash[] = [];
  const [hour] = mentioned(direction.text, HOUR_WORDS);
  if (hour !== undefined) washes.push(['multiply', HOURS[hour], 1]);
  if (hour === 'day') washes.push(['screen', [70, 66, 54], 1]);
  if (direction.weather.has('rain') || direction.weather.has('cloudy')) washes.push(['multiply', DULL, 1]);
  if (direction.weather.has('storm')) washes.push(['multiply', [128, 136, 158], 1]);
  const [color] = direction.colors;
  if (color !== undefined) washes.push(['soft-light', color, NAMED_COLOR]);
  return (context, width, height) => {
    for (const [operation, color, alpha] of washes) {
      context.save();
      context.globalCompositeOperation = operation;
      context.fillStyle = css(color, alpha);
      context.fillRect(0, 0, width, height);
      context.restore();
    }
  };
}
