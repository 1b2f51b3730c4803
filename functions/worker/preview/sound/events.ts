/** The voices of things that happen: steps, bells, machines, people. Each adds itself to the whole of a stereo buffer. */
import type { Random } from '../random.ts';
import { burst, chirp, hiss, scatter, seconds, strike, TAU, type Tape } from './instruments.ts';
import type { Voice } from './voices.ts';

/** A church bell's partials: hum, prime, tierce, quint, nominal and above. */
const BELL: readonly (readonly [number, number, number])[] = [
  [0.5, 0.1, 4.5],
  [1, 0.16, 3.2],
  [1.19, 0.12, 2.6],
  [1.5, 0.06, 2],
  [2, 0.13, 1.8],
  [2.74, 0.05, 1.1],
  [3.76, 0.03, 0.7],
];

/** Calls `play` at every beat, a little off it. */
function beats(tape: Tape, random: Random, every: number, play: (start: number, index: number) => void): void {
  let index = 0;
  for (let start = random.range(0.1, 0.3); start < seconds(tape); start += every * random.range(0.96, 1.04))
    play(start, index++);
}

export const EVENTS = {
  footsteps(tape, random, level) {
    beats(tape, random, 0.54, (start, index) => {
      const pan = index % 2 === 0 ? -0.25 : 0.25;
      burst(tape, random, start, { low: 260, high: 50, long: 0.13, level: level * 1.5, pan });
      burst(tape, random, start + 0.045, { low: 5200, high: 1200, long: 0.09, level: level * 0.5, pan });
    });
  },
  bells(tape, random, level) {
    const root = random.range(380, 520);
    beats(tape, random, 1.05, (start, index) => {
      const pitch = root * (index % 2 === 0 ? 1 : 1.335);
      strike(
        tape,
        start,
        pitch,
        BELL.map(([ratio, loud, long]) => [ratio, loud * level * 1.6, long]),
        random.range(-0.4, 0.4),
      );
    });
  },
  engine(tape, random, level) {
    const idle = random.range(38, 52);
    for (const [ear, channel] of [tape.left, tape.right].entries()) {
      let phase = random.next();
      for (let at = 0; at < channel.length; at++) {
        const t = at / tape.rate;
        phase += (idle * (1 + 0.25 * Math.sin(t * 0.7 + ear * 0.1) + 0.02 * Math.sin(t * 31))) / tape.rate;
        const turn = phase * TAU;
        const stroke =
          Math.sin(turn) + 0.7 * Math.sin(turn * 2) + 0.45 * Math.sin(turn * 3) + 0.3 * Math.sin(turn * 4.5);
        channel[at] = (channel[at] as number) + level * 0.2 * Math.tanh(stroke);
      }
    }
    hiss(tape, random, level * 0.4, { low: 700, high: 90, swell: t => 0.75 + 0.25 * Math.sin(t * idle * 1.1) });
  },
  crowd(tape, random, level) {
    hiss(tape, random, level * 0.4, { low: 650, high: 180, swell: (t, ear) => 0.85 + 0.15 * Math.sin(t * 1.7 + ear) });
    // Syllables: short hummed glides, many of them, none to be understood.
    scatter(tape, random, 34, start => {
      const pitch = random.chance(0.5) ? random.range(110, 170) : random.range(190, 280);
      const vowel = random.pick([2, 3, 4, 5]);
      const pan = random.range(-0.9, 0.9);
      const long = random.range(0.09, 0.22);
      const loud = level * random.range(0.02, 0.075);
      chirp(tape, start, long, pitch, pitch * random.range(0.85, 1.1), loud, pan);
      chirp(tape, start, long, pitch * vowel, pitch * vowel * random.range(0.85, 1.1), loud, pan);
    });
  },
  stream(tape, random, level) {
    hiss(tape, random, level * 0.35, { low: 2600, high: 400, swell: (t, ear) => 0.9 + 0.1 * Math.sin(t * 2.3 + ear) });
    scatter(tape, random, 22, start => {
      const pitch = random.range(500, 1500);
      chirp(tape, start, random.range(0.03, 0.09), pitch, pitch * 1.6, level * 0.11, random.range(-0.9, 0.9));
    });
  },
  explosion(tape, random, level) {
    scatter(tape, random, 0.45, start => {
      burst(tape, random, start, {
        low: 4000,
        high: 300,
        long: 0.35,
        level: level * 0.8,
        pan: random.range(-0.5, 0.5),
      });
      burst(tape, random, start, { low: 120, high: 22, long: 2.4, level: level * 1.9, pan: random.range(-0.3, 0.3) });
    });
  },
  music(tape, random, level) {
    const root = random.pick([196, 220, 246.94]);
    const scale = [1, 1.125, 1.25, 1.5, 1.6667, 2] as const;
    let note = random.whole(0, 5);
    beats(tape, random, 0.33, (start, index) => {
      note = Math.max(0, Math.min(5, note + random.whole(-2, 2)));
      const pitch = root * (scale[note] ?? 1);
      const loud = level * (index % 4 === 0 ? 0.3 : 0.2);
      strike(
        tape,
        start,
        pitch,
        [
          [1, loud, 1.1],
          [2, loud * 0.4, 0.7],
          [3, loud * 0.15, 0.4],
        ],
        random.range(-0.4, 0.4),
      );
    });
  },
} as const satisfies Readonly<Record<string, Voice>>;
