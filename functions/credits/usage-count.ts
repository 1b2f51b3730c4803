/** A count of usage: what an account made on one day with one function, model and key. */
export interface UsageCount {
  readonly day: string;
  readonly function: string;
  /** Empty for functions that have no models. */
  readonly model: string;
  readonly keyId: string;
  readonly started?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly cancelled?: number;
  readonly rejected?: number;
  /** Credits: set aside, earned by the platform, given back. */
  readonly held?: number;
  readonly charged?: number;
  readonly released?: number;
  /** Seconds of finished video. */
  readonly seconds?: number;
}

/** The sort key of a day's counts begins so; days sort as text. */
export const usagePrefix = (day: string): string => `USAGE#${day}`;
