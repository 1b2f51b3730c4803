/** What passes between the engine and the process of one execution environment. */

export interface InvokeMessage {
  readonly requestId: string;
  readonly payload: string;
  /** Epoch milliseconds at which the engine ends the process. */
  readonly deadline: number;
  readonly functionArn: string;
  readonly traceHeader: string;
}

export type EnvironmentMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly text: string }
  /** `rss` is in bytes. */
  | { readonly type: 'answer'; readonly payload: string; readonly rss: number }
  /** The handler threw; the environment lives. */
  | { readonly type: 'error'; readonly error: ErrorReport; readonly rss: number }
  /** The module did not load, or something threw outside the handler; the process ends. */
  | { readonly type: 'fatal'; readonly error: ErrorReport };

export interface ErrorReport {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}
