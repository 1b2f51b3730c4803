/** A picture seen coarsely: the mean colour of each cell of a grid, which is enough to tell a subject from what is behind it. */
import type { Picture } from './open-picture.ts';

export interface Cells {
  readonly columns: number;
  readonly rows: number;
  /** Three values a cell: brightness, red against green, blue against yellow; each about 0 to 1 wide. */
  readonly colors: Float32Array;
}

export function cellsOf(picture: Picture, longSide: number): Cells {
  const { width, height, pixels } = picture;
  const scale = longSide / Math.max(width, height);
  const columns = Math.max(8, Math.round(width * scale));
  const rows = Math.max(8, Math.round(height * scale));
  const sums = new Float32Array(columns * rows * 3);
  const counts = new Float32Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const row = Math.min(rows - 1, Math.floor((y * rows) / height)) * columns;
    for (let x = 0; x < width; x++) {
      const pixel = pixels[y * width + x] as number;
      const cell = row + Math.min(columns - 1, Math.floor((x * columns) / width));
      const red = (pixel & 255) / 255;
      const green = ((pixel >>> 8) & 255) / 255;
      const blue = ((pixel >>> 16) & 255) / 255;
      sums[cell * 3] = (sums[cell * 3] as number) + 0.3 * red + 0.59 * green + 0.11 * blue;
      sums[cell * 3 + 1] = (sums[cell * 3 + 1] as number) + (red - green) * 0.9;
      sums[cell * 3 + 2] = (sums[cell * 3 + 2] as number) + (blue - (red + green) / 2) * 0.7;
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  return { columns, rows, colors: sums.map((sum, at) => sum / Math.max(1, counts[Math.floor(at / 3)] as number)) };
}
