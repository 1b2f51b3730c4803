/** The rows of `tables.ts` as the engine reads and writes them. */

export interface MachineRow {
  readonly arn: string;
  readonly name: string;
  readonly role_arn: string;
  /** Hash of the definition's text. */
  readonly definition: string;
  readonly created_at: number;
  readonly updated_at: number;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface ExecutionRow {
  readonly seq: number;
  readonly arn: string;
  readonly machine_arn: string;
  readonly name: string;
  readonly role_arn: string;
  /** The definition that it started with, whatever the machine has since. */
  readonly definition: string;
  readonly status: ExecutionStatus;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly started_at: number;
  readonly stopped_at: number | null;
  readonly deadline: number | null;
  readonly redrive_count: number;
  readonly redriven_at: number | null;
  readonly last_event: number;
}

/**
 * What a branch does now:
 * - `pending`: an iteration that waits for its turn under MaxConcurrency
 * - `entering`: its state is next to be entered
 * - `calling`: a Task whose call is in flight
 * - `awaiting`: a Task whose call was answered, and whose token was not
 * - `waiting`: a Wait state, until `wake_at`
 * - `backoff`: before another attempt, until `wake_at`
 * - `joining`: a Map or Parallel state whose branches run
 * - `done`: ended, with `output`; its parent collects it
 * - `failed`: ended by an error that nothing took; a redrive enters its state again
 */
export type Phase =
  | 'pending'
  | 'entering'
  | 'calling'
  | 'awaiting'
  | 'waiting'
  | 'backoff'
  | 'joining'
  | 'done'
  | 'failed';

export interface BranchRow {
  readonly id: number;
  readonly execution: string;
  readonly parent: number | null;
  /** Its place among its siblings; 0 at the top. */
  readonly slot: number;
  /** JSON of `$states.context.Map.Item.Value`; null outside a Map. */
  readonly item: string | null;
  readonly phase: Phase;
  readonly state: string;
  readonly input: string;
  /** JSON object: the variables of this level alone. */
  readonly variables: string;
  readonly output: string | null;
  readonly entered_at: number;
  /** JSON array: how often each retrier of the state was used. */
  readonly used_retries: string;
  /** The live token of a task that waits for one. */
  readonly token: string | null;
  /** The evaluated Arguments of the Task in flight. */
  readonly arguments: string | null;
  readonly wake_at: number | null;
  readonly timeout_at: number | null;
  readonly heartbeat_at: number | null;
  readonly heartbeat_seconds: number | null;
  readonly last_event: number;
}

export interface EventRow {
  readonly id: number;
  readonly previous: number;
  readonly at: number;
  readonly type: string;
  readonly detail: string;
}

export interface TokenRow {
  readonly token: string;
  readonly branch: number;
  readonly execution: string;
  readonly machine_arn: string;
}
