/** An execution's history: numbered events, each after another. */
import type { Draft } from './frame.ts';
import type { JsonObject } from './json.ts';
import type { ExecutionRow, ExecutionStatus } from './rows.ts';
import type { Store } from './store.ts';

/** Gives an execution's events their numbers. */
export class History {
  readonly #store: Store;
  readonly #execution: string;
  readonly #now: number;
  #last: number;

  constructor(store: Store, execution: Pick<ExecutionRow, 'arn' | 'last_event'>, now: number) {
    this.#store = store;
    this.#execution = execution.arn;
    this.#last = execution.last_event;
    this.#now = now;
  }

  /** Writes events, each after the one before; answers the last one's number. */
  append(previous: number, drafts: readonly Draft[]): number {
    let before = previous;
    for (const { type, detail } of drafts) {
      const id = ++this.#last;
      const event = { id, previous: before, at: this.#now, type, detail: JSON.stringify(detail) };
      this.#store.insertEvent(this.#execution, event);
      before = id;
    }
    return before;
  }

  /** Keeps the count on the execution's row. */
  save(): void {
    this.#store.updateExecution(this.#execution, { last_event: this.#last });
  }
}

const CLOSING_EVENT = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const;

/** Ends an execution; the branches stay where they stood, for a redrive. `previous` is the event before. */
export function close(
  store: Store,
  history: History,
  execution: ExecutionRow,
  end: { status: Exclude<ExecutionStatus, 'RUNNING'>; output?: string; error?: string; cause?: string },
  previous: number,
  now: number,
): void {
  const { status, output, error, cause } = end;
  const detail: JsonObject =
    output === undefined
      ? { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) }
      : { output, outputDetails: { truncated: false } };
  history.append(previous, [{ type: CLOSING_EVENT[status], detail }]);
  const values = { status, output: output ?? null, error: error ?? null, cause: cause ?? null, stopped_at: now };
  store.updateExecution(execution.arn, values);
}
