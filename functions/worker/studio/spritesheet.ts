/** A clip at a glance: small frames spread evenly over it, in one picture, in reading order. */
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

const SPRITE_COLUMNS = 5;
const SPRITE_ROWS = 4;
/** Pixels of a small frame's long side. */
const LONG_SIDE = 192;
const QUALITY = 80;

export class Spritesheet {
  private readonly context: SKRSContext2D;
  private readonly width: number;
  private readonly height: number;
  /** The frame of each cell; a short clip shows some of its frames several times. */
  private readonly wanted: readonly number[];

  constructor(frames: number, width: number, height: number) {
    const scale = LONG_SIDE / Math.max(width, height);
    this.width = Math.max(1, Math.round(width * scale));
    this.height = Math.max(1, Math.round(height * scale));
    this.context = createCanvas(this.width * SPRITE_COLUMNS, this.height * SPRITE_ROWS).getContext('2d');
    const cells = SPRITE_COLUMNS * SPRITE_ROWS;
    this.wanted = Array.from({ length: cells }, (_, cell) => Math.floor(((cell + 0.5) * frames) / cells));
  }

  /** Shows the finished frame `index` to the sheet. */
  take(index: number, frame: Canvas): void {
    for (let cell = this.wanted.indexOf(index); this.wanted[cell] === index; cell++) {
      const column = cell % SPRITE_COLUMNS;
      const row = Math.floor(cell / SPRITE_COLUMNS);
      this.context.drawImage(frame, column * this.width, row * this.height, this.width, this.height);
    }
  }

  /** The sheet as JPEG. */
  encode(): Buffer {
    return this.context.canvas.encodeSync('jpeg', QUALITY);
  }
}
