/** Connected parts of a mask: crumbs are swept away and holes are filled. */

/** A part smaller than this share of the largest is a crumb, a hole smaller than this share of the frame is filled. */
const LEAST_PART = 0.05;
const LARGEST_HOLE = 0.012;

/** The mask (0 to 1) with only its main parts. */
export function keepMainParts(mask: Float32Array, columns: number, rows: number): Float32Array {
  const inside = label(mask.length, columns, cell => (mask[cell] as number) > 0.5);
  const largest = Math.max(0, ...inside.sizes);
  const outside = label(mask.length, columns, cell => (mask[cell] as number) <= 0.5);
  return mask.map((value, cell) => {
    const part = inside.parts[cell] as number;
    if (part >= 0) return (inside.sizes[part] as number) < LEAST_PART * largest ? 0 : value;
    const hole = outside.parts[cell] as number;
    return (outside.sizes[hole] as number) < LARGEST_HOLE * columns * rows ? 1 : value;
  });
}

/** The part that each cell for which `holds` belongs to, or -1; and the parts' sizes in cells. */
function label(
  length: number,
  columns: number,
  holds: (cell: number) => boolean,
): { parts: Int32Array; sizes: number[] } {
  const parts = new Int32Array(length).fill(-1);
  const sizes: number[] = [];
  const waiting: number[] = [];
  for (let start = 0; start < length; start++) {
    if (parts[start] !== -1 || !holds(start)) continue;
    const part = sizes.push(0) - 1;
    const visit = (cell: number): void => {
      if (cell < 0 || cell >= length || parts[cell] !== -1 || !holds(cell)) return;
      parts[cell] = part;
      waiting.push(cell);
    };
    visit(start);
    for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
      sizes[part] = (sizes[part] as number) + 1;
      if (cell % columns !== 0) visit(cell - 1);
      if ((cell + 1) % columns !== 0) visit(cell + 1);
      visit(cell - columns);
      visit(cell + columns);
    }
  }
  return { parts, sizes };
}
