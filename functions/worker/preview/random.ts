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
