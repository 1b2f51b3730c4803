/**
 * A model of one hot item, such as the account on which many videos are started at once: a transaction holds it for some
 * milliseconds, and one that comes meanwhile is cancelled and sent again by the policy. Time is simulated.
 */
import { describe, expect, it } from 'vitest';
import { CONTENTION_RETRIES, contentionPause } from '../../functions/data/contention.ts';

/** A transaction of six writes takes about as long. */
const HELD_MS = 8;

/** How many of so many submissions that arrive within `withinMs` get through before they give up. */
function admitted(submissions: number, policy: { retries: number; pause: (tries: number) => number }): number {
  const random = generator(7);
  const waiting = Array.from({ length: submissions }, () => ({ at: random() * 20, tries: 1 }));
  let freeAt = 0;
  let through = 0;
  while (waiting.length > 0) {
    waiting.sort((one, other) => one.at - other.at);
    const next = waiting.shift();
    if (!next) break;
    if (next.at >= freeAt) {
      freeAt = next.at + HELD_MS;
      through++;
    } else if (next.tries <= policy.retries) {
      // It is told once it came to the item.
      waiting.push({ at: next.at + HELD_MS / 2 + policy.pause(next.tries), tries: next.tries + 1 });
    }
  }
  return through;
}

/** Numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const drawn = generator(11);
const POLICY = {
  retries: CONTENTION_RETRIES,
  pause: (tries: number) => contentionPause(tries, bytes => new Uint8Array(bytes).fill(Math.floor(drawn() * 256))),
};
/** What stood here before: everybody waits as long as everybody else, so those that met meet again. */
const WITHOUT_JITTER = { retries: 8, pause: (tries: number) => 5 * 2 ** tries };

describe('the policy for contention on one hot item', () => {
  it('lets all of 50 submissions at once through', () => {
    expect(admitted(50, POLICY)).toBe(50);
  });

  it('lets most of 500 through, and refuses the others in words', () => {
    expect(admitted(500, POLICY)).toBeGreaterThan(350);
  });

  it('does better than pauses without jitter', () => {
    expect(admitted(50, WITHOUT_JITTER)).toBeLessThan(40);
  });
});
