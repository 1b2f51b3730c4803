/**
 * The only randomness in the preview engine: a small seeded generator (sfc32). The same seed and the same name give the same numbers on
 * every machine. `fork` gives each part of a scene its own stream, so that adding a draw in one part never moves another.
 */

export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private readonly identity: string;

  constructor(seed: number, name = '') {
    this.identity = `${seed}/${name}`;
    this.a = hash(this.identity, 0x9e3779b9);
    this.b = hash(this.identity, 0x243f6a88);
    this.c = hash(this.identity, 0xb7e15162);
    for (let round = 0; round < 12; round++) this.next();
  }

  /** An independent stream named `name`. */
  fork(name: string): Random {
    return new Random(0, `${this.identity}>${name}`);
  }

  /** A number in [0, 1). */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }

  /** A number in [low, high). */
  range(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number in low..high, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[Math.floor(this.next() * from.length)] ?? from[0];
  }
}

/** 32-bit FNV-1a with a final mix. */
function hash(text: string, basis: number): number {
  let value = basis ^ 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

// Tileable smooth noise, made once and then only looked up: a lookup costs a tenth of computing the noise again.

const AHEAD = 2 ** 19;

/** A square texture of values in about -1..1 that repeats without a seam. */
export class NoiseTexture {
  readonly size: number;
  readonly values: Float32Array;
  private readonly mask: number;

  constructor(size: number, values: Float32Array) {
    this.size = size;
    this.values = values;
    this.mask = size - 1;
  }

  /** Bilinear value at `x`, `y` in texels, each within +-500,000. */
  at(x: number, y: number): number {
    // Moved far to the positive side by a multiple of the size, so that truncation is floor: half the cost of Math.floor.
    const px = x + AHEAD;
    const py = y + AHEAD;
    const left = px | 0;
    const top = py | 0;
    const fx = px - left;
    const fy = py - top;
    const { mask, size, values } = this;
    const x0 = left & mask;
    const x1 = (left + 1) & mask;
    const row0 = (top & mask) * size;
    const row1 = ((top + 1) & mask) * size;
    const a = values[row0 + x0] as number;
    const b = values[row0 + x1] as number;
    const c = values[row1 + x0] as number;
    const d = values[row1 + x1] as number;
    const upper = a + (b - a) * fx;
    return upper + (c + (d - c) * fx - upper) * fy;
  }
}

/** Fractal gradient noise of `size` texels (a power of two); the coarsest octave has `cells` cells across. */
export function fractalNoise(random: Random, size: number, cells: number, octaves: number, gain = 0.5): NoiseTexture {
  const values = new Float32Array(size * size);
  let amplitude = 1;
  let total = 0;
  for (let octave = 0, across = cells; octave < octaves && across <= size / 2; octave++, across *= 2) {
    addGradientNoise(random, values, size, across, amplitude);
    total += amplitude;
    amplitude *= gain;
  }
  // Gradient noise rarely leaves +-0.7 of its amplitude, and octaves rarely agree.
  const scale = 1.55 / total;
  for (let index = 0; index < values.length; index++) values[index] = (values[index] as number) * scale;
  return new NoiseTexture(size, values);
}

function addGradientNoise(random: Random, values: Float32Array, size: number, cells: number, amplitude: number): void {
  const gradients = new Float32Array(cells * cells * 2);
  for (let index = 0; index < gradients.length; index += 2) {
    const angle = random.next() * Math.PI * 2;
    gradients[index] = Math.cos(angle);
    gradients[index + 1] = Math.sin(angle);
  }
  const step = cells / size;
  for (let y = 0; y < size; y++) {
    const gy = y * step;
    const cellY = Math.floor(gy);
    const fy = gy - cellY;
    const wy = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
    const row0 = cellY * cells;
    const row1 = ((cellY + 1) % cells) * cells;
    for (let x = 0; x < size; x++) {
      const gx = x * step;
      const cellX = Math.floor(gx);
      const fx = gx - cellX;
      const wx = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
      const next = (cellX + 1) % cells;
      const a = dot(gradients, row0 + cellX, fx, fy);
      const b = dot(gradients, row0 + next, fx - 1, fy);
      const c = dot(gradients, row1 + cellX, fx, fy - 1);
      const d = dot(gradients, row1 + next, fx - 1, fy - 1);
      const upper = a + (b - a) * wx;
      const at = y * size + x;
      values[at] = (values[at] as number) + amplitude * (upper + (c + (d - c) * wx - upper) * wy);
    }
  }
}

function dot(gradients: Float32Array, cell: number, x: number, y: number): number {
  return (gradients[cell * 2] as number) * x + (gradients[cell * 2 + 1] as number) * y;
}

/** The noises every scene shares, each of 256 texels. */
export interface Noises {
  /** Broad soft shapes: 4 cells, 5 octaves. */
  readonly soft: NoiseTexture;
  /** Even grain of shapes: 16 cells, 4 octaves. */
  readonly fine: NoiseTexture;
}

export function makeNoises(random: Random): Noises {
  return {
    soft: fractalNoise(random.fork('soft'), 256, 4, 5),
    fine: fractalNoise(random.fork('fine'), 256, 16, 4),
  };
}
