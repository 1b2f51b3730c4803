/**
 * What is done about contention, once for every call of DynamoDB: transactions that meet on one item, such as an account
 * on which videos are being started, are refused and sent again, each after another pause that grows, since those that
 * met would meet again. A call that still meets others at the end is refused as `busy`, and nothing was written. Pure.
 */
import { Refusal } from '../catalogue/refusal.ts';
import type { Random } from '../runtime/ids.ts';

/** With these pauses the last try is sent after 4.6 seconds on average and 9.3 at most, within the time of any function. */
export const CONTENTION_RETRIES = 15;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 1_000;

/** Milliseconds to wait after this many tries, from none to twice the most of the try before. */
export function contentionPause(tries: number, random: Random): number {
  const [share = 0] = random(1);
  return (Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS) * share) / 255;
}

/** What the pauses are made with. */
export interface RetryOptions {
  readonly random: Random;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Sends until it meets nobody; throws a Refusal `busy` after the last try, and whatever else went wrong at once. */
export async function retryContention<Result>(
  send: () => Promise<Result>,
  { random, pause }: RetryOptions,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      if (isThrottled(error)) throw busy();
      if (!isConflict(error)) throw error;
      if (tries > CONTENTION_RETRIES) throw busy();
      await pause(contentionPause(tries, random));
    }
  }
}

export function busy(): Refusal {
  return new Refusal('busy', 'many changes of this account at once; send the call again in a moment');
}

interface Failure {
  readonly name?: string;
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

/** Whether others were in the way, and nothing else: a condition that was refused stays refused. */
function isConflict(error: unknown): boolean {
  const { name, CancellationReasons = [] } = error as Failure;
  if (name === 'TransactionConflictException' || name === 'TransactionInProgressException') return true;
  const codes = CancellationReasons.map(({ Code = 'None' }) => Code).filter(code => code !== 'None');
  return name === 'TransactionCanceledException' && codes.length > 0 && codes.every(code => CONTENTION.has(code));
}

const CONTENTION = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** The SDK has sent it again several times already. */
function isThrottled(error: unknown): boolean {
  return ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'].includes(
    (error as Failure).name ?? '',
  );
}
