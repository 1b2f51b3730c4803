import { randomBytes } from 'node:crypto';

/** A new `X-Amzn-Trace-Id`, as X-Ray writes it. `now` is in epoch milliseconds. */
export function newTraceHeader(now: number): string {
  const seconds = Math.floor(now / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}
