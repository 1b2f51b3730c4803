/** The error names that Step Functions itself gives. */
import { DATA_LIMIT, type Json } from './json.ts';

export const ERROR = {
  all: 'States.ALL',
  taskFailed: 'States.TaskFailed',
  timeout: 'States.Timeout',
  heartbeatTimeout: 'States.HeartbeatTimeout',
  queryEvaluation: 'States.QueryEvaluationError',
  noChoiceMatched: 'States.NoChoiceMatched',
  dataLimitExceeded: 'States.DataLimitExceeded',
  runtime: 'States.Runtime',
} as const;

/** A state's failure: what Retry and Catch look at, and what an execution ends with where neither takes it. */
export class StateFailure extends Error {
  /** The error's name as retriers and catchers match it. */
  readonly error: string;
  readonly failureCause: string | undefined;
  /** Where a JSONata expression failed: the field, such as `Output`. */
  readonly location: string | undefined;

  constructor(error: string, cause?: string, location?: string) {
    super(cause ?? error);
    this.error = error;
    this.failureCause = cause;
    this.location = location;
  }

  /** As AWS reports it: a missed heartbeat can be matched by its own name, but is reported as a timeout. */
  get reported(): string {
    return this.error === ERROR.heartbeatTimeout ? ERROR.timeout : this.error;
  }

  /** `$states.errorOutput`, which is also the default output of a catcher. */
  get output(): Json {
    return { Error: this.reported, ...(this.failureCause === undefined ? {} : { Cause: this.failureCause }) };
  }
}

/** Throws States.DataLimitExceeded where the value's JSON is over 256 KiB; `what` names it in the cause. Answers the JSON. */
export function withinLimit(value: Json, what: string): string {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) <= DATA_LIMIT) return text;
  throw new StateFailure(
    ERROR.dataLimitExceeded,
    `${what} has a size exceeding the maximum number of bytes service limit.`,
  );
}
