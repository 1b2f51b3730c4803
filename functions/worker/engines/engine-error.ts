/** The one error that neural engines end a job with. The code is stable, the message is for logs. */

export type EngineErrorCode =
  /** It did not end within its deadline. */
  | 'engine_timeout'
  /** It said that the job failed, or will not take it. */
  | 'engine_failed'
  /** It does not accept the worker's key. */
  | 'engine_key_refused'
  | 'engine_out_of_memory'
  /** It forgot the job, and its second life too. */
  | 'engine_lost_job'
  /** What it delivered is no MP4 that can be read. */
  | 'engine_bad_output'
  /** It cannot be reached, answers with server errors, or does not pass its health probe. */
  | 'engine_unreachable'
  | 'aborted';

export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  /** Whether the same job may go better another time. */
  readonly retryable: boolean;

  constructor(code: EngineErrorCode, message: string, options: ErrorOptions & { retryable: boolean }) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable;
  }
}

const OUT_OF_MEMORY = /out of memory|OutOfMemory|ALLOC_FAILED/i;

/** Whether an engine's words mean that its device's memory ran out, after which it may serve nobody any more. */
export function saysOutOfMemory(...words: readonly string[]): boolean {
  return words.some(said => OUT_OF_MEMORY.test(said));
}
