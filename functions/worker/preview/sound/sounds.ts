/** The voices of places and weather: each adds itself to the whole of a stereo buffer. All are noise and sines, shaped; none of it is a recording. */
import { clamp } from '../drawing/curves.ts';
import type { Random } from '../drawing/random.ts';
import { burst, chirp, hiss, scatter, seconds, strike, TAU, type Tape } from './instruments.ts';

export type Voice = (tape: Tape, random: Random, level: number) => void;

/** Ratios to the root: major, minor, suspended. */
const CHORDS: readonly [readonly number[], ...(readonly number[])[]] = [
  [1, 1.5, 2, 2.5198],
  [1, 1.4983, 2, 2.3784],
  [1, 1.3348, 2, 2.9966],
];

export const VOICES = {
  waves(tape, random, level) {
    const offset = random.range(0, 6);
    const swell = (t: number, ear: number): number => {
      const wash = 0.5 + 0.5 * Math.sin(t * 0.95 + offset + ear * 0.35);
      return 0.25 + 0.75 * wash ** 2.2;
    };
    hiss(tape, random, level * 0.8, { low: 900, high: 60, swell });
    hiss(tape, random, level * 0.22, { low: 5200, high: 1500, swell: (t, ear) => swell(t - 0.5, ear) ** 2 });
  },
  wind(tape, random, level) {
    const offset = random.range(0, 60);
    const gust = (t: number, ear: number): number =>
      0.55 + 0.25 * Math.sin(t * 0.6 + offset + ear * 0.5) + 0.2 * Math.sin(t * 1.43 + offset * 2);
    hiss(tape, random, level * 0.75, { low: 420, high: 110, swell: gust });
    hiss(tape, random, level * 0.16, { low: 1300, high: 500, swell: (t, ear) => gust(t + 0.3, ear) ** 2 });
  },
  rain(tape, random, level) {
    hiss(tape, random, level * 0.34, { low: 9000, high: 1400, swell: () => 1 });
    hiss(tape, random, level * 0.3, { low: 1200, high: 200, swell: () => 1 });
    scatter(tape, random, 26, start =>
      chirp(
        tape,
        start,
        random.range(0.012, 0.03),
        random.range(1800, 4200),
        900,
        level * random.range(0.03, 0.12),
        random.range(-1, 1),
      ),
    );
  },
  thunder(tape, random, level) {
    for (const strike of [1.0, 5.2, 9.4])
      hiss(tape, random, level, {
        low: 150,
        high: 24,
        swell: t => (t < strike ? 0 : Math.exp(-(t - strike) * 0.95) * (0.7 + 0.3 * Math.sin(t * 17))),
      });
  },
  city(tape, random, level) {
    hiss(tape, random, level * 0.8, { low: 240, high: 40, swell: (t, ear) => 0.8 + 0.2 * Math.sin(t * 0.5 + ear) });
    scatter(tape, random, 0.55, start => {
      const side = random.chance(0.5) ? 1 : -1;
      hiss(tape, random, level * 0.3, {
        low: 900,
        high: 180,
        swell: (t, ear) =>
          Math.exp(-(((t - start) / 0.8) ** 2)) *
          (0.5 + 0.5 * side * (ear === 0 ? -1 : 1) * Math.sin((t - start) * 1.2)),
      });
    });
  },
  birds(tape, random, level) {
    scatter(tape, random, 0.9, start => {
      const pitch = random.range(2400, 4600);
      const pan = random.range(-0.9, 0.9);
      const notes = random.whole(2, 6);
      for (let note = 0; note < notes; note++) {
        const turn = random.range(0.8, 1.3);
        chirp(
          tape,
          start + note * random.range(0.09, 0.16),
          random.range(0.06, 0.12),
          pitch * turn,
          pitch * random.range(0.85, 1.35),
          level * 0.16,
          pan,
          pitch * 0.05,
        );
      }
    });
  },
  crickets(tape, random, level) {
    for (const pan of [-0.7, 0.1, 0.75]) {
      const pitch = random.range(3900, 4700);
      for (let start = random.range(0, 0.4); start < seconds(tape); start += random.range(0.42, 0.62)) {
        for (let pulse = 0; pulse < 3; pulse++)
          chirp(tape, start + pulse * 0.042, 0.04, pitch, pitch * 0.995, level * 0.07, pan);
      }
    }
  },
  fire(tape, random, level) {
    hiss(tape, random, level * 0.4, {
      low: 380,
      high: 50,
      swell: (t, ear) => 0.75 + 0.25 * Math.sin(t * 7.1 + ear) * Math.sin(t * 3.3),
    });
    scatter(tape, random, 15, start =>
      chirp(
        tape,
        start,
        random.range(0.003, 0.014),
        random.range(1500, 5200),
        600,
        level * random.range(0.04, 0.3) ** 1.3,
        random.range(-0.6, 0.6),
      ),
    );
  },
  pad(tape, random, level) {
    const root = random.pick([110, 98, 123.47, 130.81]);
    const chord = random.pick(CHORDS);
    for (const [index, ratio] of chord.entries()) {
      for (const [ear, channel] of [tape.left, tape.right].entries()) {
        const pitch = root * ratio * (1 + (ear === 0 ? -1 : 1) * 0.0013);
        const breath = random.range(0.25, 0.6);
        const phase = random.range(0, TAU);
        const step = (TAU * pitch) / tape.rate;
        for (let at = 0; at < channel.length; at++) {
          const swell = 0.65 + 0.35 * Math.sin((at / tape.rate) * breath + phase);
          const angle = step * at + phase;
          channel[at] =
            (channel[at] as number) +
            level * (0.15 / (1 + index * 0.55)) * swell * (Math.sin(angle) + 0.22 * Math.sin(angle * 2));
        }
      }
    }
  },
} as const satisfies Readonly<Record<string, Voice>>;

export type VoiceName = keyof typeof VOICES;

/** Scales to a peak of `peak` and fades both ends over `fade` seconds. */
export function master(tape: Tape, peak: number, fade: number): void {
  let most = 1e-6;
  for (const channel of [tape.left, tape.right]) for (const value of channel) most = Math.max(most, Math.abs(value));
  const ramp = Math.max(1, Math.min(tape.left.length / 3, fade * tape.rate));
  for (const channel of [tape.left, tape.right]) {
    for (let at = 0; at < channel.length; at++) {
      const edge = clamp(Math.min(at, channel.length - 1 - at) / ramp);
      channel[at] = (channel[at] as number) * (peak / most) * Math.sin((edge * Math.PI) / 2);
    }
  }
}

// The voices of things that happen: steps, bells, machines, people. Each adds itself to the whole of a stereo buffer.

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
