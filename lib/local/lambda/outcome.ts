/** How one invocation ended, in the shapes that Lambda answers. */

export interface Outcome {
  /** JSON text: what the handler answered, or the error. */
  readonly payload: string;
  readonly functionError: 'Unhandled' | undefined;
}

export interface FunctionErrorBody {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** Six MB is Lambda's limit for a request; an answer may have a hundred bytes more. */
export const LARGEST_REQUEST_BYTES = 6_291_456;
export const LARGEST_ANSWER_BYTES = 6_291_556;

export function failed(error: FunctionErrorBody): Outcome {
  return { payload: JSON.stringify(error), functionError: 'Unhandled' };
}

export function timedOut(requestId: string, seconds: number): Outcome {
  return failed({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  });
}

const SIGNALS: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/** The environment's process ended in the middle of an invocation. */
export function exited(requestId: string, code: number | null, signal: string | null): Outcome {
  const reason = signal ? `signal: ${SIGNALS[signal] ?? signal}` : `exit status ${code}`;
  const what = code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${reason}`;
  return failed({ errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${what}` });
}

export function answered(payload: string): Outcome {
  if (Buffer.byteLength(payload) <= LARGEST_ANSWER_BYTES) return { payload, functionError: undefined };
  return failed({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${LARGEST_ANSWER_BYTES} bytes).`,
  });
}
