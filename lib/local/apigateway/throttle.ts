import type { Clock } from '../clock.ts';
import type { Throttle } from './api.ts';

/** What an account has where a throttle leaves one of the two out. */
const ACCOUNT = { rate: 10_000, burst: 5_000 };

/** Beyond so many buckets those that are full again are dropped: a full one and none are the same. */
const SWEEP_AT = 10_000;

interface Bucket {
  tokens: number;
  at: number;
  readonly throttle: Throttle;
}

/** Token buckets by name: each holds at most `burst`, and gains `rate` a second. */
export class TokenBuckets {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one token; false where there is none. */
  take(name: string, throttle: Throttle): boolean {
    const { rate = ACCOUNT.rate, burst = ACCOUNT.burst } = throttle;
    const now = this.#clock.now();
    if (this.#buckets.size > SWEEP_AT) this.#sweep(now);
    const bucket = this.#buckets.get(name) ?? { tokens: burst, at: now, throttle };
    this.#buckets.set(name, bucket);
    const gained = (Math.max(0, now - bucket.at) / 1000) * rate;
    bucket.tokens = Math.min(burst, bucket.tokens + gained);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #sweep(now: number): void {
    for (const [name, { tokens, at, throttle }] of this.#buckets) {
      const { rate = ACCOUNT.rate, burst = ACCOUNT.burst } = throttle;
      if (tokens + ((now - at) / 1000) * rate >= burst) this.#buckets.delete(name);
    }
  }
}
