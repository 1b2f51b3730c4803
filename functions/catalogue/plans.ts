/**
 * The plans. `requests*` become the API Gateway usage plan, the coarse limit around every call; the rest is enforced
 * exactly, in the admission transaction. Essential's concurrency and credits are PixVerse's (useapi.net, August 2025);
 * every other number is set by us.
 */
import type { Quality, VideoFunction } from './video-request.ts';

export interface Plan {
  readonly name: PlanName;
  /** What it may make; all where absent. */
  readonly functions?: readonly VideoFunction[];
  readonly models?: readonly string[];
  readonly qualities?: readonly Quality[];
  /** Calls a second that a plan's account may make for long, and at once. */
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  /** Calls of any kind a UTC day. */
  readonly requestsPerDay: number;
  /** Videos started a UTC day. */
  readonly generationsPerDay: number;
  /** Videos that may be unfinished at once. */
  readonly concurrency: number;
  /** Downloads and event streams that may be open at once: each holds a function, of which an AWS account has 1,000. */
  readonly openStreams: number;
  /**
   * Weight in the fair queue: the account's jobs wait in so many message groups (generation/fair-queue.ts). No
   * more than two: with more, an account that floods the queue would be felt by one that sends a single job.
   */
  readonly priority: number;
  /**
   * Days that videos and uploads are kept, and the most that a call may ask for. A trial is long enough to be shown to whoever
   * decides about it; a quarter, half a year and a year are what clients of work for others keep a campaign's material for. A
   * full day of Essential's 1,000 clips of 1.3 MB is 117 GB after 90 days, some 3 USD a month of S3.
   */
  readonly retentionDays: number;
  /** Hours within which support answers for the first time, at all hours. */
  readonly supportHours: number;
}

export const PLAN_NAMES = ['trial', 'essential', 'scale', 'enterprise'] as const;
export type PlanName = (typeof PLAN_NAMES)[number];

export const PLANS: Readonly<Record<PlanName, Plan>> = {
  trial: {
    name: 'trial',
    functions: ['text_to_video', 'image_to_video', 'transition', 'sound_effect', 'lip_sync', 'extend'],
    qualities: ['360p', '540p'],
    requestsPerSecond: 2,
    requestBurst: 10,
    requestsPerDay: 2_000,
    generationsPerDay: 20,
    concurrency: 1,
    openStreams: 4,
    priority: 1,
    retentionDays: 30,
    supportHours: 72,
  },
  essential: {
    name: 'essential',
    requestsPerSecond: 10,
    requestBurst: 40,
    requestsPerDay: 50_000,
    generationsPerDay: 1_000,
    concurrency: 5,
    openStreams: 20,
    priority: 1,
    retentionDays: 90,
    supportHours: 24,
  },
  scale: {
    name: 'scale',
    requestsPerSecond: 50,
    requestBurst: 200,
    requestsPerDay: 500_000,
    generationsPerDay: 20_000,
    concurrency: 50,
    openStreams: 50,
    priority: 2,
    retentionDays: 180,
    supportHours: 8,
  },
  enterprise: {
    name: 'enterprise',
    requestsPerSecond: 200,
    requestBurst: 500,
    requestsPerDay: 5_000_000,
    generationsPerDay: 200_000,
    concurrency: 500,
    openStreams: 100,
    priority: 2,
    retentionDays: 365,
    supportHours: 1,
  },
};
