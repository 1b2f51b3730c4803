/**
 * Real time, which can be moved forward. Engines take every timestamp and every timer from here, so a test can let
 * a day pass in a moment: a timer whose time has come fires at once.
 */
export class Clock {
  #ahead = 0;
  readonly #timers = new Set<Timer>();

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Runs `run` once, at `time` (epoch ms) or as soon as possible after it; the answer cancels. Never keeps the process alive. */
  at(time: number, run: () => void): () => void {
    const timer: Timer = { time, run, handle: undefined };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => this.#drop(timer);
  }

  /** Runs `run` once, `ms` from now; the answer cancels. */
  after(ms: number, run: () => void): () => void {
    return this.at(this.now() + ms, run);
  }

  /** Moves time forward by `ms`. */
  advance(ms: number): void {
    this.#ahead += ms;
    for (const timer of this.#timers) this.#arm(timer);
  }

  /** Cancels every timer. */
  stop(): void {
    for (const timer of this.#timers) this.#drop(timer);
  }

  #arm(timer: Timer): void {
    clearTimeout(timer.handle);
    // setTimeout holds 31 bits: a longer wait is taken in steps.
    const wait = Math.min(Math.max(0, timer.time - this.now()), 2 ** 31 - 1);
    timer.handle = setTimeout(() => {
      if (timer.time > this.now()) return this.#arm(timer);
      this.#drop(timer);
      timer.run();
    }, wait);
    timer.handle.unref();
  }

  #drop(timer: Timer): void {
    clearTimeout(timer.handle);
    this.#timers.delete(timer);
  }
}

interface Timer {
  readonly time: number;
  readonly run: () => void;
  handle: NodeJS.Timeout | undefined;
}
