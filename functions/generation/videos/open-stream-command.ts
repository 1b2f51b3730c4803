/** Streams a response as one of those that its account may have open at once. */
import { Readable } from 'node:stream';
import { PLANS, type PlanName } from '../../catalogue/plans.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import type { Caller } from '../../http/caller.ts';
import { prefixedId, type Random } from '../../runtime/ids.ts';
import { logger } from '../../runtime/runtime.ts';
import { releaseSlot, type Slot, takeSlot } from './open-streams-store.ts';

export interface StreamDependencies {
  readonly coreTable: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

export interface Wanted {
  /** The longest that the stream can last. */
  readonly seconds: number;
  /** What its caller can do where no more may be open. */
  readonly instead: string;
}

/**
 * Takes a slot and answers how to stream in it: the slot is given back when the stream has ended, or with `close` where
 * there is nothing to stream. Throws a Refusal where the account has as many open as its plan allows.
 */
export async function openStream(
  { coreTable, now, random }: StreamDependencies,
  { accountId, plan: planName }: Pick<Caller, 'accountId' | 'plan'>,
  { seconds, instead }: Wanted,
): Promise<{ stream(parts: AsyncIterable<string | Uint8Array>): Readable; close(): Promise<void> }> {
  const plan = PLANS[planName as PlanName];
  const at = now();
  const slot: Slot = { accountId, slotId: prefixedId('str', at, random), until: at + seconds * 1000 };
  if (!(await takeSlot(coreTable, slot, { limit: plan.openStreams, now: at }))) {
    throw new Refusal(
      'too_many_streams',
      `${plan.openStreams} downloads and event streams are open, as many as plan ${plan.name} allows at once; let one end, or ${instead}`,
    );
  }
  const close = (): Promise<void> => release(coreTable, slot);
  async function* parts(of: AsyncIterable<string | Uint8Array>): AsyncGenerator<string | Uint8Array> {
    try {
      yield* of;
    } finally {
      await close();
    }
  }
  return { stream: of => Readable.from(parts(of)), close };
}

/** What could not be given back is free when its time is over. */
async function release(table: string, slot: Slot): Promise<void> {
  try {
    await releaseSlot(table, slot);
  } catch (error) {
    logger.warn('slot not released', { accountId: slot.accountId, error: error as Error });
  }
}
