/** Wakes long polls at the moment a message of their queue can be received. */
import type { Clock } from '../clock.ts';

export class Arrivals {
  readonly #clock: Clock;
  readonly #nextDue: (queue: string) => number | undefined;
  readonly #waiting = new Map<string, Set<() => void>>();
  #closed = false;

  /** `nextDue`: when the next message of a queue becomes visible by the clock alone. */
  constructor(clock: Clock, nextDue: (queue: string) => number | undefined) {
    this.#clock = clock;
    this.#nextDue = nextDue;
  }

  /** Says that something about the queue changed: whoever waits looks again. */
  announce(queue: string): void {
    for (const wake of [...(this.#waiting.get(queue) ?? [])]) wake();
  }

  /** Resolves when it is worth looking again, at the latest at `deadline` (epoch ms). */
  async wait(queue: string, deadline: number): Promise<void> {
    if (this.#closed) return;
    const waiting = this.#waiting.get(queue) ?? new Set();
    this.#waiting.set(queue, waiting);
    await new Promise<void>(resolve => {
      const due = Math.min(deadline, this.#nextDue(queue) ?? deadline);
      const cancel = this.#clock.at(due, () => wake());
      const wake = (): void => {
        cancel();
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends every wait, and lets none begin. */
  close(): void {
    this.#closed = true;
    for (const queue of this.#waiting.keys()) this.announce(queue);
  }
}
