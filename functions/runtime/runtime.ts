/** From the environment to what handlers need: configuration that is present, a logger, the clock and randomness. */
import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

export const logger = new Logger();
const metrics = new Metrics();

/** Counts an event, or several at once, for dashboards and alarms. */
export function count(event: `Videos${string}` | `Finance${string}` | `Retention${string}`, by = 1): void {
  metrics.singleMetric().addMetric(event, MetricUnit.Count, by);
}

/** The value of an environment variable; throws at start-up where the template forgot it. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the environment variable ${name} is not set: the template must give it`);
  return value;
}

/** All of the environment, for what reads settings that may be left out. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** Epoch milliseconds. */
export const now = (): number => Date.now();

export const random = (bytes: number): Uint8Array => randomBytes(bytes);
