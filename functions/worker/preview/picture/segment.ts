/**
 * Tells the subject of a picture from what is behind it. What an outline parts from the border is subject; from that guess, as in GrabCut,
 * the colours of both sides are learnt, and neighbours of like colour are drawn to the same side.
 */

import { clamp } from '../curves.ts';
import { barrierFromBorder, partingValue } from './barrier.ts';
import { type Cells, cellsOf } from './cells.ts';
import { learnColors } from './color-model.ts';
import type { Picture } from './open-picture.ts';
import { keepMainParts } from './regions.ts';

const LONG_SIDE = 144;
const ROUNDS = 3;
/** How much the learnt colours say, against where and how apart a cell stands. */
const COLOUR = 0.4;
const SMOOTHING = 10;
/** How much a neighbour's opinion counts, and how unlike in colour it may be before it does not. */
const PULL = 2.2;
const LIKENESS = 0.006;

export interface Segments {
  readonly columns: number;
  readonly rows: number;
  /** How surely each cell is subject, 0 to 1. */
  readonly subject: Float32Array;
  /** Share of the frame that is subject. */
  readonly share: number;
  /** Share of the top and side borders that is subject: high where the guess has taken the background along. */
  readonly onBorder: number;
  /** How unlike the two sides of its outline are, on average: low where the outline was drawn through something that goes on. */
  readonly outline: number;
}

export function segment(picture: Picture): Segments {
  const cells = cellsOf(picture, LONG_SIDE);
  const { columns, rows, colors } = cells;
  const isBorder = (cell: number): boolean => runsOff(cell, columns, rows);
  const apart = barrierFromBorder(cells, isBorder);
  const parting = partingValue(apart);
  const place = placeWeight(columns, rows);
  const status = apart.map(
    (value, cell) => 9 * clamp(value - parting, -0.35, 0.35) + 1.6 * ((place[cell] as number) - 0.45),
  );
  const pulls = neighbourPulls(cells);
  let subject = settle(status, pulls, columns);
  for (let round = 0; round < ROUNDS; round++) {
    const background = learnColors(
      colors,
      subject.map((value, cell) => (isBorder(cell) ? 1 : 1 - value)),
    );
    const foreground = learnColors(colors, subject);
    if (background === undefined || foreground === undefined) break;
    const evidence = status.map((value, cell) => {
      const colour = background.cost(colors, cell) - foreground.cost(colors, cell);
      return value + clamp(colour, -4, 4) * COLOUR - (isBorder(cell) ? 2 : 0);
    });
    subject = settle(evidence, pulls, columns);
  }
  subject = keepMainParts(subject, columns, rows);
  return { columns, rows, subject, ...measure(subject, columns, rows), outline: outlineContrast(subject, cells) };
}

/** Subjects stand in the middle and may be cut off below, hardly ever above or at the sides. */
function placeWeight(columns: number, rows: number): Float32Array {
  return Float32Array.from({ length: columns * rows }, (_, cell) => {
    const x = (cell % columns) / (columns - 1) - 0.5;
    const y = Math.floor(cell / columns) / (rows - 1) - 0.54;
    return Math.exp(-0.9 * ((x / 0.44) ** 2 + (y / (y > 0 ? 0.6 : 0.47)) ** 2) ** 1.5);
  });
}

/** The top, the sides, and the corners of the bottom: a subject that is cut off below must not count as border. */
function runsOff(cell: number, columns: number, rows: number): boolean {
  const x = cell % columns;
  const y = Math.floor(cell / columns);
  if (y < 2) return true;
  if (Math.min(x, columns - 1 - x) < 2) return y < rows * 0.9;
  return y >= rows - 2 && Math.abs(x / columns - 0.5) > 0.4;
}

/** For each cell, how strongly it is drawn to the one at its right and the one below it. */
function neighbourPulls({ columns, rows, colors }: Cells): { right: Float32Array; below: Float32Array } {
  const pull = (cell: number, other: number): number => {
    let away = 0;
    for (let part = 0; part < 3; part++)
      away += ((colors[cell * 3 + part] as number) - (colors[other * 3 + part] as number)) ** 2;
    return PULL * (0.12 + Math.exp(-away / LIKENESS));
  };
  const right = new Float32Array(columns * rows);
  const below = new Float32Array(columns * rows);
  for (let cell = 0; cell < right.length; cell++) {
    if ((cell + 1) % columns !== 0) right[cell] = pull(cell, cell + 1);
    if (cell + columns < right.length) below[cell] = pull(cell, cell + columns);
  }
  return { right, below };
}

/** Lets evidence and neighbours agree: each cell's belief follows from its own evidence and the beliefs around it. */
function settle(
  evidence: Float32Array,
  { right, below }: { right: Float32Array; below: Float32Array },
  columns: number,
): Float32Array {
  const belief = evidence.map(value => 1 / (1 + Math.exp(-value)));
  const at = (cell: number): number => (belief[cell] ?? 0.5) * 2 - 1;
  for (let round = 0; round < SMOOTHING; round++) {
    for (let cell = 0; cell < belief.length; cell++) {
      const around =
        (right[cell] as number) * at(cell + 1) +
        (below[cell] as number) * at(cell + columns) +
        (right[cell - 1] ?? 0) * at(cell - 1) +
        (below[cell - columns] ?? 0) * at(cell - columns);
      belief[cell] = 1 / (1 + Math.exp(-((evidence[cell] as number) + around)));
    }
  }
  return belief;
}

function measure(subject: Float32Array, columns: number, rows: number): { share: number; onBorder: number } {
  let sum = 0;
  let border = 0;
  let length = 0;
  for (let cell = 0; cell < subject.length; cell++) {
    const value = (subject[cell] as number) > 0.5 ? 1 : 0;
    sum += value;
    const x = cell % columns;
    const y = Math.floor(cell / columns);
    if (x > 0 && x < columns - 1 && y > 0) continue;
    border += value;
    length++;
  }
  return { share: sum / (columns * rows), onBorder: border / length };
}

/** The mean difference in colour between cells three apart, across the outline. */
function outlineContrast(subject: Float32Array, { columns, colors }: Cells): number {
  let sum = 0;
  let count = 0;
  for (let cell = 0; cell + 3 * columns + 3 < subject.length; cell++) {
    const inside = (subject[cell] as number) > 0.5;
    for (const step of [3, 3 * columns]) {
      if ((step === 3 && (cell % columns) + 3 >= columns) || (subject[cell + step] as number) > 0.5 === inside)
        continue;
      let away = 0;
      for (let part = 0; part < 3; part++)
        away += ((colors[cell * 3 + part] as number) - (colors[(cell + step) * 3 + part] as number)) ** 2;
      sum += Math.sqrt(away);
      count++;
    }
  }
  return sum / Math.max(1, count);
}
