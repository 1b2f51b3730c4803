/**
 * Contention on demand: calls are answered as DynamoDB answers them where others write the same items, or where a table
 * is asked for more than it can give. One machine's tables never do that by themselves, as each call is done before the
 * next begins. A call that is refused so has changed nothing.
 *
 * The answers follow from the seed and from which of the calls that it applies to this one is: the same calls in the
 * same order meet the same answers.
 */
import { AwsError } from '../service.ts';
import type { Table } from './storage/table-definition.ts';

export interface ContentionOptions {
  /** A whole number. */
  readonly seed: number;
  /** The share, 0 to 1, of transactions and of writes of one item that meet another transaction. */
  readonly conflictRate: number;
  /** The share, 0 to 1, of calls on items that are throttled. */
  readonly throttleRate: number;
  /** Whose calls; those of roles unless told otherwise, so that an administrator can look on. */
  readonly appliesTo?: (principal: string) => boolean;
}

/** What it has answered so far. */
export interface ContentionCounts {
  readonly calls: number;
  readonly conflicts: number;
  readonly throttles: number;
}

export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

const NONE: ContentionOptions = { seed: 0, conflictRate: 0, throttleRate: 0, appliesTo: () => false };
const CONFLICT = 'Transaction is ongoing for the item';

export class Contention {
  #options = NONE;
  #random = randomFrom(0);
  #counts = { calls: 0, conflicts: 0, throttles: 0 };

  /** Begins anew with these options; without any there is no contention. The counts go on as calls come. */
  set(options: ContentionOptions = NONE): ContentionCounts {
    for (const rate of [options.conflictRate, options.throttleRate]) {
      if (!(rate >= 0 && rate <= 1)) throw new Error(`a rate of contention should be 0 to 1, not ${rate}`);
    }
    this.#options = options;
    this.#random = randomFrom(options.seed);
    this.#counts = { calls: 0, conflicts: 0, throttles: 0 };
    return this.#counts;
  }

  /** Before a read, or a batch: throws where it is throttled. */
  beforeRead(principal: string | undefined, table: Table): void {
    const { throttled } = this.#draw(principal, 1, false);
    if (throttled) throw throttle(table);
  }

  /** Before a write of one item: throws where it is throttled, or meets a transaction. */
  beforeWrite(principal: string | undefined, table: Table): void {
    const { throttled, conflict } = this.#draw(principal, 1, true);
    if (throttled) throw throttle(table);
    if (conflict !== undefined) throw new AwsError('TransactionConflictException', CONFLICT);
  }

  /** Before a transaction on items of these tables: throws where it is cancelled. */
  beforeTransaction(principal: string | undefined, tables: readonly Table[]): void {
    const { throttled, conflict } = this.#draw(principal, tables.length, true);
    if (!throttled && conflict === undefined) return;
    const at = conflict ?? 0;
    const reason = throttled ? throttleReason(tables[at]) : { Code: 'TransactionConflict', Message: CONFLICT };
    throw cancelled(tables.map((_, index) => (index === at ? reason : { Code: 'None' })));
  }

  /** Each call takes three numbers, whatever the rates and whatever comes of it. */
  #draw(
    principal = '',
    items: number,
    canConflict: boolean,
  ): { readonly throttled: boolean; readonly conflict: number | undefined } {
    const { appliesTo = isRole, conflictRate, throttleRate } = this.#options;
    if (!appliesTo(principal)) return { throttled: false, conflict: undefined };
    const [throttleDraw, conflictDraw, itemDraw] = [this.#random(), this.#random(), this.#random()];
    const throttled = throttleDraw < throttleRate;
    const conflicts = !throttled && canConflict && conflictDraw < conflictRate;
    this.#counts.calls += 1;
    this.#counts.throttles += throttled ? 1 : 0;
    this.#counts.conflicts += conflicts ? 1 : 0;
    return { throttled, conflict: conflicts ? Math.floor(itemDraw * items) : undefined };
  }
}

/** The error of a transaction of which nothing was done, with a reason for each of its items. */
export function cancelled(reasons: readonly CancellationReason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

function isRole(principal: string): boolean {
  return /^arn:aws:iam::\d+:role\//.test(principal);
}

/** By its billing mode a table says which of the two it is. */
function throttle(table: Table): AwsError {
  return table.billingMode === 'PAY_PER_REQUEST'
    ? new AwsError('ThrottlingException', ON_DEMAND)
    : new AwsError('ProvisionedThroughputExceededException', PROVISIONED);
}

function throttleReason(table: Table | undefined): CancellationReason {
  return table?.billingMode === 'PAY_PER_REQUEST'
    ? { Code: 'ThrottlingError', Message: ON_DEMAND }
    : { Code: 'ProvisionedThroughputExceeded', Message: PROVISIONED };
}

const ON_DEMAND =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly.';
const PROVISIONED =
  'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.';

/** Numbers from 0 to less than 1, the same ones for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
