/** Trees as paths: each function only adds to the current path, so that a whole wood is one fill. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Random } from '../random.ts';

/** A fir or spruce status at `x`, `foot`, `tall` pixels high, with drooping, uneven tiers. */
export function traceConifer(context: SKRSContext2D, x: number, foot: number, tall: number, random: Random): void {
  const tiers = tall > 60 ? 11 : tall > 26 ? 8 : 5;
  const wide = tall * random.range(0.17, 0.24);
  const trunk = tall * 0.022;
  const edge: [number, number][] = [];
  for (let tier = 0; tier < tiers; tier++) {
    const from = tier / tiers;
    const to = (tier + 1) / tiers;
    const reach = wide * (0.08 + 0.92 * to) * random.range(0.78, 1.12);
    edge.push(
      [reach * 0.42, foot - tall + tall * 0.92 * (from + 0.04)],
      [reach, foot - tall + tall * 0.92 * to + tall * 0.015],
    );
  }
  context.moveTo(x, foot - tall);
  for (const [reach, y] of edge) context.lineTo(x + reach, y);
  context.lineTo(x + trunk, foot - tall * 0.06);
  context.lineTo(x + trunk, foot + 1);
  context.lineTo(x - trunk, foot + 1);
  context.lineTo(x - trunk, foot - tall * 0.06);
  for (const [reach, y] of edge.toReversed()) context.lineTo(x - reach * random.range(0.86, 1.1), y);
  context.closePath();
}

/** A leafy tree: a short trunk under a heap of round crowns. */
export function traceLeafy(context: SKRSContext2D, x: number, foot: number, tall: number, random: Random): void {
  const trunk = tall * 0.045;
  context.moveTo(x - trunk, foot + 1);
  context.lineTo(x - trunk * 0.6, foot - tall * 0.5);
  context.lineTo(x + trunk * 0.6, foot - tall * 0.5);
  context.lineTo(x + trunk, foot + 1);
  context.closePath();
  for (let crown = 0; crown < 13; crown++) {
    const angle = random.range(0, Math.PI * 2);
    const away = Math.sqrt(random.next()) * tall * 0.26;
    const size = tall * random.range(0.1, 0.19);
    const cx = x + Math.cos(angle) * away * 1.15;
    const cy = foot - tall * 0.64 + Math.sin(angle) * away * 0.85;
    context.moveTo(cx + size, cy);
    context.arc(cx, cy, size, 0, Math.PI * 2);
  }
}

/** A palm leaning by `lean` (fractions of its height), with hanging fronds. */
export function tracePalm(
  context: SKRSContext2D,
  x: number,
  foot: number,
  tall: number,
  lean: number,
  random: Random,
): void {
  const topX = x + lean * tall;
  const topY = foot - tall;
  const thick = tall * 0.022;
  context.moveTo(x - thick * 1.6, foot);
  context.quadraticCurveTo(x - thick + lean * tall * 0.2, foot - tall * 0.6, topX - thick * 0.7, topY);
  context.lineTo(topX + thick * 0.7, topY);
  context.quadraticCurveTo(x + thick + lean * tall * 0.24, foot - tall * 0.6, x + thick * 1.6, foot);
  context.closePath();
  for (let frond = 0; frond < 10; frond++) {
    const angle = -Math.PI * (0.04 + 0.92 * (frond / 9)) + random.range(-0.12, 0.12);
    const long = tall * random.range(0.34, 0.46);
    const endX = topX + Math.cos(angle) * long;
    const endY = topY + Math.sin(angle) * long * 0.45 + long * 0.42;
    const midX = topX + Math.cos(angle) * long * 0.55;
    const midY = topY + Math.sin(angle) * long * 0.75 - long * 0.06;
    context.moveTo(topX, topY);
    context.quadraticCurveTo(midX, midY, endX, endY);
    context.quadraticCurveTo(midX + tall * 0.01, midY + tall * 0.075, topX, topY + tall * 0.02);
    context.closePath();
  }
}
