/**
 * Transactions that meet on one item, such as an account on which videos are being started: the later ones are refused and
 * sent again, each after another while that grows, since those that met would meet again. Pure.
 */
import type { Random } from '../runtime/ids.ts';

/** With these pauses the last one is sent after 4.6 seconds on average and 9.3 at most, within the time of any function. */
export const CONFLICT_RETRIES = 15;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 1_000;

/** Milliseconds to wait after this many tries, from none to twice the most of the try before. */
export function conflictPause(tries: number, random: Random): number {
  const [share = 0] = random(1);
  return (Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS) * share) / 255;
}
