import type { IncomingHttpHeaders } from 'node:http';

/** What a fake engine does with one job, step by step. Everything left out goes well. */
export interface Plan {
  /** What becomes of the create call. `reply_lost`: the job is taken and the connection cut before the answer. */
  readonly create?: 'reply_lost' | 'no_reply' | 'redirect' | 400 | 403 | 429 | 500 | 503 | 'out_of_memory';
  /** What becomes of the job once it is created. */
  readonly run?:
    | 'hang'
    /** Fails for want of memory; from then on every job stays `in_progress` until the engine is recycled. */
    | 'out_of_memory'
    | 'fail'
    /** An error object without a code, as SGLang answers. */
    | 'fail_without_code'
    /** A status that nobody has heard of, for some polls and then done; or for ever. */
    | 'odd_status'
    | 'odd_for_ever'
    /** The server restarts while it runs: every job is forgotten. */
    | 'restart'
    /** Somebody else cancels it: vLLM-Omni forgets it, SGLang says `cancelled`. */
    | 'cancelled'
    /** Some polls are answered by a server error, or not at all. */
    | 'polls_500'
    | 'polls_cut'
    | 'polls_garbled'
    /** Every other of forty polls is answered by a server error. */
    | 'flicker';
  /** What each download gets; the last repeats. */
  readonly content?: readonly Download[];
}

export type Download =
  | 'whole'
  /** Fewer bytes than announced, then the connection is cut. */
  | 'short'
  /** The announced length is right and the MP4 ends too early. */
  | 'cut_mp4'
  | 'webm'
  | 'odd_codec'
  | 'empty'
  /** A byte every few milliseconds. */
  | 'drip'
  | 'not_ready'
  | 500
  /** SGLang that uploads its clips: 400, and a URL. */
  | 'cloud'
  /** Bytes without end. */
  | 'endless';

/** One call as it came in. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of a form or of a JSON object. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly files: readonly {
    readonly field: string;
    readonly name: string;
    readonly type: string;
    readonly bytes: Buffer;
  }[];
  /** As it stood on the wire. */
  readonly raw: Buffer;
}
