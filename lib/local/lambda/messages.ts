/** What passes between the engine and the process of one execution environment. */

export type EngineMessage = InvokeMessage | { readonly type: 'taken' };

export interface InvokeMessage {
  readonly type: 'invoke';
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
  /** A part of a streamed response; the next follows once the engine has said `taken`, so a slow reader slows the handler. */
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  /** The handler has ended its response stream. */
  | { readonly type: 'streamed'; readonly rss: number }
  /** The handler threw; the environment lives. */
  | { readonly type: 'error'; readonly error: ErrorReport; readonly rss: number }
  /** The module did not load, or something threw outside the handler; the process ends. */
  | { readonly type: 'fatal'; readonly error: ErrorReport };

export interface ErrorReport {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}
