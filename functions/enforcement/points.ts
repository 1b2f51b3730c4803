/**
 * Points of violations, kept by the day of the act and the time in which they end. Each UTC day takes the same part away,
 * so that points of one day and one time are one number: what an account has to keep is bounded, however many violations
 * there are. Adding and taking away are each other's inverse, in any order. Pure.
 */
import { MEASURE_STEPS, type MeasureStep, STANDING_TABLE } from '../catalogue/standing.ts';
import { dayPlus, utcDay } from '../data/day-shard.ts';

/** Points by `2026-11-30#90`: the day of the act, and the days in which they end. */
export type PointsByDay = Readonly<Record<string, number>>;

export interface DatedPoints {
  readonly points: number;
  /** Of the act, UTC. */
  readonly day: string;
  readonly decayDays: number;
}

/** The longest time in which points end; every time divides it, so that parts of a point are whole numbers. */
const LONGEST_DAYS = 360;
const DAY_MS = 24 * 3600_000;

const nameOf = ({ day, decayDays }: DatedPoints): string => `${day}#${decayDays}`;

/** What is left of points on a day, in 360ths of one. */
function unitsOn({ points, day, decayDays }: DatedPoints, on: string): number {
  const gone = Math.max(0, Math.round((Date.parse(on) - Date.parse(day)) / DAY_MS));
  return Math.max(0, points * (decayDays - gone) * (LONGEST_DAYS / decayDays));
}

function allOf(kept: PointsByDay): DatedPoints[] {
  return Object.entries(kept).map(([name, points]) => {
    const [day = '', decayDays = ''] = name.split('#');
    return { points, day, decayDays: Number(decayDays) };
  });
}

function sumOn(kept: PointsByDay, on: string): number {
  return allOf(kept).reduce((sum, dated) => sum + unitsOn(dated, on), 0);
}

/** What is left of all of them on a day. */
export function pointsOn(kept: PointsByDay, on: string): number {
  return sumOn(kept, on) / LONGEST_DAYS;
}

/** What is left of one on a day, to a hundredth. */
export function leftOn(dated: DatedPoints, on: string): number {
  return Math.ceil((unitsOn(dated, on) / LONGEST_DAYS) * 100) / 100;
}

/** The day from which nothing is left of it. */
export function goneOn({ day, decayDays }: DatedPoints): string {
  return dayPlus(day, decayDays);
}

/** Without what has ended by that day. */
function living(kept: PointsByDay, on: string): PointsByDay {
  const left = allOf(kept).filter(dated => unitsOn(dated, on) > 0);
  return Object.fromEntries(left.map(dated => [nameOf(dated), dated.points]));
}

export function withPoints(kept: PointsByDay, added: DatedPoints, on: string): PointsByDay {
  return living({ ...kept, [nameOf(added)]: (kept[nameOf(added)] ?? 0) + added.points }, on);
}

/** Of what has ended there is nothing to take away. */
export function withoutPoints(kept: PointsByDay, taken: DatedPoints, on: string): PointsByDay {
  return living({ ...kept, [nameOf(taken)]: Math.max(0, (kept[nameOf(taken)] ?? 0) - taken.points) }, on);
}

/** Until when each step follows from points (epoch ms), as they stand on a day; absent for steps that do not follow. */
export function stepsByPoints(kept: PointsByDay, on: string): Partial<Record<MeasureStep, number>> {
  const reached = MEASURE_STEPS.flatMap(step => {
    const least = STANDING_TABLE[step].fromPoints * LONGEST_DAYS;
    if (sumOn(kept, on) < least) return [];
    // Points only fall: the last day on which they suffice is found by halving.
    let [last, first] = [0, LONGEST_DAYS];
    while (first - last > 1) {
      const middle = Math.floor((last + first) / 2);
      if (sumOn(kept, dayPlus(on, middle)) >= least) last = middle;
      else first = middle;
    }
    return [[step, Date.parse(dayPlus(on, first))] as const];
  });
  return Object.fromEntries(reached);
}

/** The points of an act at a moment, epoch ms. */
export function datedPoints(points: number, decayDays: number, at: number): DatedPoints {
  return { points, decayDays, day: utcDay(at) };
}
