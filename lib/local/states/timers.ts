import type { Clock } from '../clock.ts';

/** One timer a key, on the cloud's clock. */
export class Timers {
  readonly #clock: Clock;
  readonly #cancels = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work` at `time` (epoch ms), in place of what the key had. */
  set(key: string, time: number, work: () => void): void {
    this.drop(key);
    const cancel = this.#clock.at(time, () => {
      this.#cancels.delete(key);
      work();
    });
    this.#cancels.set(key, cancel);
  }

  drop(key: string): void {
    this.#cancels.get(key)?.();
    this.#cancels.delete(key);
  }

  clear(): void {
    for (const key of [...this.#cancels.keys()]) this.drop(key);
  }
}
